"""XML of strangers is refused before it can do harm, and answers are the same bytes each time."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mocks.core import xml
from mocks.core.http import Refusal

MEGABYTE = 2**20

BILLION_LAUGHS = (
    "<!DOCTYPE a [<!ENTITY l0 'ха'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]><a>&l9;</a>"
)
EXTERNAL_ENTITY = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
EXTERNAL_SUBSET = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'
BEHIND_A_COMMENT = "<?xml version='1.0'?><!-- <a> --><!DOCTYPE a><a/>"


def refusal(document: bytes | str) -> Refusal:
    content = document if isinstance(document, bytes) else document.encode()
    with pytest.raises(Refusal) as raised:
        xml.parsed(content)
    return raised.value


def nested(levels: int) -> str:
    return "<a>" * levels + "</a>" * levels


def wide(attributes: int) -> str:
    given = " ".join(f"b{n}='1'" for n in range(attributes))
    return f"<a {given}/>"


def test_names_namespaces_and_text_are_read() -> None:
    root = xml.parsed('<н:а xmlns:н="urn:x" б="1&amp;2">Ёж<в/></н:а>'.encode())
    assert (root.tag, root.attrib.items(), root.text) == ("{urn:x}а", [("б", "1&2")], "Ёж")
    assert [child.tag for child in root] == ["в"]


@pytest.mark.parametrize(
    "document",
    [b"\xef\xbb\xbf<a/>", b'<?xml version="1.0" encoding="utf-8"?><a/>', b"<?pi x?><!--c--><a/>"],
    ids=["byte order mark", "declaration", "prolog"],
)
def test_what_utf8_documents_begin_with_is_no_matter(document: bytes) -> None:
    assert xml.parsed(document).tag == "a"


@pytest.mark.parametrize(
    "document",
    [BILLION_LAUGHS, EXTERNAL_ENTITY, EXTERNAL_SUBSET, BEHIND_A_COMMENT],
    ids=["entity bomb", "external entity", "external subset", "behind a comment"],
)
def test_a_doctype_is_refused_whatever_is_in_it(document: str) -> None:
    refused = refusal(document)
    assert (refused.status, refused.code) == (400, "xml-doctype")


def test_doctype_in_a_comment_or_text_is_only_text() -> None:
    root = xml.parsed(b"<!--<!DOCTYPE a>--><a><![CDATA[<!DOCTYPE a>]]></a>")
    assert root.text == "<!DOCTYPE a>"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (nested(64), None),
        (nested(65), "xml-too-deep"),
        (f"<a>{'<b/>' * 19_999}</a>", None),
        (f"<a>{'<b/>' * 20_000}</a>", "xml-too-many"),
        (wide(256), None),
        (wide(257), "xml-too-many"),
        (f"<a>{'b' * (MEGABYTE - 7)}</a>", None),
    ],
    ids=["deep", "too deep", "many", "too many", "wide", "too wide", "large"],
)
def test_limits_hold_from_the_first_above_them(document: str, code: str | None) -> None:
    if code is None:
        assert xml.parsed(document.encode()).tag == "a"
    else:
        refused = refusal(document)
        assert (refused.status, refused.code) == (400, code)


def test_one_byte_above_a_megabyte_is_too_large() -> None:
    refused = refusal(f"<a>{'b' * (MEGABYTE - 6)}</a>")
    assert (refused.status, refused.code) == (413, "xml-too-large")


@pytest.mark.parametrize(
    "document",
    [
        "<a>Ё</a>".encode("cp1251"),
        '<?xml version="1.0" encoding="windows-1251"?><a/>'.encode("cp1251"),
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
        b"<a>\xed\xa0\x80</a>",
    ],
    ids=["letters", "declared", "utf-7", "utf-16", "surrogate"],
)
def test_another_encoding_than_utf8_is_refused(document: bytes) -> None:
    refused = refusal(document)
    assert (refused.status, refused.code) == (400, "xml-bad-encoding")


@pytest.mark.parametrize(
    "document",
    ["", " ", "<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a>&nbsp;</a>", "<н:а/>", "<a>\0</a>"],
)
def test_what_is_not_well_formed_is_refused_with_its_place(document: str) -> None:
    refused = refusal(document)
    assert (refused.status, refused.code) == (400, "xml-malformed")
    assert "строка 1, знак " in refused.message


def test_the_place_of_a_mistake_is_its_line_and_column() -> None:
    assert refusal("<a>\n  </b>").message == "XML не разбирается: строка 2, знак 5"


@pytest.mark.parametrize(
    "document",
    [BILLION_LAUGHS.encode(), b"<a>" * (MEGABYTE // 3), b"<a/>" * (50 * MEGABYTE // 4)],
    ids=["entity bomb", "nesting", "50 MB"],
)
def test_hostile_documents_are_refused_in_bounded_memory(document: bytes) -> None:
    tracemalloc.start()
    try:
        refusal(document)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEGABYTE + 2**16  # a decoded copy of an ordinary document at most


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode()))
def test_any_bytes_are_parsed_or_refused(document: bytes) -> None:
    try:
        read = xml.serialized(xml.parsed(document))
    except Refusal as refused:
        read = refused.code.encode()
    assert read.startswith((b"<?xml ", b"xml-"))


def test_an_answer_is_a_document_in_utf8() -> None:
    root = etree.Element("{urn:x}а", {"в": "1", "б": "«2»"}, {"ns1": "urn:x"})
    etree.SubElement(root, "{urn:x}г").text = "<&"
    answer = xml.xml_answer(root, 201)
    assert (answer.status, answer.media_type) == (201, "application/xml; charset=utf-8")
    assert answer.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ns1:а xmlns:ns1="urn:x" в="1" б="«2»"><ns1:г>&lt;&amp;</ns1:г></ns1:а>'
    )


def test_a_document_read_and_written_is_the_same() -> None:
    content = '<?xml version="1.0" encoding="UTF-8"?>\n<а xmlns="urn:x"><б в="1"/> текст</а>'
    assert xml.serialized(xml.parsed(content.encode())) == content.encode()
