"""The driver of the second portal: Poligon's acts in the words and routes of that portal.

pytest features --driver tests.foreign_portal.driver:open_stand --base-url http://…
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import requests

from features.driver import Broken, Capability, Outcome, Received, Settings, Unsupported
from features.drivers.scenario_names import area_name
from features.personas import Persona
from scenarios.durations import WorkingDays, parse_deadline
from world.country import World

_TIMEOUT_S: Final = 60.0
_BEGINS: Final = dt.datetime(2026, 2, 2, 10, tzinfo=ZoneInfo("Europe/Moscow"))
_MICROSECONDS: Final = 1_000_000
_REFUSALS: Final = {401: "unauthenticated", 403: "forbidden", 404: "absent", 422: "wrong"}

RULES: Final[Mapping[str, str]] = {
    "TAX_ID_COMPANY": "ID-01",
    "TAX_ID_PERSON": "ID-02",
    "REG_NO_COMPANY": "ID-03",
    "REG_NO_PERSON": "ID-04",
    "REASON_CODE": "ID-05",
    "PENSION_NO": "ID-06",
    "EXTRA_SIGNS": "ID-07",
    "MIXED_UP": "ID-08",
    "MOBILE": "ID-09",
    "MAIL": "ID-10",
    "BORN": "ID-11",
    "FOUNDED": "ID-12",
    "FULL_NAME": "ID-13",
    "ID_DATA": "ID-14",
    "BANK_DATA": "ID-15",
    "NOT_FILLED": "ACC-01",
    "NOT_ACTIVE": "ACC-02",
    "NOT_VOUCHED": "ACC-07",
    "TAKEN": "ACC-09",
    "WEAK_SECRET": "PWD-01",
    "OLD_SECRET": "PWD-03",
    "TEMPORARY_SECRET": "PWD-04",
    "RESCUE": "PWD-05",
    "TICKET": "PWD-06",
    "LOGIN_FORM": "AUTH-01",
    "NO_MATCH": "AUTH-02",
    "LOCKED": "AUTH-03",
    "BAD_CODE": "AUTH-05",
    "SHELF_REGISTRATION": "DOC-01",
    "SHELF_CHECK": "DOC-02",
    "SHELF_FORM": "DOC-03",
    "SHELF_LIBRARY": "DOC-04",
    "SHELF_REPORT": "DOC-05",
    "RENAMED": "DOC-06",
    "VIRUS": "DOC-07",
    "BUNDLE": "DOC-08",
    "SEARCH": "DOC-09",
    "TOO_BIG": "DOC-10",
    "SHELF_SERVICE": "DOC-11",
    "SORT": "DOC-12",
}
"""The rule of the book that a code of the portal stands for."""

_STATES: Final = {
    "fine": "checked",
    "registered": "new",
    "working": "active",
    "vouched": "confirmed",
    "sent": "code_sent",
    "entered": "signed_in",
    "secretOutdated": "password_change_needed",
    "left": "signed_out",
    "rescued": "recovered",
    "helped": "restored",
    "declined": "refused",
    "stored": "ready",
}
_ADVICE: Final = {"longer": "longer_password"}
_QUESTIONNAIRE: Final = {
    "kind": "type",
    "inn": "taxId",
    "ogrn": "regNo",
    "kpp": "reasonCode",
    "founding_date": "founded",
    "phone": "mobile",
    "email": "mail",
    "bank": "bankName",
    "bik": "bankCode",
    "account": "bankAccount",
    "head_name": "directorName",
    "head_birth_date": "directorBorn",
    "head_inn": "directorTaxId",
    "head_snils": "directorPensionNo",
    "head_phone": "directorMobile",
    "head_email": "directorMail",
    "passport_series": "idSeries",
    "passport_number": "idNumber",
    "passport_issued": "idIssued",
    "passport_issued_by": "idIssuer",
    "contact_name": "contactName",
    "contact_phone": "contactMobile",
}
_KINDS: Final = {"legal": "company", "sole_proprietor": "entrepreneur"}
_ACCOUNT: Final = {
    "name": "fullName",
    "birth_date": "bornOn",
    "inn": "tax",
    "phone": "cell",
    "email": "box",
    "password": "secret",
    "channel": "by",
    "code": "digits",
}
_SHELVES: Final = {"org_check": "check"}
_ACTIONS: Final = {"function": "service", "organization": "company"}


@dataclass(frozen=True)
class Call:
    """How a use case is called there: fields of a payload by their names there, fields of an answer
    by their names here. Fields in the path are not sent otherwise."""

    method: str
    path: str
    sent: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)


CALLS: Final[Mapping[str, Call]] = {
    "check_form": Call("POST", "/questionnaires", _QUESTIONNAIRE),
    "sign_up": Call("POST", "/citizens", _ACCOUNT, {"citizen": "account", "advice": "advice"}),
    "activate_account": Call("POST", "/citizens/{account}/activation", _ACCOUNT),
    "resend_code": Call("POST", "/citizens/{account}/codes", _ACCOUNT),
    "my_account": Call("GET", "/me"),
    "ask_for_action": Call("POST", "/me/intentions", {"action": "what"}),
    "change_password": Call("PUT", "/me/secret", {"old": "was", "password": "secret"}),
    "sign_in": Call(
        "POST", "/passes", {"login": "who", "password": "secret"},
        {"pass": "token", "entry": "sign_in"},
    ),
    "sign_out": Call("DELETE", "/passes/current"),
    "set_password_and_sign_in": Call(
        "POST", "/passes/{sign_in}/secret", {"password": "secret"}, {"pass": "token"}
    ),
    "request_recovery": Call("POST", "/rescues", _ACCOUNT),
    "recover_password": Call("POST", "/rescues/finish", _ACCOUNT),
    "ask_support_for_access": Call(
        "POST",
        "/tickets",
        {"inn": "tax", "ogrn": "companyNo", "phone": "cell", "contact": "callMe"},
    ),
    "access_requests": Call("GET", "/helpdesk/tickets", told={"tickets": "requests"}),
    "decide_access": Call(
        "POST", "/helpdesk/tickets/{request}/verdict", {"identity_verified": "known"}
    ),
    "confirm_identity_in_person": Call(
        "POST", "/helpdesk/vouched", {"inn": "tax", "refused_for": "refusedFor"}
    ),
    "upload_document": Call(
        "POST",
        "/files",
        {"context": "shelf", "document_type": "sort", "file_name": "title", "content": "bytes"},
        {"file": "document", "mark": "status_title"},
    ),
    "document_content": Call("GET", "/files/{document}", told={"bytes": "content"}),
    "list_documents": Call(
        "POST",
        "/files/search",
        {"date_from": "since", "date_to": "to", "document_type": "sort", "status": "mark"},
        {"files": "items"},
    ),
    "documents_archive": Call(
        "POST", "/files/bundle", {"documents": "files"}, {"bytes": "content"}
    ),
}  # fmt: skip
"""What the portal has; everything else is skipped."""

_LACKS: Final = {
    "sign_in": ("organization", "кабинета организации у портала нет"),
    "confirm_identity_in_person": ("refused_for", "об отказе портал не записывает"),
    "decide_access": ("email", "почту поддержка не меняет"),
}


class ForeignPortal:
    """A sandbox of the portal for one scenario."""

    capabilities: frozenset[Capability] = frozenset({"time", "policy", "inbox"})
    world = World(1)

    def __init__(self, address: str, box: str) -> None:
        self._address = f"{address}/b/{box}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._passes: dict[str, str] = {}
        self._calls: list[str] = []
        self._asked("PUT", "")

    def now(self) -> dt.datetime:
        return _BEGINS + dt.timedelta(seconds=self._asked("GET", "/clock").json()["seconds"])

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        if key is not None:
            raise Unsupported("keys", "повторы портал не узнаёт")
        return self._called(persona, use_case, payload)

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        return self._called(persona, view, query)

    def inbox(self, contact: str) -> Sequence[Received]:
        letters = self._asked("GET", f"/letters/{quote(contact, safe='')}").json()["letters"]
        return [Received(channel=each["kind"], subject="", text=each["body"]) for each in letters]

    def advance(self, by: str) -> None:
        term = parse_deadline(by)
        if isinstance(term, WorkingDays):
            raise Unsupported("time", "производственного календаря у портала нет")
        self._asked("POST", "/clock", {"seconds": term // _MICROSECONDS})

    def override(self, parameter: str, value: Any) -> None:
        if parameter != "PWD-01.min_length":
            raise Unsupported("policy", f"{parameter} не меняется")
        self._asked("PUT", "/shortest-secret", {"signs": value})

    def limit(self, burst: int, per_second: float) -> None:
        raise Unsupported("load", "числа запросов портал не ограничивает")

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        raise Unsupported("faults", "реестров у портала нет")

    def end_fault(self, fault_id: str) -> None:
        raise Unsupported("faults", "реестров у портала нет")

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        raise Unsupported("records", "реестров у портала нет")

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        raise Unsupported("records", "реестров у портала нет")

    def outside(self, service: str) -> str:
        raise Unsupported("outside", f"{service} порталу не служит")

    def calls(self) -> str:
        return "\n".join(f"  {each}" for each in self._calls[-20:]) or "  nothing"

    def close(self) -> None:
        self._asked("DELETE", "")
        self._session.close()

    # --- inside

    def _called(self, persona: Persona, name: str, payload: Mapping[str, Any]) -> Outcome:
        if name not in CALLS:
            raise Unsupported(name, "такого у портала нет")
        unknown, reason = _LACKS.get(name, ("", ""))
        if payload.get(unknown):
            raise Unsupported(name, reason)
        call = CALLS[name]
        path = call.path.format_map(payload)
        body = {there: payload[here] for here, there in call.sent.items() if here in payload}
        if name == "check_form":
            body["type"] = _KINDS[payload["kind"]]
        if name == "upload_document":
            body["shelf"] = _SHELVES.get(payload["context"], payload["context"])
        if name == "list_documents" and payload["status"] == "ready":
            body["mark"] = "stored"
        if name == "ask_for_action":
            if payload["action"] not in _ACTIONS:
                raise Unsupported(name, "юридически значимых действий у портала нет")
            body["what"] = _ACTIONS[payload["action"]]
        headers = {"X-Pass": self._passes.get(persona.name, "")}
        if persona.kind == "operator":
            headers["X-Staff"] = quote(persona.name)
        answer = self._session.request(
            call.method, self._address + path, json=body, headers=headers, timeout=_TIMEOUT_S
        )
        self._calls.append(f"{call.method} {path} -> {answer.status_code}")
        return self._told(persona, call, answer)

    def _told(self, persona: Persona, call: Call, answer: requests.Response) -> Outcome:
        here = {there: name for name, there in call.sent.items()}
        said = answer.json()
        broken = tuple(
            Broken(RULES[each["code"]], here.get(each["at"], each["at"]), each["text"])
            for each in (*said.get("problems", ()), *said.get("notes", ()))
        )
        if not answer.ok:
            refusal = _REFUSALS[answer.status_code]
            return Outcome(state="refused", refusal=refusal, violations=broken)
        data = {call.told[name]: value for name, value in said.items() if name in call.told}
        if "advice" in data:
            data["advice"] = [_ADVICE[each] for each in data["advice"]]
        if "requests" in data:
            data["requests"] = [{"request": each["ticket"]} for each in data["requests"]]
        if "items" in data:
            data["items"] = [{"status_title": each["mark"]} for each in data["items"]]
        if "token" in data:
            self._passes[persona.name] = data["token"]
        status = said.get("status", "shown")
        return Outcome(state=_STATES.get(status, status), data=data, violations=broken)

    def _asked(self, method: str, path: str, body: object = None) -> requests.Response:
        answer = self._session.request(method, self._address + path, json=body, timeout=_TIMEOUT_S)
        answer.raise_for_status()
        return answer


class ForeignStand:
    """Sandboxes of the portal at an address."""

    def __init__(self, address: str) -> None:
        self._address = address

    def portal(self, scenario: str) -> ForeignPortal:
        return ForeignPortal(self._address, area_name(scenario))

    def close(self) -> None:
        """Nothing is open."""


def open_stand(settings: Settings) -> ForeignStand:
    if settings.base_url is None:
        raise ValueError("--base-url: нужен адрес второго портала")
    return ForeignStand(settings.base_url.rstrip("/"))
