"""Authorization codes: each good once, and not for long."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mocks.core.draw_keys import DrawKey
from mocks.core.register import new_id
from mocks.core.tenant import Tenant
from mocks.esia.errors import Declined
from mocks.esia.grants import Grant, check_within
from mocks.esia.parameters import Parameters
from mocks.esia.pkce import check_verifier
from mocks.esia.scopes import Scope
from world.microseconds import SECOND_US

__all__ = ["CODE_S", "Codes"]

CODE_S: Final = 180
"""How long a code is good, in seconds; assumption."""

_MOST: Final = 10_000  # codes, the latest, used ones among them


@dataclass(slots=True)
class _Code:
    grant: Grant
    redirect_uri: str
    challenge: str | None
    issued_us: int
    used: bool = False


class Codes:
    """Codes of one tenant, the latest 10,000."""

    def __init__(self, _: Tenant) -> None:
        self._codes: OrderedDict[str, _Code] = OrderedDict()

    def issue(
        self, grant: Grant, redirect_uri: str, challenge: str | None, key: DrawKey, now_us: int
    ) -> str:
        """A code for `grant`, to be changed at the same address of return."""
        code = new_id(key, "code")
        self._codes[code] = _Code(grant, redirect_uri, challenge, now_us)
        if len(self._codes) > _MOST:
            self._codes.popitem(last=False)
        return code

    def redeem(
        self, code: str, client: str, given: Parameters, asked: Iterable[Scope], now_us: int
    ) -> Grant:
        """What the code was given for; from now on it is used.

        Declined 007011 if it is unknown, another client's, expired, used or of another address;
        a used one that comes again revokes all that was made from it (RFC 6749, 4.1.2). Declined as
        of `check_verifier` and of `check_within`; what was declined leaves the code good.
        """
        found = self._codes.get(code)
        if found is None or found.grant.client != client:
            raise Declined("007011", "код неизвестен")
        if found.used:
            found.grant.revoked = True
            raise Declined("007011", "код уже использован, маркеры по нему отозваны")
        if now_us - found.issued_us >= CODE_S * SECOND_US:
            raise Declined("007011", "срок кода истёк")
        if given.get("redirect_uri") != found.redirect_uri:
            raise Declined("007011", "redirect_uri не тот, что в запросе кода")
        check_verifier(found.challenge, given)
        check_within(asked, found.grant)
        found.used = True
        return found.grant
