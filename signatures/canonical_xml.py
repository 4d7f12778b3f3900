"""Exclusive C14N without comments (W3C, 2002): XML as signatures cover it."""

import copy
from itertools import pairwise
from typing import Final, TypeAlias

from lxml import etree

__all__ = ["ALGORITHM", "canonical"]

ALGORITHM: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

_Subject: TypeAlias = "etree._Element | etree._ElementTree"


def canonical(
    element: etree._Element, *, whole: bool = False, without: etree._Element | None = None
) -> bytes:
    """An element alone, or the `whole` document it is in: with what stands around the root.

    `without` is an element inside that is left out; one that is not inside changes nothing.
    ValueError if there is no canonical form (a namespace is a relative reference).
    """
    subject: _Subject = element.getroottree() if whole else element
    if without is not None and element in without.iterancestors():
        subject = _copied_without(without, element, subject)
    try:
        return etree.tostring(subject, method="c14n", exclusive=True, with_comments=False)
    except etree.C14NError as error:
        raise ValueError(f"no canonical form: {error}") from None


def _copied_without(
    dropped: etree._Element, element: etree._Element, subject: _Subject
) -> _Subject:
    """A copy of `subject`, which is of `element`, with a comment for what is `dropped`."""
    copied = copy.deepcopy(subject)
    holder = twin = copied if isinstance(copied, etree._Element) else copied.getroot()
    above = [dropped, *dropped.iterancestors()]
    for child, parent in reversed(list(pairwise(above[: above.index(element) + 1]))):
        holder, twin = twin, twin[parent.index(child)]
    comment = etree.Comment()
    comment.tail = twin.tail  # text after the element stays
    holder.replace(twin, comment)
    return copied
