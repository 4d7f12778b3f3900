"""Applications for services: the account, the attachment, the signature of each kind."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from portal.rules.rule import Violation
from portal.use_case import Actor
from sim.twin.desk import ORGANIZATION, Desk
from sim.twin.gates.question import OtherName, question
from sim.twin.papers import file_of
from world.documents import MEGABYTE, Document

_SERVICES: Final = ("report", "licence")
_UNCONFIRMED = OtherName(
    told="ACC-10",
    rule="ACC-07",
    field="account",
    why="an act that ties no organization asks for a confirmed person by ACC-10",
)
_APPEAL: Final = {"subject": "Вопрос", "text": "Какую форму сдавать?"}


@question("application", "account_gate", use_cases=["ask_for_action"], others=[_UNCONFIRMED])
def account(desk: Desk) -> Iterable[Violation]:
    """The applicant asks whether they may act before they fill a form in."""
    desk.open_account()
    return desk.act("ask_for_action", desk.alone, action="legal").violations


@question("application", "document_gate", use_cases=["upload_document"])
def document(desk: Desk) -> Iterable[Violation]:
    """The attachment of the form is uploaded, with whatever is wrong with a file of the applicant.
    One that is too large is so for this form."""
    actor = _member(desk)
    limit = int(desk.policy.number("DOC-04.max_mb") * MEGABYTE)
    told: list[Violation] = []
    for each in _attachments(desk):
        size = None if each.size is None else limit + 1
        told += desk.upload(actor, "form", "attachment", file_of(each, size)).violations
    desk.clear()
    return told


@question("application", "report_gate", use_cases=["prepare_report", "file_report"])
def report(desk: Desk) -> Iterable[Violation]:
    """The report of the last year's last quarter is filed."""
    actor = _member(desk)
    prepared = desk.done(
        "prepare_report",
        actor,
        organization=ORGANIZATION,
        kind="НДС",
        period_code="24",
        year=desk.registries.now.year - 1,
        lines={"010": 1},
    )
    return desk.act(
        "file_report",
        actor,
        organization=ORGANIZATION,
        report_version=prepared["report_version"],
        signature=desk.signature(prepared["text"]),
    ).violations


@question("application", "licence_gate", use_cases=["prepare_licence", "apply_for_licence"])
def licence(desk: Desk) -> Iterable[Violation]:
    """The application for a licence is sent."""
    actor = _member(desk)
    kind = next(iter(desk.policy.texts("APP-09.kinds")), "")
    prepared = desk.done(
        "prepare_licence", actor, organization=ORGANIZATION, kind=kind, activity="49.41"
    )
    return desk.act(
        "apply_for_licence",
        actor,
        organization=ORGANIZATION,
        licence_application=prepared["licence_application"],
        signature=desk.signature(prepared["text"]),
    ).violations


@question(
    "application",
    "request_gate",
    use_cases=["draft_application", "application_to_sign", "sign_application"],
)
def request(desk: Desk) -> Iterable[Violation]:
    """A request that is signed is submitted."""
    actor = _member(desk)
    draft = desk.done(
        "draft_application", actor, organization=ORGANIZATION, kind="appeal", fields=_APPEAL
    )
    application = draft["application"]
    shown = desk.shown(
        "application_to_sign", actor, organization=ORGANIZATION, application=application
    )
    return desk.act(
        "sign_application",
        actor,
        organization=ORGANIZATION,
        application=application,
        version=draft["version"],
        signature=desk.signature(shown["text"]),
    ).violations


# --- inside ---------------------------------------------------------------------------------------


def _member(desk: Desk) -> Actor:
    desk.open_cabinet(services=_SERVICES)
    return desk.member


def _attachments(desk: Desk) -> list[Document]:
    """A file for each that the applicant has spoilt, or a good one."""
    good = {each.kind: each for each in desk.papers.good.documents}
    spoilt = [each for each in desk.filing.documents if each != good.get(each.kind)]
    return [replace(each, kind="charter") for each in spoilt or desk.papers.good.documents[:1]]
