"""What a file is by its content."""

import io
import zipfile

import pytest

from portal.documents.file_kind import kind_of
from world.file_formats import FILE_FORMATS, FileFormat, file_content


@pytest.mark.parametrize("kind", FILE_FORMATS)
def test_files_of_every_format_are_known_by_their_content(kind: FileFormat) -> None:
    assert kind_of(file_content(kind, ["Устав"])) == kind


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, "")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain text",
        b"MZ\x90\x00",
        b"PK\x03\x04 and no archive",
        zipped("word/document.xml"),
        zipped("[Content_Types].xml"),
        zipped("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
        b"GIF89a" + bytes(100),
        b"<document><line></document>",
        b'<!DOCTYPE d [<!ENTITY e "e">]><d>&e;</d>',
        b"<",
    ],
)
def test_anything_else_is_of_no_known_format(content: bytes) -> None:
    assert kind_of(content) is None


def test_a_package_is_told_by_its_parts_in_any_order() -> None:
    assert kind_of(zipped("xl/workbook.xml", "a", "[Content_Types].xml")) == "xlsx"


@pytest.mark.parametrize("kind", FILE_FORMATS)
def test_a_file_that_is_cut_anywhere_is_its_own_kind_or_none(kind: FileFormat) -> None:
    content = file_content(kind, ["Устав"])
    assert {kind_of(content[:end]) for end in range(len(content))} <= {kind, None}


def test_a_package_with_a_broken_directory_is_none() -> None:
    content = bytearray(file_content("docx", ["Устав"]))
    directory = content.rindex(b"PK\x01\x02")
    for place in range(directory, len(content)):
        broken = bytes(content[:place]) + b"\xff" + bytes(content[place + 1 :])
        assert kind_of(broken) in ("docx", None)
