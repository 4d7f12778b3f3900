"""Access markers, shown to the REST service of ЕСИА."""

import json
from random import Random
from typing import Final

from mocks.core.http import Answer
from mocks.esia.service import service
from mocks.pki.authorities import Authorities
from tests.fuzz import tokens
from tests.fuzz.campaign import Asked, AskingCampaign, in_header
from tests.mocks.esia_system import KULAGIN, KULAGIN_OID, SMIRNOVA, SMIRNOVA_OID, System

__all__ = ["Markers"]

_OIDS: Final = {KULAGIN_OID: KULAGIN, SMIRNOVA_OID: SMIRNOVA}


class Markers(AskingCampaign):
    """Only a marker as it was given opens anything, and only its own person's account."""

    count = 2_500
    documented = frozenset({"opened", "401 ESIA-005011", "403 ESIA-005029"})
    reached = documented

    def __init__(self) -> None:
        super().__init__(service)
        self.country.create_tenant("other")
        self._spki = b""
        self._owners: dict[str, int] = {}
        self._foreign: list[str] = []

    def begin(self) -> None:
        """Markers of new tenants."""
        super().begin()
        self.country.reset_tenant("other")
        authorities = self.country.tenant().state(Authorities)
        self._spki = authorities.identity("ESIA").key.spki
        system, stranger = System(self.country), System(self.country, tenant="other")
        given = {oid: system.markers(snils) for oid, snils in _OIDS.items()}
        self._owners = {each["access_token"]: oid for oid, each in given.items()}
        self._foreign = [each["id_token"] for each in given.values()]
        self._foreign.append(stranger.markers()["access_token"])

    def asked(self, chance: Random) -> Asked:
        own = list(self._owners)
        seeds = [*own, *self._foreign]
        token = chance.choice(seeds)
        if chance.random() < 0.95:
            token = tokens.altered(chance, token, seeds, self._spki)
        scheme = chance.choice(("Bearer ", "Bearer ", "bearer ", "Basic ", "Bearer  ", ""))
        path = f"/esia/rs/prns/{chance.choice(list(_OIDS))}"
        return Asked("GET", path, headers={"Authorization": in_header(scheme + token)})

    def judged(self, asked: Asked, answer: Answer) -> str:
        scheme, _, token = asked.headers["Authorization"].partition(" ")
        owner = self._owners.get(token.strip()) if scheme.lower() == "bearer" else None
        if answer.status == 200:
            assert asked.path.endswith(f"/{owner}")
            return "opened"
        told = json.loads(answer.body)
        assert owner is None or not asked.path.endswith(f"/{owner}")
        assert (told["code"] == "ESIA-005029") is (owner is not None)
        return f"{answer.status} {told['code']}"
