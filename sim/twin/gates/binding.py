"""Binding: an organization is added by its full details, or bound by one of its numbers."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from portal.binding.binding import binding_text
from portal.binding.failed_bindings import WrongBindings
from portal.rules.rule import Violation
from portal.use_case import Outcome
from sim.twin.desk import APPLICANT, Desk, fields_of
from sim.twin.gates.question import OtherName, question
from sim.twin.papers import file_of
from world.filings import AUTHORITY

_UNSIGNED: Final = frozenset({"BND-05"})
_CODE: Final = frozenset({"AUTH-06", *_UNSIGNED})
"""A request that nothing stands against sends a code; the graph knows when there is another."""
_ADDRESS = OtherName(
    told="BND-16",
    rule="REG-04",
    field="legal_address",
    why="an address that is not the register's is told by the rule about account and address",
)
_PERSONAL = OtherName(
    told="BND-05",
    rule="CERT-04",
    field="signature",
    why="whose certificate confirms a binding is said by a rule of its own (BND-05)",
)


@question("binding", "account_gate", use_cases=["ask_for_action"])
def account(desk: Desk) -> Iterable[Violation]:
    """The applicant asks whether they may bind before they fill a form in."""
    desk.open_account()
    return desk.act("ask_for_action", desk.alone, action="organization").violations


@question(
    "binding",
    "form_gate",
    use_cases=["add_organization"],
    ahead=_UNSIGNED | {"REG-02", "REG-03", "REG-06", "BND-16"},
)
@question(
    "binding",
    "subject_gate",
    use_cases=["add_organization"],
    ahead=_UNSIGNED | {"REG-02", "REG-03", "BND-16"},
)
def full_form(desk: Desk) -> Iterable[Violation]:
    """Full details, not signed yet."""
    desk.state["way"] = _added
    return _added(desk, signed=False).violations


@question(
    "binding",
    "registry_gate",
    use_cases=["add_organization"],
    ahead=_UNSIGNED,
    others=[_ADDRESS],
)
def register(desk: Desk) -> Iterable[Violation]:
    """The same, beside what registers say."""
    return _added(desk, signed=False).violations


@question(
    "binding",
    "number_gate",
    use_cases=["bind_organization"],
    ahead=_CODE | {"BND-02", "BND-16", "REG-06"},
)
def number(desk: Desk) -> Iterable[Violation]:
    """One number is enough: the applicant tries ИНН and ОГРН."""
    desk.state["way"] = _bound
    typed = desk.filing.form
    return [
        each
        for number in (typed.inn, typed.ogrn)
        for each in _bound(desk, signed=False, number=number).violations
    ]


@question(
    "binding",
    "profile_gate",
    use_cases=["bind_organization"],
    ahead=_CODE,
    others=[_ADDRESS],
)
def profile(desk: Desk) -> Iterable[Violation]:
    """The profile that the portal has is compared with the registers."""
    return _bound(desk, signed=False).violations


@question(
    "binding",
    "certificate_gate",
    use_cases=["add_organization", "bind_organization"],
    others=[_PERSONAL],
)
def certificate(desk: Desk) -> Iterable[Violation]:
    """The request is sent, signed."""
    way = desk.state.get("way", _added)
    outcome: Outcome = way(desk, signed=True)
    return outcome.violations


# --- inside ---------------------------------------------------------------------------------------


def _added(desk: Desk, *, signed: bool) -> Outcome:
    return _sent(
        desk, "add_organization", {"kind": desk.kind, **fields_of(desk.filing.form)}, signed
    )


def _bound(desk: Desk, *, signed: bool, number: str = "") -> Outcome:
    """The portal has the organization with what is wrong in its profile, and its right numbers."""
    good, typed = desk.good, desk.filing.form
    known = replace(good, legal_address=typed.legal_address, account=typed.account)
    if desk.state.get("profile") != known:
        desk.state["profile"] = known
        desk.put(desk.organization(known))
    return _sent(desk, "bind_organization", {"number": number or good.ogrn}, signed)


def _sent(desk: Desk, use_case: str, form: dict[str, Any], signed: bool) -> Outcome:
    """What comes of a request; the same again is not sent twice."""
    asked = (use_case, desk.defects, signed, form.get("number"))
    before = desk.state.get("sent")
    if before is not None and before[0] == asked:
        found: Outcome = before[1]
        return found
    desk.open_account()
    _let_try_again(desk)
    request = {
        **form,
        "role": "rep" if desk.kind == "legal" else "head",
        "documents": _authority(desk),
        **({"signature": _signature(desk)} if signed else {}),
    }
    outcome = desk.act(use_case, desk.alone, **request)
    desk.state["sent"] = (asked, outcome)
    return outcome


def _signature(desk: Desk) -> str:
    return desk.signature(binding_text(desk.good.ogrn, desk.applicant.inn))


def _authority(desk: Desk) -> list[str]:
    """The power of attorney that shows the role of a representative (BND-15)."""
    if desk.kind != "legal":
        return []
    if "authority" not in desk.state:
        papers = desk.papers.good.documents
        document = next(each for each in papers if each.kind == AUTHORITY)
        paper = desk.paper(document, file_of(document))
        desk.put(paper)
        desk.state["authority"] = [paper.id]
    found: list[str] = desk.state["authority"]
    return found


def _let_try_again(desk: Desk) -> None:
    """Wrong attempts in a row are counted and locked by the graph (BND-11)."""
    wrong = desk.kept(WrongBindings, APPLICANT)
    if wrong is not None:
        desk.forget(wrong)
