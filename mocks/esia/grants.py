"""What was granted to a client: by a person who has signed in, or to the client itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mocks.esia.errors import Declined
from mocks.esia.scopes import Scope

__all__ = ["Grant", "Method", "check_within"]

Method: TypeAlias = Literal["PWD", "QR"]
"""How a person has signed in, as `amr` has it."""


@dataclass(eq=False, kw_only=True)
class Grant:
    """A person's permission to `client` (a mnemonic); `person` and `organization` are indices.

    `person` is None where the client asks for itself, `organization` the role that was chosen
    (None: as a private person). Once `revoked`, nothing that was made from it works.
    """

    client: str
    scopes: tuple[Scope, ...]
    person: int | None = None
    organization: int | None = None
    offline: bool = False
    nonce: str | None = None
    method: Method = "PWD"
    authenticated_us: int = 0
    revoked: bool = False

    @property
    def scope_names(self) -> frozenset[str]:
        """Names of the areas of access."""
        return frozenset(scope.name for scope in self.scopes)


def check_within(asked: Iterable[Scope], grant: Grant) -> None:
    """A marker has all that was granted; its request may name less of it. Declined 007006 if it
    names more."""
    for scope in asked:
        if scope.name not in grant.scope_names:
            raise Declined("007006", f"{scope} нет в запросе кода")
