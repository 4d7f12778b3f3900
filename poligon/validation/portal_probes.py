"""The requests that the served portal's own work is measured with, by people who are signed in."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import requests

from loadtests.target import code_in
from loadtests.validation.probes import Probe
from poligon.load.stand import Stand
from world.country import World
from world.filings import filing_of

__all__ = ["MIX", "probes_of"]

MIX: Final = (("my-account", 1), ("registrations", 1), ("register-organization", 2))
"""Operations with their weights."""

_PASSWORD: Final = "Zx7!mkpRvb2#"
_SESSIONS: Final = 12  # each may send 500 requests a second
_PROBES: Final = 1_200
_TIMEOUT_S: Final = 60.0


def probes_of(stand: Stand, seed: int) -> list[Probe]:
    """Requests of the mix to the portal of `stand`, whose clock runs from now on."""
    world = World(seed)
    with requests.Session() as session:
        session.trust_env = False
        tokens = [_signed_in(stand, session, world, index) for index in range(_SESSIONS)]
        clock = {"speed": 1.0}
        session.put(f"{stand.administration}/clock", json=clock, timeout=_TIMEOUT_S)
        day = _today(stand, session)
    filing = next(
        each for index in range(1_000) if (each := filing_of(world, index, day)).kind == "legal"
    )
    form = {"kind": "legal", **asdict(filing.form), "documents": []}
    bodies = {"register-organization": json.dumps(form, ensure_ascii=False, default=str)}
    cycle = [name for name, weight in MIX for _ in range(weight)]
    return [_probe(cycle[n % len(cycle)], tokens[n % len(tokens)], bodies) for n in range(_PROBES)]


def _today(stand: Stand, session: requests.Session) -> dt.date:
    told = session.get(f"{stand.administration}/clock", timeout=_TIMEOUT_S).json()
    return dt.datetime.fromisoformat(told["now"]).date()


def _signed_in(stand: Stand, session: requests.Session, world: World, index: int) -> str:
    """The token of a new account's session."""
    person = world.person(index)

    def act(use_case: str, **form: str) -> dict[str, Any]:
        answer = session.post(f"{stand.portal}/v1/{use_case}", json=form, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        data: dict[str, Any] = answer.json()["data"]
        return data

    def code() -> str:
        url = f"{stand.administration}/inboxes/{person.phone}"
        letters = session.get(url, timeout=_TIMEOUT_S).json()
        return code_in(letters[-1]["text"]) or ""

    account = act(
        "sign-up", name=str(person.name), birth_date=f"{person.birth_date:%d.%m.%Y}",
        inn=person.inn, phone=person.phone, email=person.email, password=_PASSWORD,
    )["account"]  # fmt: skip
    act("activate-account", account=account, code=code())
    sign_in = act("sign-in", login=person.phone, password=_PASSWORD)["sign_in"]
    return str(act("enter-sign-in-code", sign_in=sign_in, code=code())["token"])


def _probe(name: str, token: str, bodies: Mapping[str, str]) -> Probe:
    headers = {"Authorization": f"Bearer {token}"}
    if name not in bodies:
        return Probe(name, "GET", f"/portal/v1/{name}", headers=headers)
    headers["Content-Type"] = "application/json"
    # Its applicant is not confirmed: the rules refuse it, which the journal of the portal notes.
    return Probe(name, "POST", f"/portal/v1/{name}", 0, 403, headers, bodies[name])
