"""A certificate is ordered from the cabinet: documents, data of the head, ИНН and ОГРН, payment,
identification, delivery; a reissue takes the same steps (CERT-13)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import ClassVar, Final

from portal.certificates.acting import forbidden, organization_here
from portal.certificates.binding import bind_file
from portal.documents.stored_document import StoredDocument, content_of, document_seen
from portal.organizations.organization import Organization
from portal.ports.authority import (
    AuthorityOrder,
    NotIdentified,
    OrderDocument,
    OrderRefused,
    OrderState,
    OrderView,
)
from portal.rules import certificates, identifiers
from portal.rules.certificate_claims import ORDER_STEPS, CertificateOrder, OrderStep
from portal.rules.identifiers import Written
from portal.rules.rule import Violation
from portal.store.derived_id import derived_id
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case
from world.certificate_profiles import KeyAlgorithm
from world.documents import DocumentKind

__all__ = [
    "CertificateApplication",
    "OrderDocuments",
    "OrderPayment",
    "OrderQuery",
    "OrderedCertificate",
    "RepresentativeShown",
    "identify_representative",
    "order_certificate",
    "pay_certificate",
    "receive_certificate",
    "supplement_order",
]

_ABSENT: Final = Outcome(state="absent", refusal="absent")
_FOUNDING: Final[DocumentKind] = "charter"
_STEP_OF: Final[Mapping[str, OrderStep]] = {
    "inn": "inn",
    "ogrn": "ogrn",
    "head_name": "head",
    "head_snils": "head",
    "representative": "identification",
    "documents": "founding_documents",
}
"""Steps by the fields for which an authority refuses; any other is about the way it is to come."""
# Which steps are behind an application that waits for one.
_DONE: Final[Mapping[OrderState, tuple[OrderStep, ...]]] = {
    "documents": ("head", "inn", "ogrn"),
    "checking": ("founding_documents",),
    "payment": ("founding_documents", "head", "inn", "ogrn"),
    "identification": ("founding_documents", "head", "inn", "ogrn", "payment"),
    "issued": ORDER_STEPS,
    "refused": ("founding_documents",),
    "lapsed": ("founding_documents", "head", "inn", "ogrn"),
}


@dataclass(frozen=True, kw_only=True)
class OrderedCertificate(Entity):
    """An application for a certificate: `number` is the authority's own."""

    KIND: ClassVar[str] = "certificate_order"

    organization: str
    number: str
    delivery: str
    price_kopecks: int

    def keys(self) -> Mapping[str, str]:
        """By the organization."""
        return {"organization": self.organization}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateApplication:
    """What is asked of an authority (its id). `documents` are ids of the cabinet's; `head_snils`
    and `representative` are СНИЛС, the latter of who will sign (empty: the head); a key on a token
    needs `csr`, a request PKCS#10; `renews` is the serial number of a certificate of the cabinet;
    with `code_word` the owner revokes the certificate one day."""

    authority: str
    algorithm: KeyAlgorithm
    delivery: str
    head_snils: str
    representative: str = ""
    documents: tuple[str, ...] = ()
    csr: str | None = None
    renews: str | None = None
    code_word: str = field(default="", metadata={"secret": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDocuments:
    """Documents of the cabinet (ids) that an application is to be supplemented with."""

    order: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPayment:
    """The number of a payment and how much it was."""

    order: str
    payment_id: str
    kopecks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeShown:
    """The passport that the representative has shown."""

    order: str
    series: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """Which application, and where the key of its certificate lies."""

    order: str
    carrier: str = "token"


@use_case(CertificateApplication)
def order_certificate(context: Context, form: CertificateApplication) -> Outcome:
    """Apply to an authority for a certificate of the organization that the actor acts for."""
    organization = organization_here(context)
    seen = [document_seen(context, each) for each in form.documents]
    documents = [each for each in seen if each is not None]
    if organization is None or len(documents) < len(seen):
        return _ABSENT
    closed = forbidden(context, organization)
    if closed:
        return refused(closed, "forbidden")
    violations = _incomplete(context, organization, form, documents)
    if violations:
        return refused(violations)
    order = _order_of(context, organization, form, documents)
    order_id = _id_of(context, organization, form)
    try:
        told = context.portal.ports.authority.submit(order_id, order)
    except OrderRefused as why:
        return refused(_step_missing(context, form.delivery, why.field))
    kept = context.unit.put(
        OrderedCertificate(
            id=order_id,
            organization=organization.id,
            number=told.number,
            delivery=form.delivery,
            price_kopecks=told.price_kopecks,
        )
    )
    context.note("order_certificate", organization.id, told.state, order=kept.id)
    return _outcome(kept, told)


@use_case(OrderDocuments)
def supplement_order(context: Context, form: OrderDocuments) -> Outcome:
    """Bring the documents that the authority misses."""
    order = _order_here(context, form.order)
    seen = [document_seen(context, each) for each in form.documents]
    documents = [each for each in seen if each is not None]
    if isinstance(order, Outcome):
        return order
    if len(documents) < len(seen):
        return _ABSENT
    request_id = derived_id("supplement", order.id, *form.documents)
    brought = _brought(context, documents)
    told = context.portal.ports.authority.supplement(order.number, request_id, brought)
    return _outcome(order, told)


@use_case(OrderPayment)
def pay_certificate(context: Context, form: OrderPayment) -> Outcome:
    """Pass on to the authority that the certificate was paid for."""
    order = _order_here(context, form.order)
    if isinstance(order, Outcome):
        return order
    authority = context.portal.ports.authority
    told = authority.pay(order.number, form.payment_id, form.kopecks)
    return _outcome(order, told)


@use_case(RepresentativeShown)
def identify_representative(context: Context, form: RepresentativeShown) -> Outcome:
    """Show the authority who will sign; a stranger's passport is refused."""
    order = _order_here(context, form.order)
    if isinstance(order, Outcome):
        return order
    try:
        told = context.portal.ports.authority.identify(order.number, form.series, form.number)
    except NotIdentified:
        return refused(_step_missing(context, order.delivery, "representative"))
    return _outcome(order, told)


@use_case(OrderQuery)
def receive_certificate(context: Context, form: OrderQuery) -> Outcome:
    """Take the issued certificate and bind it; every step that was not taken is named."""
    order = _order_here(context, form.order)
    organization = organization_here(context)
    if isinstance(order, Outcome) or organization is None:
        return order if isinstance(order, Outcome) else _ABSENT
    authority = context.portal.ports.authority
    told = authority.view(order.number)
    claim = CertificateOrder(
        kind=organization.kind, done=_DONE[told.state], delivery=order.delivery
    )
    violations = certificates.every_step_is_done(claim, context.policy)
    if violations:
        return refused(violations, "state", data=_shown(order, told))
    file = authority.receive(order.number)
    context.note("receive_certificate", organization.id, told.state, order=order.id)
    return bind_file(context, organization, file, form.carrier)


def _id_of(context: Context, organization: Organization, form: CertificateApplication) -> str:
    """The same until it is kept: the authority takes an application of one id once, whatever came
    between its answer and the portal's database."""
    before = len(context.unit.find(OrderedCertificate, "organization", organization.id))
    asked = json.dumps(asdict(form), sort_keys=True)
    return derived_id("certificate order", organization.id, str(before), asked)


def _incomplete(
    context: Context,
    organization: Organization,
    form: CertificateApplication,
    documents: list[StoredDocument],
) -> list[Violation]:
    """What can be told before the authority is asked."""
    with_founding = any(each.document_type == _FOUNDING for each in documents)
    steps = [step for step in ORDER_STEPS if step != "founding_documents" or with_founding]
    claim = CertificateOrder(kind=organization.kind, done=steps, delivery=form.delivery)
    return [
        *certificates.every_step_is_done(claim, context.policy),
        *identifiers.snils(Written(field="head_snils", text=form.head_snils), context.policy),
        *identifiers.snils(
            Written(field="representative", text=form.representative), context.policy
        ),
    ]


def _order_of(
    context: Context,
    organization: Organization,
    form: CertificateApplication,
    documents: list[StoredDocument],
) -> AuthorityOrder:
    requisites = organization.requisites
    return AuthorityOrder(
        inn=requisites.inn,
        ogrn=requisites.ogrn,
        authority=form.authority,
        algorithm=form.algorithm,
        delivery=form.delivery,
        head_name=requisites.head_name,
        head_snils=form.head_snils,
        representative=form.representative or form.head_snils,
        code_word=form.code_word,
        csr=form.csr,
        renews=form.renews,
        documents=_brought(context, documents),
    )


def _brought(context: Context, documents: list[StoredDocument]) -> list[OrderDocument]:
    return [
        OrderDocument(
            kind=each.document_type,
            file_name=each.file_name,
            content=content_of(context, each) or b"",
        )
        for each in documents
    ]


def _order_here(context: Context, order_id: str) -> OrderedCertificate | Outcome:
    """An application of the organization that the actor acts for, if they manage certificates
    (CERT-18); that somebody reaches for another's is noted."""
    organization = organization_here(context)
    order = context.unit.get(OrderedCertificate, order_id)
    if organization is None or order is None:
        return _ABSENT
    if order.organization != organization.id:
        context.note(context.act, order.organization, "another's", order=order.id)
        return _ABSENT
    closed = forbidden(context, organization)
    return refused(closed, "forbidden") if closed else order


def _step_missing(context: Context, delivery: str, field_name: str) -> tuple[Violation, ...]:
    """CERT-13 for the step that an authority's refusal of a field is about."""
    missing = _STEP_OF.get(field_name)
    claim = CertificateOrder(
        kind="legal",  # whoever applies, the authority has missed it
        done=[step for step in ORDER_STEPS if step != missing],
        delivery="" if missing is None else delivery,
    )
    return certificates.every_step_is_done(claim, context.policy)


def _outcome(order: OrderedCertificate, told: OrderView) -> Outcome:
    return Outcome(state=told.state, data=_shown(order, told))


def _shown(order: OrderedCertificate, told: OrderView) -> dict[str, object]:
    return {
        "order": order.id,
        "number": order.number,
        "state": told.state,
        "price_kopecks": order.price_kopecks,
        "missing": list(told.missing),
        "reasons": list(told.reasons),
    }
