"""Forms that nobody who may send them is refused for, and what has to be there for that."""

from typing import Any

from portal.extracts.extract import Extract
from portal.licences.application import LicenceApplication
from portal.payments.payment import Payment, payment_id
from portal.ports.extracts import ExtractOrder
from portal.reporting.report import ReportVersion
from portal.store.entity import Entity
from portal.store.unit import Unit
from portal.use_case import USE_CASES, VIEWS, UseCase, View
from tests.portal.applying import put_draft
from tests.portal.exchanging import OF_EXCHANGE, put_exchange
from tests.portal.http_desk import Desk, client, desk, served_desk
from tests.portal.integrations import put_integrations
from tests.portal.offering import OF_OFFERS, put_offer
from tests.portal.staff import put_staff

__all__ = ["client", "desk", "served_desk"]

__all__ = ["ACTS", "NEW_HEAD", "fields_of", "good"]

ACTS: dict[str, UseCase[Any] | View[Any]] = {**USE_CASES, **VIEWS}
NEW_HEAD = "500100732260"
# The fields by which they name somebody or something of chapter ROLE.
OF_STAFF = {
    **dict.fromkeys(
        ("confirm_employee", "employee_code", "repeat_invitation", "withdraw_invitation"),
        ("employee",),
    ),
    **dict.fromkeys(
        (
            *("appoint_admin", "remove_admin", "admin_act_to_sign"),
            *("change_employee_access", "dismiss_employee", "fix_access_deviation"),
        ),
        ("account",),
    ),
    "replace_admin": ("account", "former"),
    "change_role": ("role",),
    **dict.fromkeys(("confirm_employee_import", "employee_import"), ("source",)),
}
# Of chapter INT, that name something of an organization.
_OF_INTEGRATIONS = {"receiver", "delivery", "api_key"}
# Of chapter APP, that name a kind of the catalogue.
OF_KINDS: dict[str, dict[str, Any]] = {
    "application_form": {},
    "check_application": {},
    "draft_application": {"documents": []},
}


def fields_of(name: str) -> set[str]:
    """The fields of a form or a query."""
    act = ACTS[name]
    kind: Any = act.form if isinstance(act, UseCase) else act.query
    return set(kind.__dataclass_fields__)


def good(desk: Desk, name: str, author: str = "somebody") -> dict[str, Any]:
    """A form that is refused for nobody who may send it; what belongs to single people is that
    `author`'s (the id of an account)."""
    if name == "explain_journal_line":
        unit = Unit(desk.cabinet.stand.store)
        unit.note(desk.cabinet.id, b'{"action": "made", "result": "up"}')
        unit.commit()
        number = desk.cabinet.stand.store.journal(desk.cabinet.id)[-1].number
        return desk.example(name, number=number)
    if name == "request_activation_letter":
        return desk.example(name, inn=NEW_HEAD)
    made = {"payment": _paid, "report_version": _prepared, "extract": _issued}
    for field in fields_of(name) & {*made}:
        return desk.example(name, **{field: made[field](desk, author)})
    if "licence_application" in fields_of(name):
        form = desk.example(name, licence_application=_licence(desk))
        return {**form, "documents": {}} if "documents" in form else form
    if name == "prepare_licence":
        return desk.example(name, documents={})
    if name in OF_STAFF:
        there = put_staff(desk.cabinet, f"account {NEW_HEAD}")
        return desk.example(name, **{each: there[each] for each in OF_STAFF[name]})
    for fields, put in ((OF_EXCHANGE, put_exchange), (OF_OFFERS, put_offer)):
        if name in fields:
            return desk.example(name, **{fields[name]: put(desk.cabinet)[fields[name]]})
    if name in OF_KINDS:
        return desk.example(name, kind="appeal", **OF_KINDS[name])
    if "application" in fields_of(name):
        known = {"application": put_draft(desk.cabinet), "documents": [], "to": desk.cabinet.id}
        return desk.example(name, **{each: known[each] for each in fields_of(name) & {*known}})
    return desk.example(name, **_of_integrations(desk, name))


def _of_integrations(desk: Desk, name: str) -> dict[str, str]:
    named = fields_of(name) & _OF_INTEGRATIONS
    put = put_integrations(desk.cabinet) if named else {}
    return {each: put[each] for each in named}


def _paid(desk: Desk, author: str) -> str:
    """The id of a payment of the organization that is confirmed."""
    cabinet = desk.cabinet
    payment = Payment(
        id=payment_id(cabinet.id, "tax", "", "1"),
        organization=cabinet.id,
        purpose="tax",
        subject="1",
        kopecks=1,
        kbk="",
        uin="0",
        title="Налог",
        inn=cabinet.numbers["inn"],
        bik="",
        payer_account="",
        asked_by="somebody",
        asked_at=cabinet.stand.clock.now(),
        state="succeeded",
    )
    return _kept(desk, payment)


def _prepared(desk: Desk, author: str) -> str:
    """The id of a report of the organization that is to be signed."""
    cabinet = desk.cabinet
    version = ReportVersion(
        id="report-1",
        report="report",
        organization=cabinet.id,
        kind="НДС",
        period_code="24",
        year=2025,
        place=1,
        correction=0,
        lines={"010": 1},
        operations=(),
        author=author,
        prepared_at=cabinet.stand.clock.now(),
    )
    return _kept(desk, version)


def _issued(desk: Desk, author: str) -> str:
    """The id of an extract of the organization."""
    cabinet = desk.cabinet
    order = ExtractOrder(kind="выписка ЕГРЮЛ", organization="legal", purpose="", **cabinet.numbers)
    now = cabinet.stand.clock.now()
    extract = Extract(
        id="the extract",
        organization=cabinet.id,
        order=order,
        wanted_by=now.date(),
        author=author,
        asked_at=now,
        state="ready",
    )
    return _kept(desk, extract)


def _licence(desk: Desk) -> str:
    """The id of an application for a licence that whoever acts now has prepared."""
    cabinet = desk.cabinet
    application = LicenceApplication(
        id="the licence",
        organization=cabinet.id,
        kind="производство",
        activity="49.41",
        head_name="",
        valid_until=None,
        documents={},
        digests=(),
        author="account 500100732259",
        prepared_at=cabinet.stand.clock.now(),
    )
    return _kept(desk, application)


def _kept(desk: Desk, made: Entity) -> str:
    """The id of something that is there from now on, as it was made first."""
    unit = Unit(desk.cabinet.stand.store)
    if unit.get(type(made), made.id) is None:
        unit.put(made)
        unit.commit()
    return made.id
