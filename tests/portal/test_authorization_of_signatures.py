"""Who may sign what with which kind of signature: every use case that takes one against every role
of the rule book, over HTTP.

What is expected follows from declarations: the right from `in_organization` and the rights of
actions, the kinds from the form's own second confirmations, the rules of chapter SIG, and from its
legal force otherwise. What signatures are over is not tried here: they fit whatever is asked.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, Final, get_args, get_type_hints

import pytest

from portal.accounts.account import Account
from portal.accounts.legal_force import WITH_LEGAL_FORCE, by_signature
from portal.applications.application import Application
from portal.certificates.action_right import RIGHTS_OF_ACTIONS
from portal.certificates.bound_certificate import BoundCertificate
from portal.organizations.admission import ADMISSIONS
from portal.organizations.organization import Membership, Organization, membership_id
from portal.ports.signatures import CertificateFacts, SignatureFacts, WrongSignature
from portal.rules import signature_kinds
from portal.rules.certificate_claims import Management
from portal.rules.certificates import manager
from portal.rules.rule import every
from portal.rules.signature_kinds import (
    ACTIONS,
    SIGNATURE_KINDS,
    Action,
    SignatureKind,
    SignedAction,
)
from portal.store.unit import Unit
from portal.use_case import USE_CASES, Actor
from rulebook import load
from tests.portal.applying import APPEAL
from tests.portal.cabinets import Cabinet, encoded
from tests.portal.exchanging import put_exchange
from tests.portal.filings import LEGAL, filing, record_of
from tests.portal.http_client import Client
from tests.portal.http_desk import Desk, client, code_of, desk, is_closed, served_desk
from tests.portal.test_reporting import VAT
from world.file_formats import file_content

__all__ = ["client", "desk", "served_desk"]

BOOK: Final = load()
ROLES: Final = tuple(BOOK.roles)
POLICY: Final = BOOK.policy()
SIGN: Final = "sign_and_submit"
COLLEAGUE, OTHER_ADMIN, EMPLOYEE = "500100732260", "500100732261", "500100732262"
PHONE: Final = "+70100732259"
PASSWORD: Final = "пароль"

Form = dict[str, Any]


# --- what takes a signature, and what is expected of it


OF_THINGS: Final = {"check_distribution"}  # the publisher's, of an installer


def takes_signature(name: str) -> bool:
    """Whether a form has a field for somebody's own, or for several in files."""
    names = {each.name for each in fields(USE_CASES[name].form)}
    return ("signature" in names and name not in OF_THINGS) or name == "sign_documents"


SIGNED: Final = {name for name in USE_CASES if takes_signature(name)}
# They act for themselves: in which organization they are somebody, and who, is not asked.
OF_PERSONS: Final = {
    *("register_organization", "resubmit_registration", "add_organization", "bind_organization"),
    *("confirm_authority", "confirm_identity_by_signature", "raise_level", "sign_in_by_signature"),
}
# Of the organization that the session is for.
BY_SESSION: Final[Mapping[str, str | None]] = MappingProxyType(
    {"sign_documents": SIGN, "trial_signature": None, "confirm_replacement": "manage_certificates"}
)
BY_HEAD: Final = {"confirm_head_signature"}
BY_ROLE: Final = {"appoint_admin": {"head"}}  # ROLE-07 besides the right
SECONDS: Final[Mapping[str, SignatureKind]] = MappingProxyType(
    {"sms": "simple", "token": "qualified"}
)


def may(name: str, role: str) -> bool:
    """Whether a role has the right to it."""
    if name in BY_HEAD:
        return role == "head"
    right = BY_SESSION[name] if name in BY_SESSION else ADMISSIONS[name]
    return right is None or right in BOOK.rights_of(role)


def kinds_of(name: str) -> Collection[SignatureKind]:
    """The kinds of signature that it takes: a code that has come is a simple one."""
    form = USE_CASES[name].form
    if "second" in {each.name for each in fields(form)}:
        ways = get_args(get_type_hints(form)["second"]) or POLICY.texts("UNB-02.second")
        return {SECONDS[each] for each in ways if each in SECONDS}
    assert WITH_LEGAL_FORCE[name] is by_signature
    return {"qualified"}


def test_every_use_case_that_takes_a_signature_is_tried_here() -> None:
    assert SIGNED - {*FORMS} - OF_PERSONS == {"open_action"}
    assert OF_PERSONS.isdisjoint(ADMISSIONS)


# --- signatures that fit whatever they are over


@pytest.fixture(autouse=True)
def _fitting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fit(desk, monkeypatch)


def fit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a signature be over whatever is asked: a qualified one, or one of an authority that is
    not accredited."""
    signatures, clock = desk.cabinet.stand.signatures, desk.cabinet.stand.clock
    made = desk.cabinet.certificate(), desk.cabinet.certificate(issuer="Портал")
    signatures.statuses[made[1].fingerprint] = "not_accredited"
    known = dict(zip((b"qualified", b"nonqualified"), made, strict=True))
    monkeypatch.setattr(desk, "facts", known[b"qualified"], raising=False)

    def fits(message: bytes, content: bytes) -> SignatureFacts:
        if message not in known:
            raise WrongSignature("malformed", "Подпись не разбирается")
        now = clock.now()
        return SignatureFacts(certificate=known[message], signing_time=now, stamped=now)

    monkeypatch.setattr(signatures, "verify", fits)


def facts_of(desk: Desk) -> CertificateFacts:
    """The certificate of the qualified signature."""
    facts: CertificateFacts = desk.facts  # type: ignore[attr-defined]
    return facts


def signature(kind: SignatureKind) -> str:
    """What is sent in the field of one; nothing if it is none or the session itself."""
    return encoded(kind.encode()) if kind in ("nonqualified", "qualified") else ""


# --- a good form of each but for the signature


def _in_form(desk: Desk, actor: Actor, kind: SignatureKind, name: str, **more: Any) -> Form:
    return desk.example(name, **more, signature=signature(kind))


def _twice(desk: Desk, actor: Actor, kind: SignatureKind, name: str, ask: str, **more: Any) -> Form:
    """By a code or by a token."""
    second = "token" if signature(kind) else "sms"
    form = _in_form(desk, actor, kind, name, second=second, code="", **more)
    if kind == "simple":
        desk.cabinet.stand.act(ask, actor, organization=desk.cabinet.id)
        form["code"] = _last_code(desk)
    return form


def _unbinding(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    stand = desk.cabinet.stand
    unit = Unit(stand.store)
    account = unit.get(Account, actor.account or "")
    assert account is not None
    unit.put(replace(account, password=stand.portal.ports.passwords.hash(PASSWORD)))
    unit.commit()
    return _twice(desk, actor, kind, name, "request_unbinding_code", password=PASSWORD)


def _admins(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    former, _, emp = (
        desk.cabinet.member(role, inn).account
        for role, inn in (("admin", COLLEAGUE), ("admin", OTHER_ADMIN), ("emp", EMPLOYEE))
    )
    members = {"account": former if name == "remove_admin" else emp}
    if name == "replace_admin":
        members["former"] = former
    return _twice(desk, actor, kind, name, "request_admin_code", **members)


def _bound(desk: Desk) -> None:
    """The organization has an owner, and services."""
    unit = Unit(desk.cabinet.stand.store)
    found = unit.get(Organization, desk.cabinet.id)
    assert found is not None
    unit.put(
        replace(
            found, owner=colleague(desk.cabinet).account, services=("report", "extract", "licence")
        )
    )
    unit.commit()


def _application(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    _bound(desk)
    stand, head = desk.cabinet.stand, colleague(desk.cabinet)
    appeal: Form = {"organization": desk.cabinet.id, "kind": "appeal", "fields": APPEAL}
    application = stand.act("draft_application", head, **appeal).data["application"]
    found = Unit(stand.store).get(Application, application)
    assert found is not None
    more = {"application": application, "version": found.version}
    return _in_form(desk, actor, kind, name, **more)


def _report(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    _bound(desk)
    form: Form = {"organization": desk.cabinet.id, **VAT}
    may_prepare = desk.cabinet.stand.act("prepare_report", actor, **form)
    prepared = (
        may_prepare
        if may_prepare.refusal is None
        else desk.cabinet.stand.act("prepare_report", colleague(desk.cabinet), **form)
    )
    version = prepared.data["report_version"]
    return _in_form(desk, actor, kind, name, report_version=version)


def _extract(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    _bound(desk)
    known = record_of(filing(LEGAL[0]).subject.organization)
    numbers = desk.cabinet.numbers
    desk.cabinet.stand.registers.add(replace(known, inn=numbers["inn"], ogrn=numbers["ogrn"]))
    asked = {"kind": "выписка ЕГРЮЛ", "purpose": "Для банка", "object": ""}
    return {**_in_form(desk, actor, kind, name), **asked}


def _exchange(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    return _in_form(desk, actor, kind, name, exchange=put_exchange(desk.cabinet)["exchange"])


def _licence(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    _bound(desk)
    head = colleague(desk.cabinet)
    papers = {each: _uploaded(desk, head) for each in ("charter", "expertise_results")}
    asked: Form = {
        "organization": desk.cabinet.id,
        "kind": "опасные вещества",
        "activity": "49.41",
        "documents": papers,
        "valid_until": "2028-12-31",
    }
    prepared = desk.cabinet.stand.act("prepare_licence", head, **asked)
    application = prepared.data["licence_application"]
    return _in_form(desk, actor, kind, name, licence_application=application)


def _first_signature(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    unit = Unit(desk.cabinet.stand.store)
    found = unit.get(Membership, membership_id(actor.account or "", desk.cabinet.id))
    assert found is not None
    unit.put(replace(found, signature_confirmed=False))
    unit.commit()
    return _in_form(desk, actor, kind, name)


def _certificate(desk: Desk, **more: Any) -> str:
    """The id of a bound certificate, the key of which has signed nothing yet."""
    head, facts = colleague(desk.cabinet), facts_of(desk)
    bound: str = desk.cabinet.bind(head, facts).data["certificate"]
    unit = Unit(desk.cabinet.stand.store)
    found = unit.get(BoundCertificate, bound)
    assert found is not None
    unit.put(replace(found, **more))
    unit.commit()
    return bound


def _uploaded(desk: Desk, actor: Actor) -> str:
    """The id of a document of the cabinet."""
    uploaded = desk.cabinet.stand.act(
        "upload_document",
        actor,
        context="library",
        document_type="contract",
        file_name="Договор.pdf",
        content=encoded(file_content("pdf", ["Договор"])),
    )
    return str(uploaded.data["document"])


def _documents(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    document = _uploaded(desk, colleague(desk.cabinet))
    file = {"document": document, "signature": signature(kind)}
    return desk.example(name, certificate=_certificate(desk, state="active"), files=[file])


def _trial(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    return _in_form(desk, actor, kind, name, certificate=_certificate(desk), key_report="used")


def _replacement(desk: Desk, actor: Actor, kind: SignatureKind, name: str) -> Form:
    certificate = _certificate(desk, replaces="another")
    stand = desk.cabinet.stand
    stand.act("send_replacement_code", actor, certificate=certificate)
    more = {"certificate": certificate, "key_report": "used", "code": _last_code(desk)}
    return _in_form(desk, actor, kind, name, **more)


FORMS: Final[Mapping[str, Callable[[Desk, Actor, SignatureKind, str], Form]]] = {
    "appoint_admin": _admins,
    "replace_admin": _admins,
    "remove_admin": _admins,
    "unbind_organization": _unbinding,
    "sign_application": _application,
    "file_report": _report,
    "request_extract": _extract,
    "apply_for_licence": _licence,
    "sign_exchange": _exchange,
    "confirm_head_signature": _first_signature,
    "sign_documents": _documents,
    "trial_signature": _trial,
    "confirm_replacement": _replacement,
}


def colleague(cabinet: Cabinet) -> Actor:
    """The head, who has got ready what somebody else signs."""
    return cabinet.member("head", COLLEAGUE)


# --- the matrix


@pytest.mark.parametrize("kind", SIGNATURE_KINDS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(SIGNED & {*FORMS}))
def test_it_is_done_with_the_right_and_a_kind_that_it_takes_alone(
    desk: Desk, client: Client, name: str, role: str, kind: SignatureKind
) -> None:
    actor = desk.cabinet.member(role)
    form = FORMS[name](desk, actor, kind, name)
    answer = desk.ask(client, name, form, desk.session(actor))
    if not may(name, role):
        assert is_closed(answer), answer.text
    elif kind in kinds_of(name) and role in BY_ROLE.get(name, {role}):
        assert code_of(answer) == "done", answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (422, "wrong"), answer.text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_opened_with_the_rights_and_the_kind_that_it_takes(
    desk: Desk, client: Client, action: Action, role: str
) -> None:
    actor = desk.cabinet.member(role)
    stand = desk.cabinet.stand
    has_right = RIGHTS_OF_ACTIONS[action] <= set(BOOK.rights_of(role))
    for kind in SIGNATURE_KINDS:
        request = stand.act("begin_action", actor, action=action).data["request"]
        document = f"<request>{request}</request>".encode()
        stand.signatures.sign_xml(document, facts_of(desk))
        form = {
            **desk.example("open_action", request=request, kind=kind, code=_code(desk, action)),
            "signature": signature(kind) if kind == "qualified" else "",
            "document": encoded(document) if kind == "nonqualified" else "",
        }
        answer = desk.ask(client, "open_action", form, desk.session(actor))
        told = sorted({each["rule"] for each in answer.json().get("violations", ())})
        if not has_right:
            assert (answer.status_code, told) == (403, ["ROLE-03"]), answer.text
        else:
            assert told == _against(desk, action, kind), answer.text
            assert (code_of(answer) == "done") == (told == []), answer.text
        stand.after(minutes=2)  # the next code


def _code(desk: Desk, action: Action) -> str:
    if action not in signature_kinds.SENSITIVE:
        return ""
    return _last_code(desk)


def _last_code(desk: Desk) -> str:
    """The code that has come last; one that fits nothing if none has."""
    sent = desk.cabinet.stand.messenger.sent_to(PHONE)
    codes: list[str] = re.findall(r"\d{6}", sent[-1]) if sent else []
    return codes[-1] if codes else "000000"


def _against(desk: Desk, action: Action, kind: SignatureKind) -> list[str]:
    """What the chapter's rules say of it."""
    now = desk.cabinet.stand.clock.now()
    claim = SignedAction(action=action, kind=kind, at=now, stamped=now, second_factor=True)
    rules = (
        signature_kinds.simple_is_not_enough,
        signature_kinds.nonqualified_opens,
        signature_kinds.qualified,
        signature_kinds.enhanced,
    )
    return sorted({each.rule for each in every(rule(claim, POLICY) for rule in rules)})


@pytest.mark.parametrize("kind", SIGNATURE_KINDS)
@pytest.mark.parametrize("name", sorted(OF_PERSONS))
def test_who_acts_for_themselves_is_answered_alike_whatever_they_are_in_an_organization(
    desk: Desk,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    kind: SignatureKind,
) -> None:
    form = desk.example(name, signature=signature(kind))
    answers = []
    for role in ROLES:
        desk.renew()
        fit(desk, monkeypatch)
        alone = replace(desk.cabinet.member(role), organization=None)
        answer = desk.ask(client, name, form, desk.session(alone))
        answers.append((answer.status_code, _told(answer.json())))
    assert answers == answers[:1] * len(ROLES)


def _told(answer: Mapping[str, Any]) -> Any:
    return [(each["rule"], each["field"]) for each in answer.get("violations", ())]


def test_the_right_to_manage_certificates_is_that_of_its_rule() -> None:
    for role in ROLES:
        broken = manager(Management(rights=BOOK.rights_of(role)), POLICY)
        assert bool(broken) != may("confirm_replacement", role)
