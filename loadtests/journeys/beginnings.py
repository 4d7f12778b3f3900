"""How people come to what a journey begins with: accounts, sessions, cabinets. Poligon's stand
confirms identities in person and opens a sole proprietor's cabinet at once, so nothing waits."""

import base64
from collections.abc import Callable
from typing import Any, Final

from loadtests.answers import Told, Verdict
from loadtests.case import Case, CaseFailed, CaseRefused
from loadtests.subject import Visitor
from mocks.bank.identification import CONFIRM_S
from world.documents import Document
from world.forms import application_form, sign_up_form, upload_form

__all__ = [
    "OPERATOR",
    "Papers",
    "activate",
    "application_with",
    "cabinet",
    "confirm_in_person",
    "enter",
    "enter_by_bank",
    "enter_by_signature",
    "prepare_application",
    "register_sole",
    "sign_up",
]

OPERATOR: Final = "Нагрузочный стенд"
SIGNED_IN: Final = ("signed_in",)
_MOST_SIGN_INS: Final = 4


def sign_up(case: Case, who: Visitor | None = None) -> None:
    """An account, activated by the code that comes by SMS."""
    visitor = who or case.subject.visitor
    form = sign_up_form(visitor.person, visitor.password)
    activate(
        case, lambda: case.act("sign_up", form, into=("new",), who=who, submits="account"), who
    )


def activate(case: Case, sign_up: Callable[[], Verdict], who: Visitor | None = None) -> None:
    """The account that `sign_up` makes, and the code for it is entered."""
    visitor = who or case.subject.visitor
    account: list[str] = []

    def ask() -> None:
        if account:
            case.act("resend_code", {"account": account[0], "channel": "sms"}, who=who)
        else:
            account.append(str(sign_up().told.data["account"]))

    case.confirm(
        ask,
        visitor.person.phone,
        "activate_account",
        lambda code: {"account": account[0], "code": code},
        into=("active",),
        who=who,
    )


def confirm_in_person(case: Case, who: Visitor | None = None) -> None:
    """A service centre confirms the identity."""
    visitor = who or case.subject.visitor
    form = {"inn": visitor.person.inn, "refused_for": ""}
    case.act("confirm_identity_in_person", form, into=("confirmed",), operator=OPERATOR)


def enter(
    case: Case, who: Visitor | None = None, organization: str | None = None, node: str = ""
) -> None:
    """By password, and by a code if one is asked for."""
    visitor = who or case.subject.visitor
    form: dict[str, Any] = {"login": visitor.person.phone, "password": visitor.password}
    if organization is not None:
        form["organization"] = organization
    visitor.token = ""
    told: list[Told] = []

    def ask() -> None:
        into = ("signed_in", "code_needed")
        told.append(case.act("sign_in", form, into=into, who=who, node=node).told)

    asked_us = case.timing.now_us()
    ask()
    if told[-1].state == "code_needed":
        contact = (
            visitor.person.phone if told[-1].data["channel"] == "sms" else visitor.person.email
        )
        entered = case.confirm(
            ask,
            contact,
            "enter_sign_in_code",
            lambda code: {"sign_in": told[-1].data["sign_in"], "code": code},
            into=SIGNED_IN,
            who=who,
            node="session",
            asked_us=asked_us,
        )
        told.append(entered.told)
    visitor.token = str(told[-1].data["token"])


def enter_by_bank(case: Case) -> None:
    """Through the bank of the organization that the applicant heads."""
    organization = case.subject.applicant.good.subject.organization
    account = organization.account
    hint = f"account:{account.bik}:{account.number}:{organization.inn}"

    def attempt() -> Verdict | None:
        begun_us = case.timing.now_us()
        told = case.act("begin_bank_sign_in", {"hint": hint}, node="bank").told
        asked_us = case.timing.now_us()
        left_s = case.target.answer_bank(case.wire, organization.inn)
        if left_s is None:
            if case.age_s(begun_us) < CONFIRM_S:
                raise CaseFailed
            return None
        form = {"attempt": told.data["attempt"], "for_organization": False}
        expected = case.in_time(asked_us, left_s, SIGNED_IN, "AUTH-09")
        return case.act("finish_bank_sign_in", form, node="session", expected=expected)

    _come_in(case, attempt)


def enter_by_signature(case: Case) -> None:
    """By a signed challenge."""

    def attempt() -> Verdict:
        asked_us = case.timing.now_us()
        told = case.act("begin_signature_sign_in", {}, into=("challenge",)).told
        signature = base64.b64encode(case.signed(str(told.data["text"]))).decode()
        form = {"challenge": told.data["challenge"], "signature": signature}
        expected = case.in_time(asked_us, case.applicants.code_ttl_s, SIGNED_IN, "AUTH-07")
        return case.act("sign_in_by_signature", form, node="session", expected=expected)

    _come_in(case, attempt)


def _come_in(case: Case, attempt: Callable[[], Verdict | None]) -> None:
    """A sign-in that was over before it was finished (None, or refused) is begun anew; CaseRefused
    after some."""
    case.subject.visitor.token = ""
    for _ in range(_MOST_SIGN_INS):
        verdict = attempt()
        if verdict is not None and verdict.outcome == "ok":
            case.subject.visitor.token = str(verdict.told.data["token"])
            return
    raise CaseRefused


class Papers:
    """The documents of the filing as they were uploaded: again whenever they were mended."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._sent: dict[Document, str] = {}

    def upload(self) -> list[str]:
        """Ids of all of them; what is missing at the portal is uploaded first."""
        place = 0
        while place < len(self._case.filing.documents):
            document = self._case.filing.documents[place]
            if document not in self._sent:
                self._upload(place)
            place += 1
        return [self._sent[document] for document in self._case.filing.documents]

    def _upload(self, place: int) -> None:
        def form() -> dict[str, Any]:
            return upload_form(self._case.filing.documents[place])

        wrong = _rules_of_file(self._case.filing.documents[place])
        verdict = self._case.submit(
            "upload_document",
            form,
            into=("ready",),
            catches={rule: rule for rule in wrong},
            submits="document",
        )
        self._sent[self._case.filing.documents[place]] = str(verdict.told.data["document"])
        self._case.think()


def prepare_application(case: Case) -> None:
    """The ИНН is confirmed, a legal entity's corporate mail too."""
    kind = case.subject.applicant.kind
    form = case.subject.applicant.good.form  # mistakes are in the application
    phone = case.subject.visitor.person.phone
    number = {"kind": kind, "inn": form.inn}
    case.confirm(
        lambda: case.act("request_inn_code", number),
        phone,
        "confirm_organization_inn",
        lambda code: {**number, "code": code},
    )
    if kind == "legal":
        case.act("send_corporate_email_link", {"email": form.email})
        case.act("confirm_corporate_email", {"token": case.link(form.email, "/corporate-email/")})


def application_with(case: Case, papers: Papers) -> dict[str, Any]:
    """The application as it is typed now, with its papers."""
    documents = papers.upload()
    return {**application_form(case.filing), "documents": documents}


def register_sole(case: Case) -> None:
    """A sole proprietor who has come through the bank registers: the cabinet opens at once."""
    told = case.act(
        "register_organization",
        application_with(case, Papers(case)),
        into=("active",),
        submits="organization",
        node="submit",
    ).told
    case.subject.known["organization"] = str(told.data["organization"])


def cabinet(case: Case) -> None:
    """A sole proprietor with an open cabinet, signed in."""
    sign_up(case)
    confirm_in_person(case)
    enter_by_bank(case)
    prepare_application(case)
    register_sole(case)


def _rules_of_file(document: Document) -> list[str]:
    """Which rules of files a document breaks."""
    wrong = {
        "DOC-01": document.file_format != "pdf",
        "DOC-07": bool(document.comment),
        "DOC-10": document.size is not None,
    }
    return [rule for rule, is_broken in wrong.items() if is_broken]
