"""Registration: the form, the papers, the signed application, what the register says of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from portal.registration.corporate_email import OwnedEmail
from portal.registration.inn_confirmation import ConfirmedInn
from portal.registration.registration import application_in
from portal.registration.signed_text import application_text
from portal.rules.registration import Application
from portal.rules.rule import Violation
from portal.tasks import Task
from portal.use_case import Outcome
from sim.twin.desk import APPLICANT, Desk, fields_of
from sim.twin.gates.question import question
from sim.twin.papers import file_of
from world.documents import Document

__all__ = [
    "FAMILY",
    "application_form",
    "confirm_contacts",
    "signed_application",
]

FAMILY: Final = "registration"
"""Registration, the verification that follows it, and the activation that follows that."""

_SIGNATURE: Final = frozenset({"CERT-01", "CERT-02", "CERT-03", "CERT-04", "CERT-10"})
_PAPERS: Final = frozenset({"REG-07", "REG-08"})
_UNSIGNED: Final = frozenset({"REG-10"})
_REGISTER: Final = frozenset({"REG-02", "REG-03", "REG-04", "REG-06"})


@dataclass(frozen=True, slots=True)
class Paper:
    """An uploaded document: its id and the SHA-256 of its bytes."""

    id: str
    digest: str


@question("registration", "account_gate", family=FAMILY, use_cases=["ask_for_action"])
def account(desk: Desk) -> Iterable[Violation]:
    """The applicant asks whether an application will be taken before they fill it in."""
    desk.open_account()
    return desk.act("ask_for_action", desk.alone, action="organization").violations


@question(
    "registration",
    "form_gate",
    family=FAMILY,
    use_cases=["register_organization"],
    ahead=_PAPERS | _UNSIGNED | _REGISTER,
)
def form(desk: Desk) -> Iterable[Violation]:
    """A legal entity's form goes without papers and signature; a sole proprietor's needs none."""
    return submitted(desk, (), signed=False).violations


@question(
    "registration",
    "document_gate",
    family=FAMILY,
    use_cases=["upload_document", "register_organization"],
    ahead=_SIGNATURE | _UNSIGNED | _REGISTER,
)
def documents(desk: Desk) -> Iterable[Violation]:
    """Each file is uploaded, and the application filed: only then does the portal look at the set
    and at the authority. A paper whose file is refused is attached in a good one, unsigned, so that
    these are looked at in the same visit and nothing is taken."""
    told: list[Violation] = []
    papers: list[Paper] = []
    for document in desk.filing.documents:
        file = file_of(document)
        outcome = desk.upload(
            desk.alone,
            "registration",
            document.kind,
            file,
            valid_until=document.valid_until and document.valid_until.isoformat(),
        )
        told += outcome.violations
        if outcome.refusal is None:
            papers.append(Paper(outcome.data["document"], file.digest))
        else:
            papers.append(_good_file(desk, document))
    desk.clear()
    desk.state["papers"] = tuple(papers)
    if told:
        return [*told, *submitted(desk, desk.state["papers"], signed=False).violations]
    return filed(desk).violations


@question(
    "registration",
    "certificate_gate",
    family=FAMILY,
    use_cases=["register_organization"],
    ahead=_REGISTER,
)
@question(
    "registration",
    "standing_gate",
    family=FAMILY,
    use_cases=["register_organization"],
    ahead=_REGISTER - {"REG-06"},
)
@question("registration", "registry_gate", family=FAMILY, use_cases=["register_organization"])
def application(desk: Desk) -> Iterable[Violation]:
    """What the portal has said of the application as it was filed last; it is filed anew once
    something in it was corrected."""
    return filed(desk).violations


# --- for the journeys that follow -----------------------------------------------------------------


def filed(desk: Desk) -> Outcome:
    """What comes of the whole application, a legal entity's signed."""
    return submitted(desk, desk.state.get("papers", ()), signed=desk.kind == "legal")


def submitted(desk: Desk, papers: tuple[Paper, ...], *, signed: bool) -> Outcome:
    """What comes of filing the application; the same again is not filed twice."""
    asked = (desk.defects, papers, signed)
    before = desk.state.get("submitted")
    if before is not None and before[0] == asked:
        found: Outcome = before[1]
        return found
    desk.open_account()
    confirm_contacts(desk)
    payload = application_form(desk)
    payload["documents"] = [each.id for each in papers]
    if signed:
        payload["signature"] = signed_application(desk, papers)
    outcome = desk.act("register_organization", desk.alone, tier=desk.tier, **payload)
    if outcome.refusal is None:
        desk.state["registered"] = outcome.data["organization"]
        _leave_register_to_others(desk)
    desk.state["submitted"] = (asked, outcome)
    return outcome


def application_form(desk: Desk) -> dict[str, Any]:
    """The application as it is typed."""
    return {"kind": desk.kind, **fields_of(desk.filing.form)}


def signed_application(desk: Desk, papers: Iterable[Paper]) -> str:
    """The applicant's signature over the application and its papers."""
    application = application_in(Application(**application_form(desk)))
    listed = [{"document": each.id, "sha256": each.digest} for each in papers]
    return desk.signature(application_text(application, listed))


def confirm_contacts(desk: Desk) -> None:
    """The codes and links that come before: the graph has them sent and entered."""
    form = desk.filing.form
    if desk.state.get("confirmed") == (form.inn, form.email):
        return
    desk.state["confirmed"] = form.inn, form.email
    at = desk.registries.now
    inn = ConfirmedInn(id=f"{APPLICANT}/{form.inn}", account=APPLICANT, inn=form.inn, at=at)
    link = f"{APPLICANT}/{form.email.casefold()}"
    mail = OwnedEmail(id=link, digest=link, confirmed_at=at)
    desk.put(*((inn, mail) if desk.kind == "legal" else (inn,)))


# --- inside ---------------------------------------------------------------------------------------


def _leave_register_to_others(desk: Desk) -> None:
    """The portal watches the registers for all organizations; it is no part of one's own case."""
    watch = desk.kept(Task, f"watch_registers/{desk.kind}")
    if watch is not None:
        desk.forget(watch)


def _good_file(desk: Desk, document: Document) -> Paper:
    """The same paper in a good file."""
    fit = replace(document, file_format="pdf", size=None, comment=b"", file_name="Файл.pdf")
    file = file_of(fit)
    stored = desk.paper(fit, file)
    desk.put(stored)
    return Paper(stored.id, file.digest)
