"""PDF files of Russian text: whole, paged, readable by programs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from world.pdf import text_pdf

LINES_OF_A_PAGE = 53  # (842 - 2 × 50) / 14 points


def shown(file: bytes) -> list[list[str]]:
    """Lines of each page, read through the file's own map of codes to letters."""
    letters = dict(re.findall(rb"^<([0-9A-F]{2})> <([0-9A-F]{4})>$", file, re.MULTILINE))
    assert len(letters) == 128

    def letter(code: int) -> str:
        return chr(code) if code < 128 else chr(int(letters[b"%02X" % code], 16))

    pages = re.findall(rb"BT (.+?)ET", file, re.DOTALL)
    return [
        [
            "".join(letter(code) for code in bytes.fromhex(line.decode()))
            for line in re.findall(rb"<([0-9a-f]*)> Tj", page)
        ]
        for page in pages
    ]


def test_russian_text_can_be_read_back() -> None:
    assert shown(text_pdf(["Ёж № 1 — «А»", "", "z"])) == [["Ёж № 1 — «А»", "", "z"]]


def test_letters_of_other_alphabets_become_question_marks() -> None:
    assert shown(text_pdf(["a漢b"])) == [["a?b"]]


def test_lines_of_more_than_82_characters_are_wrapped_between_words() -> None:
    (lines,) = shown(text_pdf(["слово " * 20, "д" * 83]))
    assert lines == [" ".join(["слово"] * 13), " ".join(["слово"] * 7), "д" * 82, "д"]


@pytest.mark.parametrize(
    ("lines", "pages"), [(0, 1), (1, 1), (LINES_OF_A_PAGE, 1), (LINES_OF_A_PAGE + 1, 2)]
)
def test_a_page_has_53_lines(lines: int, pages: int) -> None:
    file = text_pdf(["a"] * lines)
    assert len(shown(file)) == pages
    assert f"/Count {pages} >>".encode() in file


@given(st.lists(st.text(max_size=100), max_size=120))
def test_the_table_of_a_file_leads_to_its_objects_and_streams_have_their_length(
    lines: list[str],
) -> None:
    file = text_pdf(lines)
    start = re.search(rb"startxref\n(\d+)\n%%EOF\n$", file)
    assert start is not None
    table = file[int(start[1]) :]
    places = re.findall(rb"^(\d{10}) 00000 n $", table, re.MULTILINE)
    header = re.match(rb"xref\n0 (\d+)\n0000000000 65535 f \n", table)
    assert header is not None
    assert int(header[1]) == len(places) + 1
    for number, place in enumerate(places, 1):
        assert file[int(place) :].startswith(b"%d 0 obj\n" % number)
    for length, content in re.findall(
        rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", file, re.DOTALL
    ):
        assert int(length) == len(content)
