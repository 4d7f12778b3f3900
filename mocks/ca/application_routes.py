"""Applications for certificates: the steps of CERT-13, and what comes of them as files."""

from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from mocks.ca.applications import CertificateApplication, Issue
from mocks.ca.containers import container_file
from mocks.ca.identification import Identification, failure
from mocks.ca.issuing import Issuing
from mocks.ca.requests import requested_spki
from mocks.case_work.applicants import asked_organization, organization_of
from mocks.case_work.attachments import DocumentSet, Supplement, formats_of
from mocks.case_work.cases import Case
from mocks.case_work.filing import filed
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.register import RequestId
from mocks.core.service import Call
from mocks.pki import hierarchy
from mocks.pki.asked_algorithm import require_gost
from mocks.pki.authorities import Authorities
from mocks.pki.files import bundle_file, certificate_file, certificate_pem
from mocks.pki.issued import Issued
from signatures.certificates import Certificate, subject_of

__all__ = [
    "apply",
    "identify",
    "pay",
    "receive",
    "show_application",
    "show_applications",
    "show_bundle",
    "show_certificate",
    "show_container",
    "show_pem",
    "supplement",
]

_NOT_YET = {
    "awaiting_payment": ("not-paid", "Заявка не оплачена"),
    "awaiting_identification": ("not-identified", "Представитель не идентифицирован"),
}
"""States that a later step finds, with the codes by which CERT-13 names the missing one."""


class PaymentNotice(BaseModel):
    """What the authority's bank tells it."""

    model_config = ConfigDict(extra="forbid")

    payment_id: RequestId
    kopecks: Annotated[int, Field(ge=1)]


# --- steps


def apply(call: Call) -> Answer:
    """File an application: 201 with a case, 200 with the same case for a repetition."""
    asked = call.request.read(CertificateApplication)
    docket = call.tenant.state(Issuing).docket
    return filed(docket, asked, lambda: _opened(call, asked), partial(_view, call))


def supplement(call: Call) -> Answer:
    """Bring what is missing."""
    asked = call.request.read(Supplement)
    case = _case(call)
    if not case.subject.documents.repeats(asked):
        case.require("awaiting_documents")
        case.subject.documents.take(asked)
        call.tenant.state(Issuing).check_set(case, call)
    return json_answer(_view(call, case))


def pay(call: Call) -> Answer:
    """A payment has come in."""
    asked = call.request.read(PaymentNotice)
    case = _case(call)
    call.tenant.state(Issuing).pay(case, asked.payment_id, asked.kopecks, call.now_us)
    return json_answer(_view(call, case))


def identify(call: Call) -> Answer:
    """Identify the representative: then the certificate is issued."""
    shown = call.request.read(Identification).root
    case, issuing = _case(call), call.tenant.state(Issuing)
    _require(case, "awaiting_identification")
    why = failure(call, case.number, issuing.signer(case), shown)
    issuing.identify(case, shown.method, why, call.now_us)
    return json_answer(_view(call, case))


def receive(call: Call) -> Answer:
    """The certificate is handed over, on the token or as a file."""
    case = _case(call)
    if case.state != "delivered":
        _require(case, "issued")
        case.move("delivered", call.now_us, _DELIVERED[case.subject.delivery])
    return json_answer(_view(call, case))


_DELIVERED = {"token": "Записан на токен", "file": "Выдан файлом"}


def show_applications(call: Call) -> Answer:
    """Applications of the organization of parameter `inn`."""
    cases = call.tenant.state(Issuing).docket.of(asked_organization(call).inn)
    return json_answer({"applications": [_view(call, case) for case in cases]})


def show_application(call: Call) -> Answer:
    """Where an application stands."""
    return json_answer(_view(call, _case(call)))


def _opened(call: Call, asked: CertificateApplication) -> Case[Issue]:
    issuing = call.tenant.state(Issuing)
    organization_of(call, asked.inn, asked.ogrn)
    if asked.authority not in {each.id for each in hierarchy.AUTHORITIES}:
        message = f"Удостоверяющего центра «{asked.authority[:40]}» нет"
        raise Refusal(422, "no-such-authority", message, field="authority")
    require_gost(asked.algorithm)
    _check_renewed(call, asked)
    issue = Issue(
        authority=asked.authority,
        channel=asked.channel,
        algorithm=asked.algorithm,
        delivery=asked.delivery,
        head_name=asked.head_name,
        head_snils=asked.head_snils,
        representative=asked.representative,
        code_word=asked.code_word,
        spki=requested_spki(asked),
        renews=asked.renews,
        documents=DocumentSet(formats_of(asked.documents)),
        false_refusal=call.hit("false_refusal"),
        wrong_inn=call.hit("wrong_inn"),
    )
    case = issuing.docket.open(call, asked, issue, "Заявка поступила")
    issuing.check_set(case, call)
    return case


def _check_renewed(call: Call, asked: CertificateApplication) -> None:
    """A certificate that is renewed must be one of the applicant's."""
    if asked.renews is None:
        return
    register = call.tenant.state(Authorities).register
    owners = {_owner(each.certificate) for each in register.by_serial(int(asked.renews, 16))}
    if asked.ogrn not in owners:
        message = f"Сертификата {asked.renews} у заявителя нет"
        raise Refusal(422, "no-such-certificate", message, field="renews")


def _owner(certificate: Certificate) -> str | None:
    said = subject_of(certificate)
    return said.ogrn or said.ogrnip


# --- files


def show_certificate(call: Call) -> Answer:
    """The certificate as a file .cer."""
    return certificate_file(_issued(call).certificate)


def show_pem(call: Call) -> Answer:
    """The certificate and those above it as PEM."""
    return certificate_pem(*_with_chain(call))


def show_bundle(call: Call) -> Answer:
    """The same as a file .p7b."""
    return bundle_file(_with_chain(call))


def show_container(call: Call) -> Answer:
    """The same with the private key as a file .pfx, if the authority has made it."""
    certificate, *chain = _with_chain(call)
    key = _case(call).subject.key
    if key is None:
        raise Refusal(409, "key-not-ours", "Закрытый ключ создан заявителем, у центра его нет")
    return container_file(call, key, certificate, chain)


def _with_chain(call: Call) -> tuple[Certificate, ...]:
    issued = _issued(call)
    chain = call.tenant.state(Authorities).chain(*issued.issuer)
    return issued.certificate, *chain


def _issued(call: Call) -> Issued:
    case = _case(call)
    _require(case, "issued", "delivered")
    assert case.subject.issued is not None  # it is there in both states
    return case.subject.issued


def _require(case: Case[Issue], *states: str) -> None:
    """Refusal 409 unless it stands in one of `states`; it says which step of CERT-13 is missing."""
    if case.state not in states and case.state in _NOT_YET:
        raise Refusal(409, *_NOT_YET[case.state])
    case.require(*states)


def _case(call: Call) -> Case[Issue]:
    return call.tenant.state(Issuing).docket.case(call.values["number"])


def _view(call: Call, case: Case[Issue]) -> dict[str, Any]:
    return {**case.view(call.tenant, call.now_us), **case.subject.view()}
