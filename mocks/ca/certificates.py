"""Issued certificates: whose they are, and their hold, release and revocation."""

from hmac import compare_digest
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from mocks.ca.issuing import Issuing
from mocks.case_work.applicants import asked_organization
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.pki.authorities import Authorities
from mocks.pki.issued import SERIAL, Issued
from signatures.certificates import fingerprint, subject_of
from signatures.revocation import Reason

__all__ = ["hold", "release", "revoke", "show_certificate", "show_certificates"]

_MOST_WRONG_WORDS: Final = 3  # guesses of a code word, after which only the authority acts
_TITLES: Final = {
    "valid": "Действует",
    "expired": "Срок действия истёк",
    "on_hold": "Действие приостановлено",
    "revoked": "Отозван",
}


class Order(BaseModel):
    """Who wants it: the owner, known by the code word of the application, or the authority."""

    model_config = ConfigDict(extra="forbid")

    by: Literal["owner", "authority"]
    code_word: Annotated[str, Field(max_length=64)] | None = None


class Revocation(Order):
    """Why a certificate is not to work any more (RFC 5280, 5.3.1)."""

    reason: Literal[
        "unspecified",
        "key_compromise",
        "affiliation_changed",
        "superseded",
        "cessation_of_operation",
        "privilege_withdrawn",
    ] = "unspecified"


def show_certificates(call: Call) -> Answer:
    """Certificates issued by application to the organization of parameter `inn`."""
    cases = call.tenant.state(Issuing).docket.of(asked_organization(call).inn)
    issued = [case.subject.issued for case in cases]
    return json_answer({"certificates": [_view(call, one) for one in issued if one is not None]})


def show_certificate(call: Call) -> Answer:
    """One certificate of any kind, by its serial number."""
    return json_answer(_view(call, _certificate(call)))


def hold(call: Call) -> Answer:
    """Let a certificate rest."""
    issued = _ordered(call, call.request.read(Order))
    return _ended(call, issued, "certificate_hold")


def revoke(call: Call) -> Answer:
    """End a certificate for ever."""
    asked = call.request.read(Revocation)
    return _ended(call, _ordered(call, asked), asked.reason)


def release(call: Call) -> Answer:
    """Let a held certificate work again."""
    issued = _ordered(call, call.request.read(Order))
    if issued.state(call.now_us) != "on_hold":
        raise Refusal(409, "not-on-hold", "Действие сертификата не приостановлено")
    call.tenant.state(Authorities).lift(issued, call.now_us)
    return json_answer(_view(call, issued))


def _ended(call: Call, issued: Issued, reason: Reason) -> Answer:
    state = issued.state(call.now_us)
    if state == "revoked":
        raise Refusal(409, "already-revoked", "Сертификат уже отозван")
    if state == "on_hold" and reason == "certificate_hold":
        raise Refusal(409, "already-on-hold", "Действие сертификата уже приостановлено")
    call.tenant.state(Authorities).end(issued, reason, call.now_us)
    return json_answer(_view(call, issued))


def _certificate(call: Call) -> Issued:
    serial = call.values["serial"].lower()
    if SERIAL.fullmatch(serial):
        register = call.tenant.state(Authorities).register
        for found in register.by_serial(int(serial, 16)):
            return found
    raise Refusal(404, "no-such-certificate", f"Сертификата {serial[:40]} центры не выпускали")


def _ordered(call: Call, asked: Order) -> Issued:
    """The certificate of the path, if it is for `asked` to end it; Refusal 403."""
    issued = _certificate(call)
    case = call.tenant.state(Issuing).case_of(issued)
    if asked.by == "authority":
        return issued
    if case is None:
        message = "Кодового слова у сертификата нет: отозвать его может только центр"
        raise Refusal(403, "no-code-word", message, field="by")
    issue = case.subject
    if issue.wrong_words >= _MOST_WRONG_WORDS:
        message = "Кодовое слово неверно слишком много раз: обратитесь в центр"
        raise Refusal(403, "code-word-locked", message, field="code_word")
    if not compare_digest((asked.code_word or "").encode(), issue.code_word.encode()):
        issue.wrong_words += 1
        raise Refusal(403, "wrong-code-word", "Кодовое слово неверно", field="code_word")
    issue.wrong_words = 0
    return issued


def _view(call: Call, issued: Issued) -> dict[str, Any]:
    certificate, calendar = issued.certificate, call.tenant.clock.calendar
    ended, said = issued.ended(call.now_us), subject_of(issued.certificate)
    over = calendar.local(call.now_us) > certificate.not_valid_after
    status = "expired" if ended is None and over else issued.state(call.now_us)
    return {
        "serial": f"{issued.serial:x}",
        "authority": issued.issuer[0],
        "algorithm": issued.issuer[1],
        "owner": said.common_name,
        "inn": said.legal_inn or said.inn,
        "ogrn": said.ogrn or said.ogrnip,
        "snils": said.snils,
        "valid_from": moment(call.tenant, calendar.instant(certificate.not_valid_before)),
        "valid_until": moment(call.tenant, calendar.instant(certificate.not_valid_after)),
        "fingerprint": fingerprint(certificate),
        "status": status,
        "status_title": _TITLES[status],
        "since": None if ended is None else moment(call.tenant, ended.at_us),
        "reason": None if ended is None else ended.reason,
    }
