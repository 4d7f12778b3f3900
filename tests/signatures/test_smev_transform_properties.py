"""What the СМЭВ transform does not see, and that it sees all else.

A document is drawn as a tree of what it means and written down in many ways: other prefixes, other
places of declarations, other order of attributes, indents, comments, instructions.
"""

import random
from dataclasses import dataclass, replace
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from signatures.canonical_xml import canonical
from signatures.smev_transform import transformed

Name: TypeAlias = tuple[str, str]  # namespace, local name

NAMESPACES = ("u:1", "u:2", "http://test/3")
PREFIXES = ("", "a", "b", "ns1", "ns2")
LETTERS = "abABя"
BLANK = " \t\r\n"

names = st.tuples(st.sampled_from(NAMESPACES), st.sampled_from(LETTERS))
attribute_names = st.tuples(st.sampled_from(("", *NAMESPACES)), st.sampled_from(LETTERS))
values = st.text(
    st.sampled_from("xy<>&]\"' \t\r\n\N{NO-BREAK SPACE}\N{GRINNING FACE}"), max_size=15
)
texts = values.filter(lambda text: text.strip(BLANK) != "")


@dataclass(frozen=True)
class Node:
    """An element: texts among its children are not blank, and no two stand side by side."""

    name: Name
    attributes: frozenset[tuple[Name, str]]
    children: tuple["Node | str", ...]


def node(name: Name, attributes: dict[Name, str], children: list["Node | str"]) -> Node:
    apart: list[Node | str] = []
    for child in children:
        if apart and isinstance(child, str) and isinstance(apart[-1], str):
            apart[-1] += child
        else:
            apart.append(child)
    return Node(name, frozenset(attributes.items()), tuple(apart))


attributes = st.dictionaries(attribute_names, values, max_size=3)
trees = st.recursive(
    st.builds(node, names, attributes, st.lists(texts, max_size=1)),
    lambda inner: st.builds(node, names, attributes, st.lists(inner | texts, max_size=4)),
    max_leaves=12,
)
hands = st.builds(random.Random, st.integers(0, 2**32))
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Scribe:
    """Writes a tree in one of the many ways, as a random `hand` goes."""

    def __init__(self, hand: random.Random) -> None:
        self._hand = hand

    def document(self, tree: Node) -> bytes:
        return self._element(tree, {}).encode()

    def _element(self, tree: Node, scope: dict[str, str]) -> str:
        qualified = {space for (space, _), _ in tree.attributes if space}
        declared = self._declarations({tree.name[0]} | qualified, qualified, scope)
        scope = scope | declared
        written = [
            *(f'xmlns{":" * bool(prefix)}{prefix}="{space}"' for prefix, space in declared.items()),
            *(
                f"{self._named(name, scope, attribute=True)}={self._quoted(value)}"
                for name, value in tree.attributes
            ),
        ]
        self._hand.shuffle(written)
        tag = self._named(tree.name, scope)
        return f"<{' '.join([tag, *written])}>{self._content(tree, scope)}</{tag}>"

    def _declarations(
        self, needed: set[str], with_prefix: set[str], scope: dict[str, str]
    ) -> dict[str, str]:
        """What is declared here: at random anything, and whatever is lacking."""
        declared = {
            prefix: self._hand.choice(NAMESPACES)
            for prefix in PREFIXES
            if self._hand.random() < 1 / 4
        }
        for space in sorted(needed):
            seen = {prefix for prefix, bound in (scope | declared).items() if bound == space}
            if not seen - {""} if space in with_prefix else not seen:
                declared[f"p{NAMESPACES.index(space)}"] = space
        return declared

    def _named(self, name: Name, scope: dict[str, str], *, attribute: bool = False) -> str:
        space, local = name
        if not space:
            return local
        prefixes = [p for p, bound in scope.items() if bound == space and (p or not attribute)]
        prefix = self._hand.choice(prefixes)
        return f"{prefix}:{local}" if prefix else local

    def _quoted(self, value: str) -> str:
        return quoteattr(value, {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})

    def _content(self, tree: Node, scope: dict[str, str]) -> str:
        pieces = [self._between(tree, 0)]
        for at, child in enumerate(tree.children, start=1):
            pieces.append(
                self._text(child) if isinstance(child, str) else self._element(child, scope)
            )
            pieces.append(self._between(tree, at))
        return "".join(pieces)

    def _between(self, tree: Node, at: int) -> str:
        """Nothing, instructions and comments; also blanks, unless they would become text."""
        beside = tree.children[max(at - 1, 0) : at + 1]
        blanks = [] if any(isinstance(each, str) for each in beside) else ["\n  ", "\t", " \r\n"]
        marks = ["", "<!-- > & -->", "<?p i?>", *blanks]
        return "".join(self._hand.choices(marks, k=self._hand.randrange(3)))

    def _text(self, text: str) -> str:
        at = self._hand.randrange(len(text) + 1)
        return "<!-- -->".join(escape(half, {"\r": "&#13;"}) for half in (text[:at], text[at:]))


def form(document: bytes) -> bytes:
    return transformed(canonical(etree.fromstring(document)))


def form_of(tree: Node) -> bytes:
    return form(Scribe(random.Random(0)).document(tree))


def read(element: etree._Element) -> Node:
    """What a document means, without what the transform is to drop."""

    def name(tag: str) -> Name:
        qualified = etree.QName(tag)
        return qualified.namespace or "", qualified.localname

    texts = [element.text, *(child.tail for child in element)]
    children: list[Node | str] = []
    for text, child in zip(texts, [*element, None], strict=True):
        if text and text.strip(BLANK):
            children.append(text)
        if child is not None:
            children.append(read(child))
    return node(
        name(element.tag), {name(str(key)): str(value) for key, value in element.items()}, children
    )


@at_leisure
@given(trees, hands, hands)
def test_documents_that_mean_the_same_have_one_form(
    tree: Node, hand: random.Random, other_hand: random.Random
) -> None:
    assert form(Scribe(hand).document(tree)) == form(Scribe(other_hand).document(tree))


@at_leisure
@given(trees, hands)
def test_form_means_what_the_document_means(tree: Node, hand: random.Random) -> None:
    assert read(etree.fromstring(form(Scribe(hand).document(tree)))) == tree


@at_leisure
@given(trees, hands)
def test_form_of_a_form_is_itself(tree: Node, hand: random.Random) -> None:
    once = form(Scribe(hand).document(tree))
    assert form(once) == transformed(once) == once


@at_leisure
@given(trees, trees)
def test_documents_of_one_form_mean_the_same(tree: Node, other: Node) -> None:
    assert (form_of(tree) == form_of(other)) == (tree == other)


@at_leisure
@given(trees, st.data())
def test_any_change_of_meaning_changes_the_form(tree: Node, data: st.DataObject) -> None:
    changed = altered(tree, data)
    assume(changed != tree)
    assert form_of(changed) != form_of(tree)


def altered(tree: Node, data: st.DataObject) -> Node:
    """The tree with one thing done to one of its elements."""
    nodes = [(at, child) for at, child in enumerate(tree.children) if isinstance(child, Node)]
    if nodes and data.draw(st.integers(0, 2)) > 0:
        at, child = data.draw(st.sampled_from(nodes))
        return with_children(
            tree, [*tree.children[:at], altered(child, data), *tree.children[at + 1 :]]
        )
    return data.draw(st.sampled_from(ALTERATIONS))(tree, data)


def with_children(tree: Node, children: list[Node | str]) -> Node:
    return node(tree.name, dict(tree.attributes), children)


def with_another_name(tree: Node, data: st.DataObject) -> Node:
    return replace(tree, name=data.draw(names))


def with_other_attributes(tree: Node, data: st.DataObject) -> Node:
    kept = dict(sorted(tree.attributes))
    for name in list(kept)[:1]:
        del kept[name]
    return replace(tree, attributes=frozenset((kept | data.draw(attributes)).items()))


def with_another_value(tree: Node, data: st.DataObject) -> Node:
    return replace(
        tree, attributes=frozenset((name, data.draw(values)) for name, _ in sorted(tree.attributes))
    )


def with_another_text(tree: Node, data: st.DataObject) -> Node:
    return with_children(
        tree, [data.draw(texts) if isinstance(each, str) else each for each in tree.children]
    )


def with_children_in_another_order(tree: Node, data: st.DataObject) -> Node:
    return with_children(tree, data.draw(st.permutations(tree.children)))


def without_a_child(tree: Node, data: st.DataObject) -> Node:
    return with_children(tree, list(tree.children[1:]))


def with_one_more_child(tree: Node, data: st.DataObject) -> Node:
    return with_children(tree, [*tree.children, data.draw(trees | texts)])


ALTERATIONS = (
    with_another_name,
    with_other_attributes,
    with_another_value,
    with_another_text,
    with_children_in_another_order,
    without_a_child,
    with_one_more_child,
)
