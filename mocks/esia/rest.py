"""What the REST service has in common: the marker, collections, links, entity tags."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from mocks.core.service import Call
from mocks.esia.addresses import base_url
from mocks.esia.errors import rest_refusal
from mocks.esia.grants import Grant
from mocks.esia.markers import Markers

__all__ = [
    "Element",
    "allowed",
    "bearer_grant",
    "collection",
    "embedded",
    "oid_of",
    "stamped",
]

Element: TypeAlias = tuple[str, dict[str, Any]]
"""The path of an element of a collection, and its body."""

_VERSION: Final = re.compile(r"-[0-9]+$")
_LONGEST_OID: Final = 10  # digits


def bearer_grant(call: Call) -> Grant:
    """What the marker of the request stands for; Refusal 401 as of `Markers.granted`."""
    scheme, _, token = (call.request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer":
        raise rest_refusal("ESIA-005011")
    return call.tenant.state(Markers).granted(token.strip(), call.now_us)


def allowed(grant: Grant, oid: int, names: Iterable[str]) -> frozenset[str]:
    """Which of the areas `names` the marker opens for that account; Refusal 403 ESIA-005029 if
    none."""
    wanted = frozenset(names)
    found = {scope.name for scope in grant.scopes if scope.oid == oid and scope.name in wanted}
    if not found:
        raise rest_refusal("ESIA-005029")
    return frozenset(found)


def oid_of(text: str) -> int:
    """The number of an account in a path; -1, which is nobody's, for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_OID
    return int(text) if is_number else -1


def embedded(call: Call) -> frozenset[str]:
    """What the query asks to be put in: `embed=(contacts.elements-1,documents.elements-1)`."""
    text = (call.request.parameter("embed") or "").strip().removeprefix("(").removesuffix(")")
    return frozenset(_VERSION.sub("", part.strip()) for part in text.split(","))


def collection(call: Call, elements: Sequence[Element], is_embedded: bool) -> dict[str, Any]:
    """Elements themselves, or links to them."""
    shown = [body if is_embedded else f"{base_url(call)}{path}" for path, body in elements]
    return {"stateFacts": ["hasSize"], "size": len(elements), "elements": shown}


def stamped(body: dict[str, Any]) -> dict[str, Any]:
    """`body` with its entity tag."""
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    tag = hashlib.sha1(content, usedforsecurity=False).hexdigest().upper()
    return {**body, "eTag": tag}
