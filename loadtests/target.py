"""The target of a load test: the portal's address, the stand's if it is Poligon's own, its time."""

import datetime as dt
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

from loadtests.answers import Reply
from loadtests.wire import Wire
from signatures.certificates import Certificate, parsed
from signatures.keys import PrivateKey
from world.microseconds import SECOND_US

__all__ = ["Lack", "Signer", "StandMismatch", "Target", "TargetError", "Timing", "code_in"]

_CODE: Final = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_LONGEST_WAIT_S: Final = 120.0  # of the wall
_MOST_QUOTED: Final = 200  # bytes of an answer that was not as it should be


Lack = Literal["", "clock", "json", "organization"]
"""What an answer is not that a load test needs; nothing: a success."""
_LACKS: Final[Mapping[Lack, str]] = {
    "clock": "no clock of a stand",
    "json": "no JSON",
    "organization": "no organization",
}


class TargetError(Exception):
    """The stand does not do what a load test needs of it: a `request` was answered by `got`."""

    def __init__(self, request: str, got: str = "", lacks: Lack = "") -> None:
        super().__init__(": ".join(filter(None, (request, _LACKS.get(lacks), got))))
        self.request = request
        self.got = got
        self.lacks = lacks


class StandMismatch(Exception):
    """The server at `portal` has another country than the plan."""

    def __init__(self, portal: str) -> None:
        super().__init__(
            f"{portal} has another country than the plan: "
            "serve the same scenario there, with the same seed"
        )
        self.portal = portal


@dataclass(frozen=True, slots=True)
class Timing:
    """When a run began (µs of the Unix epoch) and what the portal's clock showed then; `speed` is
    model seconds per wall second, `end_us` µs of the wall since the start until all is over."""

    epoch_us: int
    began: dt.datetime
    speed: float
    end_us: int

    def now_us(self) -> int:
        """µs of the wall since the start."""
        return time.time_ns() // 1000 - self.epoch_us

    def model_now(self) -> dt.datetime:
        """What the portal's clock shows."""
        return self.began + dt.timedelta(microseconds=self.now_us() * self.speed)

    def fits(self, model_s: float) -> bool:
        """Whether so much model time passes before the end, and people would wait for it."""
        if model_s / self.speed > _LONGEST_WAIT_S:
            return False
        return self.now_us() + model_s * SECOND_US / self.speed < self.end_us


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with its certificate."""

    key: PrivateKey
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Target:
    """Addresses as `loadtests.plan` has them; the stand's are None for a foreign target."""

    portal: str
    mocks: str | None
    administration: str | None

    @property
    def is_stand(self) -> bool:
        """Whether inboxes can be read, and what people do outside the portal be done."""
        return self.mocks is not None and self.administration is not None

    # --- the administration

    def clock(self, wire: Wire) -> tuple[dt.datetime, float]:
        """What the clock shows, and its speed (0: it stands); TargetError."""
        address = f"{self.administration}/clock"
        told = self._asked(wire, "GET", address)
        try:
            return dt.datetime.fromisoformat(told["now"]), float(told["speed"])
        except (KeyError, TypeError, ValueError):
            raise TargetError(f"GET {address}", str(told), "clock") from None

    def run_clock(self, wire: Wire, speed: float) -> None:
        """Let the clock run; TargetError."""
        self._asked(wire, "PUT", f"{self.administration}/clock", {"speed": speed})

    def set_clock(self, wire: Wire, now: dt.datetime) -> None:
        """Let the clock show a later time and stand; TargetError."""
        body = {"now": now.replace(tzinfo=None).isoformat(), "speed": 0.0}
        self._asked(wire, "PUT", f"{self.administration}/clock", body)

    def seed(self, wire: Wire) -> int:
        """The seed of the country: that of the tenant `main`; TargetError."""
        main = f"{str(self.administration).rpartition('/')[0]}/main"
        return int(self._asked(wire, "GET", main)["seed"])

    def organization_inn(self, wire: Wire, index: int) -> str | None:
        """The ИНН that the registers know of an organization; None if they know none, TargetError
        if what answers is no register."""
        address = f"{self.administration}/records/organizations?index={index}"
        reply = self._fetched(wire, "GET", address)
        if reply.status != 200:
            return None
        try:
            return str(json.loads(reply.body)["inn"])
        except (KeyError, TypeError, ValueError):
            raise TargetError(f"GET {address}", _quoted(reply), "organization") from None

    def messages(self, wire: Wire, contact: str) -> Sequence[Mapping[str, Any]]:
        """What a phone or an address has received, oldest first; TargetError."""
        address = f"{self.administration}/inboxes/{quote(contact, safe='')}"
        found: Sequence[Mapping[str, Any]] = self._asked(wire, "GET", address)
        return found

    def change_organization(self, wire: Wire, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registers say of an organization; TargetError."""
        address = f"{self.administration}/records/organizations/{index}"
        self._asked(wire, "PATCH", address, changes)

    def change_person(self, wire: Wire, index: int, changes: Mapping[str, Any]) -> None:
        """Change what registries say of a person; TargetError."""
        self._asked(wire, "PATCH", f"{self.administration}/records/people/{index}", changes)

    # --- what people do outside the portal

    def answer_bank(self, wire: Wire, inn: str) -> float | None:
        """Confirm the bank's latest question in its application: for how long (s of the stand's
        clock) that is good; None if it has none to answer. TargetError."""
        application = f"{self.mocks}/bank/app"
        asked = self._asked(wire, "GET", f"{application}/customers/{inn}/requests")["requests"]
        if not asked:
            return None
        address = f"{application}/requests/{asked[-1]['auth_req_id']}/confirm"
        answered = self._asked(wire, "POST", address, also=(409,))
        return float(asked[-1]["expires_in"]) if answered.get("answer") == "confirmed" else None

    def employ(self, wire: Wire, body: Mapping[str, str]) -> None:
        """Report a labour contract; one that was reported before is as good. TargetError."""
        address = f"{self.mocks}/citizen_portal/v1/labour-events"
        self._asked(wire, "POST", address, body, also=(409,))

    def consent(self, wire: Wire, snils: str) -> None:
        """Approve whatever organizations ask of a person; TargetError."""
        address = f"{self.mocks}/citizen_portal/v1/cabinet/{snils}/consents"
        for consent in self._asked(wire, "GET", address)["consents"]:
            if consent["status"] == "requested":
                self._asked(wire, "POST", f"{address}/{consent['consent_id']}/approve")

    def signer(self, wire: Wire, index: int, day: dt.date, defects: Sequence[str]) -> Signer:
        """Key and certificate that the country's authorities gave an organization; TargetError."""
        wrong = {"defects": ",".join(defects)} if defects else {}
        query = urlencode({"key": index, **wrong})
        address = f"{self.mocks}/ca/v1/organizations/{index}/{day}"
        certificate, key = (
            self._body(wire, f"{address}/{name}?{query}") for name in ("certificate.cer", "key.pem")
        )
        return Signer(_key(key), parsed(certificate))

    # --- inside

    def _asked(
        self,
        wire: Wire,
        method: str,
        url: str,
        body: object = None,
        also: tuple[int, ...] = (),
    ) -> Any:
        reply = self._fetched(wire, method, url, body)
        if not 200 <= reply.status < 300 and reply.status not in also:
            raise TargetError(f"{method} {url}", f"{reply.error or reply.status} {_quoted(reply)}")
        try:
            return json.loads(reply.body) if reply.body else None
        except ValueError:
            raise TargetError(f"{method} {url}", _quoted(reply), "json") from None

    def _fetched(self, wire: Wire, method: str, url: str, body: object = None) -> Reply:
        headers = {} if body is None else {"Content-Type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        return wire.fetch(method, url, headers, content)

    def _body(self, wire: Wire, url: str) -> bytes:
        reply = self._fetched(wire, "GET", url)
        if reply.status != 200:
            raise TargetError(f"GET {url}", f"{reply.error or reply.status}")
        return reply.body


def code_in(text: str) -> str | None:
    """The one-time code that a message holds."""
    found = _CODE.findall(text)
    return str(found[-1]) if found else None


def _quoted(reply: Reply) -> str:
    """The beginning of an answer."""
    return reply.body[:_MOST_QUOTED].decode(errors="replace")


@lru_cache(1024)
def _key(pem: bytes) -> PrivateKey:
    return PrivateKey.from_pem(pem)
