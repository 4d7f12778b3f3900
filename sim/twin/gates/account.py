"""The account of a person: the form, the passport and the СНИЛС, what МВД says."""

from collections.abc import Iterable
from dataclasses import replace

from portal.accounts.account import Account
from portal.accounts.identity_record import IdentityCheck
from portal.rules.rule import Violation
from portal.use_case import Actor
from sim.twin.desk import Desk
from sim.twin.gates.question import question
from sim.twin.papers import EMAILS, PHONES, as_typed, file_of
from world.documents import Document
from world.filings import Form
from world.forms import identity_form, sign_up_form

_PASSWORD = "Полигон-2026-вход"


@question("account", "form_gate", use_cases=["sign_up"])
def form(desk: Desk) -> Iterable[Violation]:
    """The person signs up; of the form that is refused nothing is kept."""
    person = desk.applicant
    own = _own(desk)
    typed = desk.papers.typed(
        own, desk.some("phone_without_code", "email_invalid"), (*PHONES, *EMAILS)
    )
    sent = {
        **sign_up_form(person, _PASSWORD),
        "phone": as_typed(typed, own, PHONES),
        "email": as_typed(typed, own, EMAILS),
    }
    outcome = desk.act("sign_up", Actor(), **sent)
    if outcome.refusal is None:
        _activate(desk, outcome.data["account"])
    return outcome.violations


@question("account", "identity_gate", use_cases=["upload_document", "confirm_identity"])
def identity(desk: Desk) -> Iterable[Violation]:
    """The scan is uploaded and the check begins, whichever way it was begun elsewhere."""
    own = _own(desk)
    typed = desk.papers.typed(own, desk.some("snils_typo"), ("head_snils",))
    person = desk.applicant
    scan = Document(
        kind="passport",
        holder=str(person.name),
        issued=person.passport.issued,
        file_name="Паспорт.jpg",
        file_format="jpg",
    )
    who = _person(desk)
    uploaded = desk.upload(who, "form", "passport", file_of(scan))
    desk.clear()
    if uploaded.refusal is not None:
        return uploaded.violations
    sent = identity_form(person, uploaded.data["document"])
    outcome = desk.act("confirm_identity", who, **{**sent, "snils": typed.head_snils})
    return outcome.violations


@question("account", "passport_gate", use_cases=["check_identity", "my_account"])
def passport(desk: Desk) -> Iterable[Violation]:
    """The planned question to МВД is asked; the account shows what has come of it."""
    who = _person(desk)

    def is_looked_at() -> bool:
        check = desk.kept(IdentityCheck, who.account or "")
        return check is None or check.stage != "automatic"

    desk.catch_up(is_looked_at)
    return desk.read("my_account", who).violations


def _activate(desk: Desk, account_id: str) -> None:
    """The code has come and is entered: that is the graph's."""
    account: Account = desk.kept(Account, account_id)
    desk.put(replace(account, state="active", phone_confirmed=True))
    desk.state["person"] = Actor(account=account_id, session=account_id)


def _person(desk: Desk) -> Actor:
    """Whoever has signed up here; if nobody has, the applicant, who has an account."""
    if "person" not in desk.state:
        desk.open_account()
        desk.state["person"] = desk.alone
    person: Actor = desk.state["person"]
    return person


def _own(desk: Desk) -> Form:
    """The contacts and the СНИЛС of the person, in every field for them."""
    person = desk.applicant
    return desk.good_with(
        phone=person.phone,
        email=person.email,
        head_snils=person.snils,
    )
