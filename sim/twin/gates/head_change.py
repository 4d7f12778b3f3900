"""A new head: the administrator's form, the order, the new head's passport and first signature."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from portal.rules.rule import Violation
from sim.twin.desk import ORGANIZATION, Desk, encoded
from sim.twin.gates.question import question
from sim.twin.papers import EMAILS, PHONES, as_typed, file_of
from world.documents import Document, printed_date
from world.filings import Form

_TYPED = ("inn", "head_snils", *PHONES, *EMAILS)
_MISTAKES = (
    *("inn_typo", "spaces_in_requisites", "snils_typo", "phone_without_code", "email_invalid"),
)
_ORDER: Final = "appointment_order"
_STATUS: Final = frozenset({"CERT-01", "CERT-02", "CERT-03"})
_LATER: Final = frozenset({"HEAD-04", "ACC-08", *_STATUS})


@question("head_change", "form_gate", use_cases=["appoint_head"], ahead=_LATER)
def form(desk: Desk) -> Iterable[Violation]:
    """The form goes before the order is uploaded."""
    own = _own(desk)
    typed = desk.papers.typed(own, desk.some(*_MISTAKES), _TYPED)
    return _appointed(desk, own, typed)


@question("head_change", "document_gate", use_cases=["upload_document"])
def document(desk: Desk) -> Iterable[Violation]:
    """The order is uploaded, with whatever is wrong with a file of the applicant."""
    desk.state["order"] = ()
    told: list[Violation] = []
    for order in _orders(desk):
        outcome = desk.upload(desk.administrator(), "registration", _ORDER, file_of(order))
        told += outcome.violations
        if outcome.refusal is None:
            desk.state["order"] = (outcome.data["document"],)
    desk.clear()
    return told


@question(
    "head_change",
    "passport_gate",
    use_cases=["appoint_head"],
    ahead=_STATUS,
)
def passport(desk: Desk) -> Iterable[Violation]:
    """The form and the order are with the portal, which has asked МВД."""
    own = _own(desk)
    return _appointed(desk, own, own)


@question(
    "head_change", "certificate_gate", use_cases=["head_signature_text", "confirm_head_signature"]
)
def certificate(desk: Desk) -> Iterable[Violation]:
    """The new head signs at the first sign-in."""
    desk.open_cabinet()
    desk.put(desk.membership("head", signature_confirmed=False))
    text = desk.shown("head_signature_text", desk.member, organization=ORGANIZATION)["text"]
    signature = desk.signature(text)
    return desk.act(
        "confirm_head_signature", desk.member, organization=ORGANIZATION, signature=signature
    ).violations


# --- inside ---------------------------------------------------------------------------------------


def _own(desk: Desk) -> Form:
    """The numbers and contacts of the new head in the fields that have mistakes made in them."""
    person = desk.applicant
    return desk.good_with(
        inn=person.inn,
        head_snils=person.snils,
        phone=person.phone,
        email=person.email,
    )


def _appointed(desk: Desk, own: Form, typed: Form) -> Iterable[Violation]:
    person = desk.applicant
    passport = person.passport
    form: dict[str, Any] = {
        "organization": ORGANIZATION,
        "full_name": str(person.name),
        "inn": typed.inn,
        "birth_date": printed_date(person.birth_date),
        "phone": as_typed(typed, own, PHONES),
        "email": as_typed(typed, own, EMAILS),
        "position": "Генеральный директор",
        "snils": typed.head_snils,
        "passport_series": passport.series,
        "passport_number": passport.number,
        "passport_issued": printed_date(passport.issued),
        "passport_issued_by": passport.issued_by,
        "documents": desk.state.get("order", ()),
        "certificate": encoded(desk.certificate().der),
        "consent": True,
    }
    return desk.act("appoint_head", desk.administrator(), **form).violations


def _orders(desk: Desk) -> list[Document]:
    """The order as it is uploaded: a file for each that the applicant has spoilt, or a good one."""
    good = {each.kind: each for each in desk.papers.good.documents}
    spoilt = [each for each in desk.filing.documents if each != good.get(each.kind)]
    files = spoilt or [desk.papers.good.documents[0]]
    return [replace(each, kind=_ORDER, valid_until=None) for each in files]
