"""The СМЭВ transform: vectors written by hand, whole bytes each, and the refusals."""

import pytest
from lxml import etree

from signatures.canonical_xml import canonical
from signatures.smev_transform import Untransformable, transformed

TYPES = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/1.2"
BASIC = "urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.2"


def form(xml: str) -> str:
    """The signed form of a document's root."""
    return transformed(canonical(etree.fromstring(xml.encode()))).decode()


def form_of_text(text: str) -> str:
    """How text is written that a document says by character references alone."""
    references = "".join(f"&#{ord(character)};" for character in text)
    return form(f'<a xmlns="u:1">{references}</a>')[
        len('<ns1:a xmlns:ns1="u:1">') : -len("</ns1:a>")
    ]


def form_of_value(value: str) -> str:
    """How an attribute's value is written."""
    references = "".join(f"&#{ord(character)};" for character in value)
    return form(f'<a xmlns="u:1" q="{references}"/>')[
        len('<ns1:a xmlns:ns1="u:1" q="') : -len('"></ns1:a>')
    ]


def test_message_of_smev_has_the_form_written_by_hand() -> None:
    message = f"""
<t:SenderProvidedRequestData xmlns:t="{TYPES}" xmlns="{BASIC}" xmlns:unused="urn:unused"
    Id="SIGNED_BY_CALLER">
  <t:MessageID>6e2b7c0e-2f6b-11f0-9c4e-0242ac120002</t:MessageID>
  <!-- содержание -->
  <MessagePrimaryContent>
    <v:Запрос xmlns:v="urn://poligon/test/1.0" ИдДок="7" v:вид='"срочный"'>
      <v:ФИО> Ким  Анна </v:ФИО>
      <v:Отчество/>
    </v:Запрос>
  </MessagePrimaryContent>
  <?handler off?>
  <t:TestMessage></t:TestMessage>
</t:SenderProvidedRequestData>""".lstrip()
    assert form(message) == (
        f'<ns1:SenderProvidedRequestData xmlns:ns1="{TYPES}" Id="SIGNED_BY_CALLER">'
        "<ns1:MessageID>6e2b7c0e-2f6b-11f0-9c4e-0242ac120002</ns1:MessageID>"
        f'<ns2:MessagePrimaryContent xmlns:ns2="{BASIC}">'
        '<ns3:Запрос xmlns:ns3="urn://poligon/test/1.0" ns3:вид="&quot;срочный&quot;" ИдДок="7">'
        "<ns3:ФИО> Ким  Анна </ns3:ФИО>"
        "<ns3:Отчество></ns3:Отчество>"
        "</ns3:Запрос>"
        "</ns2:MessagePrimaryContent>"
        "<ns1:TestMessage></ns1:TestMessage>"
        "</ns1:SenderProvidedRequestData>"
    )


def test_element_signed_inside_an_envelope_has_the_form_it_has_alone() -> None:
    inside = etree.fromstring(
        b'<S:Body xmlns:S="u:soap" xmlns:a="u:1" S:x="1"> <a:b a:c="1"> x </a:b>tail</S:Body>'
    )[0]
    assert transformed(canonical(inside)) == b'<ns1:b xmlns:ns1="u:1" ns1:c="1"> x </ns1:b>'


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        pytest.param(
            '<a xmlns="u:1" xmlns:p="u:2" xmlns:q="u:3"><b/><p:c><q:d/></p:c></a>',
            '<ns1:a xmlns:ns1="u:1"><ns1:b></ns1:b>'
            '<ns2:c xmlns:ns2="u:2"><ns3:d xmlns:ns3="u:3"></ns3:d></ns2:c></ns1:a>',
            id="declared where first used, in the order of use",
        ),
        pytest.param(
            '<a xmlns="u:1" xmlns:p="u:2"><p:b/><p:c/><p:d><p:e/></p:d></a>',
            '<ns1:a xmlns:ns1="u:1"><ns2:b xmlns:ns2="u:2"></ns2:b><ns3:c xmlns:ns3="u:2"></ns3:c>'
            '<ns4:d xmlns:ns4="u:2"><ns4:e></ns4:e></ns4:d></ns1:a>',
            id="declared anew beside an element that has it, by the next number",
        ),
        pytest.param(
            '<a xmlns="u:1" xmlns:p="u:2" p:x="1"><p:b/><p:c/></a>',
            '<ns1:a xmlns:ns1="u:1" xmlns:ns2="u:2" ns2:x="1">'
            "<ns2:b></ns2:b><ns2:c></ns2:c></ns1:a>",
            id="declared for an attribute, it serves the elements below",
        ),
        pytest.param(
            '<p:a xmlns:p="u:1"><q:b xmlns:q="u:1" q:x="1"/><b xmlns="u:1"/></p:a>',
            '<ns1:a xmlns:ns1="u:1"><ns1:b ns1:x="1"></ns1:b><ns1:b></ns1:b></ns1:a>',
            id="two prefixes of one namespace are one",
        ),
        pytest.param(
            '<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"/></p:a>',
            '<ns1:a xmlns:ns1="u:1"><ns2:b xmlns:ns2="u:2"></ns2:b></ns1:a>',
            id="one prefix of two namespaces is two",
        ),
        pytest.param(
            '<ns2:a xmlns:ns2="u:1"><ns1:b xmlns:ns1="u:2"/></ns2:a>',
            '<ns1:a xmlns:ns1="u:1"><ns2:b xmlns:ns2="u:2"></ns2:b></ns1:a>',
            id="prefixes that look like its own",
        ),
    ],
)
def test_namespaces(xml: str, expected: str) -> None:
    assert form(xml) == expected


def test_attributes_go_by_namespace_then_name_and_declarations_by_those_attributes() -> None:
    xml = (
        '<m:a xmlns:m="u:m" xmlns:z="u:a" xmlns:y="u:z" xmlns:x="u:b"'
        ' b="1" y:a="2" B="3" m:c="4" z:b="5" z:a="6" я="7" x:q="8" a="9"/>'
    )
    assert form(xml) == (
        '<ns1:a xmlns:ns1="u:m" xmlns:ns2="u:a" xmlns:ns3="u:b" xmlns:ns4="u:z"'
        ' ns2:a="6" ns2:b="5" ns3:q="8" ns1:c="4" ns4:a="2" B="3" a="9" b="1" я="7"></ns1:a>'
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ""),
        (" \t\n", ""),
        ("&#13;\n", ""),
        ("&#160;", "\N{NO-BREAK SPACE}"),
        (" x\n", " x\n"),
        ("<![CDATA[ ]]>", ""),
        ("<![CDATA[<&>]]>", "&lt;&amp;>"),
        ("a<!-- comment --> b", "a b"),
        (" <!-- comment -->b", " b"),
        ("<?one?> b", " b"),
        (" <?one?>b", "b"),
        ("a<?one?> <?two?>\nb", "a\nb"),
    ],
)
def test_content(content: str, expected: str) -> None:
    assert form(f'<a xmlns="u:1">{content}</a>') == f'<ns1:a xmlns:ns1="u:1">{expected}</ns1:a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<&\r\"'\t\n", "&lt;&amp;&#xd;\"'\t\n"),
        # Up to 11 characters: `>` is escaped as the first one and after `]`.
        (">", "&gt;"),
        (">>", "&gt;>"),
        ("a>b", "a>b"),
        ("]>>", "]&gt;>"),
        ("]]>", "]]&gt;"),
        ("<>&>\r>", "&lt;>&amp;>&#xd;>"),
        (f"<>{9 * 'x'}", f"&lt;>{9 * 'x'}"),
        # From 12 characters: after an escaped one, too.
        (f"<>{10 * 'x'}", f"&lt;&gt;{10 * 'x'}"),
        (f">>{10 * 'x'}>>", f"&gt;&gt;{10 * 'x'}>>"),
        (f"]>>{10 * 'x'}", f"]&gt;&gt;{10 * 'x'}"),
        (f"&>>\r>{10 * 'x'}", f"&amp;&gt;&gt;&#xd;&gt;{10 * 'x'}"),
        # A character beyond the first plane is two units.
        (f"<>{8 * 'x'}\N{GRINNING FACE}", f"&lt;&gt;{8 * 'x'}\N{GRINNING FACE}"),
        (f"<>{7 * 'x'}\N{GRINNING FACE}", f"&lt;>{7 * 'x'}\N{GRINNING FACE}"),
        # And as the first of 512.
        (f"{511 * 'x'}>>", f"{511 * 'x'}>&gt;"),
        (f"{512 * 'x'}>>x>", f"{512 * 'x'}&gt;&gt;x>"),
        (f"{1024 * 'x'}>", f"{1024 * 'x'}&gt;"),
        (f"{1025 * 'x'}>", f"{1025 * 'x'}>"),
        (f"{510 * 'x'}\N{GRINNING FACE}>", f"{510 * 'x'}\N{GRINNING FACE}&gt;"),
        (f"{511 * 'x'}\N{GRINNING FACE}>", f"{511 * 'x'}\N{GRINNING FACE}>"),
    ],
)
def test_escapes_in_text(text: str, expected: str) -> None:
    assert form_of_text(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('<&"\t\n\r', "&lt;&amp;&quot;&#x9;&#xa;&#xd;"),
        (">]>'  x ", ">]>'  x "),
        ("", ""),
        (f"&>{600 * 'я'}>", f"&amp;>{600 * 'я'}>"),
    ],
)
def test_escapes_in_values(value: str, expected: str) -> None:
    assert form_of_value(value) == expected


def test_namespace_is_escaped_like_a_value() -> None:
    written = transformed(b'<a xmlns="u:1?b=2&amp;c>&quot;"></a>')
    assert written == b'<ns1:a xmlns:ns1="u:1?b=2&amp;c>&quot;"></ns1:a>'


@pytest.mark.parametrize(
    "canonical_xml",
    [
        "<a></a>",
        '<a xmlns="u:1"><b xmlns=""></b></a>',
        '<a xmlns="u:1" xml:lang="ru"></a>',
        '<a xmlns="u:1"><b xml:space="preserve"> </b></a>',
        "",
        "<",
        '<a xmlns="u:1">',
        '<p:a xmlns="u:1"></p:a>',
        '<a xmlns="u:1"></a><a xmlns="u:1"></a>',
    ],
)
def test_what_smev_cannot_write_is_refused(canonical_xml: str) -> None:
    with pytest.raises(Untransformable):
        transformed(canonical_xml.encode())


def test_any_depth_is_transformed() -> None:
    deep = 20_000
    xml = f'<a xmlns="u:1">{deep * "<a>"}x{deep * "</a>"}</a>'
    expected = f'<ns1:a xmlns:ns1="u:1">{deep * "<ns1:a>"}x{deep * "</ns1:a>"}</ns1:a>'
    assert transformed(xml.encode()).decode() == expected


def test_long_text_is_one_text() -> None:
    text = 100_000 * "я" + 100_000 * " \n" + "."
    assert form(f'<a xmlns="u:1">{text}</a>') == f'<ns1:a xmlns:ns1="u:1">{text}</ns1:a>'
