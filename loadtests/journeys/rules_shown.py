"""Which mistakes a journey shows: the rule of a defect and, where the portal catches it by another
one there, which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rulebook.kinds import Kind

__all__ = [
    "ACCOUNT",
    "BINDING",
    "EMPLOYEE",
    "FILES",
    "NOTHING",
    "REGISTRATION",
    "SIGNATURES",
    "of_kind",
]


def _same(*rules: str) -> dict[str, str]:
    return {rule: rule for rule in rules}


NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

FILES: Final = MappingProxyType(_same("DOC-01", "DOC-07", "DOC-10"))
"""As a file is uploaded."""

SIGNATURES: Final = MappingProxyType(_same("CERT-01", "CERT-02", "CERT-03", "CERT-10"))
"""As a legal entity's signature is verified. CERT-05 is about uploading a container, which nobody
does here; CERT-04 is caught in an application for registration alone."""

_FORM: Final = _same(
    *("ID-01", "ID-02", "ID-03", "ID-04", "ID-06", "ID-07", "ID-08", "ID-09", "ID-10", "ID-12"),
    *("REG-02", "REG-03", "REG-06", "REG-12"),
)

REGISTRATION: Final = MappingProxyType(
    _FORM | _same("REG-01", "REG-04", "REG-05", "REG-07", "REG-08", "CERT-04")
)
"""An application for registration."""

BINDING: Final = MappingProxyType(
    _FORM | {"REG-04": "BND-16", "BND-16": "BND-16", "REG-07": "BND-15"}
)
"""An organization that is added: address and power of attorney have rules of their own there."""

ACCOUNT: Final = MappingProxyType(_same("ID-06", "ID-09", "ID-10"))
"""A person's own data."""

EMPLOYEE: Final = MappingProxyType(_same("ROLE-06"))
"""What is typed about an employee."""


def of_kind(kind: Kind, *shown: Mapping[str, str]) -> dict[str, str]:
    """All together; a sole proprietor, who comes through the bank, signs nothing."""
    together = {rule: named for each in shown for rule, named in each.items()}
    if kind == "legal":
        return together
    return {rule: named for rule, named in together.items() if not rule.startswith("CERT")}
