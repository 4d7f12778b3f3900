"""zeep, unmodified, exchanges signed messages through СМЭВ from the service description alone."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from zeep.exceptions import Fault

from mocks.core.country import MAIN
from signatures.refusals import SignatureRefused
from tests.clients.smev_party import Party, selector
from tests.clients.stand import TENANTS, Stand, standing
from tests.signatures.needs_gost import ALGORITHMS
from world.certificate_profiles import KeyAlgorithm

UL = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
UL_RESPONSE = (UL, "FNSVipULResponse")
PERMITS = "urn://permits/1.0.0"
PERMIT_REQUEST, PERMIT_RESPONSE = (PERMITS, "PermitRequest"), (PERMITS, "PermitResponse")
SEVERPROM = 2  # of the country with seed 1: ООО "СЕВЕРПРОМ"
VISIBILITY_S = 900  # for which what was handed out is hidden


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made


def extract_request(inn: str) -> etree._Element:
    return etree.fromstring(
        f'<FNSVipULRequest xmlns="{UL}" ИдДок="33f0f745-ff7b-40b6-87b6-c9b4080e201a">'
        f"<ЗапросЮЛ><ИННЮЛ>{inn}</ИННЮЛ></ЗапросЮЛ></FNSVipULRequest>"
    )


def permit(root: str, number: str) -> etree._Element:
    return etree.fromstring(f'<p:{root} xmlns:p="{PERMITS}"><p:n>{number}</p:n></p:{root}>')


def number_of(data: Any) -> str:
    content: etree._Element = data.MessagePrimaryContent._value_1
    return content.findtext(f"{{{PERMITS}}}n") or ""


def provider(stand: Stand, tenant: str = MAIN, algorithm: KeyAlgorithm = "rsa") -> Party:
    """A participant that answers requests for permits."""
    kind = {"namespace": PERMITS, "root": "PermitRequest", "response_root": "PermitResponse"}
    card = {"name": "ИС выдачи разрешений", "types": [kind]}
    url = f"{stand.address('smev', tenant)}/v1/participants/PERMITS"
    assert stand.session().put(url, json=card).status_code == 201
    return Party(stand, "PERMITS", tenant, algorithm)


# --- the description


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("tenant", TENANTS)
def test_description_leads_to_the_address_it_was_asked_at(
    tmp_path: Path, tenant: str, tls: bool
) -> None:
    with standing(tmp_path, tls=tls) as stand:
        party = Party(stand, tenant=tenant)
        assert party.ask._binding_options["address"] == f"{stand.address('smev', tenant)}/v1.2/ws"
        assert sorted(party.ask._operations) == [
            "Ack", "GetRequest", "GetResponse", "GetStatus", "SendRequest", "SendResponse",
        ]  # fmt: skip
        assert party.status() is None


# --- a registry as participant


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("tenant", TENANTS)
def test_register_answers_a_signed_request(
    stand: Stand, tenant: str, algorithm: KeyAlgorithm
) -> None:
    party = Party(stand, tenant=tenant, algorithm=algorithm)
    organization = stand.country.world.organization(SEVERPROM)
    sent = party.sends(extract_request(organization.inn))
    assert party.signatures.signers == ["SMEV"]

    response = party.response(UL_RESPONSE)

    assert party.signatures.signers == ["FNS001", "SMEV"]
    assert response.OriginalMessageId == sent
    assert response.MessageMetadata.Sender.Mnemonic == "FNS001"
    extract = response.SenderProvidedResponseData.MessagePrimaryContent._value_1
    assert extract.tag == f"{{{UL}}}FNSVipULResponse"
    (found,) = extract
    assert (found.tag, found.get("ОГРН")) == (f"{{{UL}}}СвЮЛ", organization.ogrn)
    assert (found.get("ИНН"), found.get("КПП")) == (organization.inn, organization.kpp)

    assert party.response(UL_RESPONSE) is None
    party.acknowledges(response.MessageMetadata.MessageId)
    stand.advance(VISIBILITY_S, tenant)
    assert party.response() is None
    assert [party.status() for _ in range(3)] == [
        (sent, "requestIsAcceptedBySmev"), (sent, "messageIsDelivered"), None,
    ]  # fmt: skip


def test_request_that_its_schema_does_not_allow_comes_back_rejected(stand: Stand) -> None:
    party = Party(stand)
    wrong = extract_request("123")
    sent = party.sends(wrong)

    response = party.response()

    assert response.MessageMetadata.Sender.Mnemonic == "smev"
    status = response.SenderProvidedResponseData.AsyncProcessingStatus
    assert (status.OriginalMessageId, status.StatusCategory) == (sent, "requestIsRejectedBySmev")
    assert status.SmevFault.Code == "TR:SYNC:PP:55"
    assert status.SmevFault.Description.startswith("SMEV-403:")
    assert party.status() == (sent, "requestIsRejectedBySmev")


# --- a participant as provider


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("tenant", TENANTS)
def test_provider_answers_a_consumer(stand: Stand, tenant: str, algorithm: KeyAlgorithm) -> None:
    permits = provider(stand, tenant, algorithm)
    consumer = Party(stand, tenant=tenant)
    sent = consumer.sends(permit("PermitRequest", "1"), TransactionCode="code")

    request = permits.request(PERMIT_REQUEST)
    assert permits.signatures.signers == ["POLIGON", "SMEV"]
    data = request.SenderProvidedRequestData
    assert (data.MessageID, data.TransactionCode, number_of(data)) == (sent, "code", "1")
    answered = permits.responds(
        request, MessagePrimaryContent={"_value_1": permit("PermitResponse", "2")}
    )
    permits.acknowledges(sent)

    response = consumer.response(PERMIT_RESPONSE)
    assert consumer.signatures.signers == ["PERMITS", "SMEV"]
    data = response.SenderProvidedResponseData
    assert (data.MessageID, number_of(data)) == (answered, "2")
    assert (response.OriginalMessageId, response.OriginalTransactionCode) == (sent, "code")
    consumer.acknowledges(answered)

    statuses = [permits.status() for _ in range(3)]
    assert statuses == [
        (answered, "responseIsAcceptedBySmev"), (answered, "messageIsDelivered"), None,
    ]  # fmt: skip


def test_provider_refuses_by_its_reasons(stand: Stand) -> None:
    permits, consumer = provider(stand), Party(stand)
    consumer.sends(permit("PermitRequest", "1"))
    reason = {"RejectionReasonCode": "NO_DATA", "RejectionReasonDescription": "Нет сведений"}
    permits.responds(permits.request(), RequestRejected=[reason])
    (told,) = consumer.response().SenderProvidedResponseData.RequestRejected
    assert (told.RejectionReasonCode, told.RejectionReasonDescription) == tuple(reason.values())


def test_provider_tells_how_far_it_is_before_it_answers(stand: Stand) -> None:
    permits, consumer = provider(stand), Party(stand)
    consumer.sends(permit("PermitRequest", "1"))
    request = permits.request()
    parameter = {"Key": "день", "Value": "1"}
    status = {"StatusCode": 7, "StatusParameter": [parameter], "StatusDescription": "В работе"}
    permits.responds(request, RequestStatus=status)
    permits.responds(request, MessagePrimaryContent={"_value_1": permit("PermitResponse", "2")})
    first, second = (consumer.response().SenderProvidedResponseData for _ in range(2))
    told = first.RequestStatus
    assert (told.StatusCode, told.StatusDescription) == (7, "В работе")
    assert [(each.Key, each.Value) for each in told.StatusParameter] == [("день", "1")]
    assert number_of(second) == "2"


def test_unacknowledged_message_is_handed_out_again(stand: Stand) -> None:
    permits, consumer = provider(stand), Party(stand)
    sent = [consumer.sends(permit("PermitRequest", number)) for number in "12"]
    taken = [permits.request().SenderProvidedRequestData.MessageID for _ in range(2)]
    assert taken == sent
    assert permits.request() is None
    permits.acknowledges(sent[1], accepted=False)
    stand.advance(VISIBILITY_S)
    assert permits.request().SenderProvidedRequestData.MessageID == sent[0]
    assert permits.request() is None


def test_file_goes_beside_its_message(stand: Stand) -> None:
    permits, consumer = provider(stand), Party(stand)
    content = bytes(range(256))
    header = {"contentId": "scan", "MimeType": "application/pdf"}
    consumer.sends(
        permit("PermitRequest", "1"),
        AttachmentHeaderList={"AttachmentHeader": [header]},
        files={"AttachmentContent": [{"Id": "scan", "Content": content}]},
    )
    message = permits.ask.GetRequest(MessageTypeSelector=selector(PERMIT_REQUEST))
    (file,) = message.AttachmentContentList.AttachmentContent
    assert (file.Id, file.Content) == ("scan", content)
    data = message.Request.SenderProvidedRequestData
    (header,) = data.AttachmentHeaderList.AttachmentHeader
    assert (header.contentId, header.MimeType) == ("scan", "application/pdf")


# --- faults


def fault(party: Party, asked: Callable[[], object]) -> tuple[str, Any]:
    """The name and the fields of the fault that something asked for must end with, which the
    service description names for it."""
    with pytest.raises(Fault) as refused:
        asked()
    assert refused.value.code == "soap:Server"
    (detail,) = refused.value.detail
    fields = party.client.wsdl.types.deserialize(detail)
    assert fields.Description.endswith(refused.value.message)
    return etree.QName(detail).localname, fields


def unsigned(asked: etree._Element) -> None:
    asked.remove(asked[-1])


def one_letter_more(asked: etree._Element) -> None:
    (text,) = asked.iter(f"{{{PERMITS}}}n")
    text.text = f"{text.text}1"


@pytest.mark.parametrize(
    ("alter", "problem"),
    [(unsigned, "NoSignatureFound"), (one_letter_more, "SignatureIsInvalid")],
)
def test_message_altered_after_signing_is_refused(
    stand: Stand, alter: Callable[[etree._Element], None], problem: str
) -> None:
    permits, consumer = provider(stand), Party(stand)
    consumer.signatures.alter = alter
    name, fields = fault(consumer, lambda: consumer.sends(permit("PermitRequest", "1")))
    assert (name, fields.SignatureVerificationFault) == ("SignatureVerificationFault", problem)
    assert (fields.Code, fields.Description[:9]) == ("TR:SYNC:SPS:1", "SMEV-100:")
    assert permits.request() is None


def test_revoked_certificate_is_refused(stand: Stand) -> None:
    consumer = Party(stand)
    assert consumer.status() is None
    stand.revoke("POLIGON")
    name, fields = fault(consumer, consumer.status)
    assert name == "SignatureVerificationFault"
    assert fields.SignatureVerificationFault == "CertificateIsNotFound"


def test_system_that_is_not_registered_is_refused(stand: Stand) -> None:
    stranger = Party(stand, "STRANGER")
    assert fault(stranger, stranger.status)[0] == "SenderIsNotRegistered"


def test_identifier_works_once(stand: Stand) -> None:
    permits, consumer = provider(stand), Party(stand)
    sent = consumer.sends(permit("PermitRequest", "1"))
    again = fault(consumer, lambda: consumer.sends(permit("PermitRequest", "2"), sent))
    assert again[0] == "MessageIsAlreadySent"
    assert number_of(permits.request().SenderProvidedRequestData) == "1"
    assert permits.request() is None


def test_identifier_that_is_no_uuid_of_version_1_is_refused(stand: Stand) -> None:
    provider(stand)
    consumer = Party(stand)
    random = str(uuid.UUID(int=1, version=4))
    refused = fault(consumer, lambda: consumer.sends(permit("PermitRequest", "1"), random))
    assert refused[0] == "InvalidMessageIdFormat"


def test_type_of_nobody_is_refused_by_its_name(stand: Stand) -> None:
    consumer = Party(stand)
    name, fields = fault(consumer, lambda: consumer.sends(permit("PermitRequest", "1")))
    assert name == "BusinessDataTypeIsNotSupported"
    assert (fields.RootElementNamespaceURI, fields.RootElementLocalName) == PERMIT_REQUEST


def test_message_that_was_not_handed_out_cannot_be_acknowledged(stand: Stand) -> None:
    provider(stand)
    consumer = Party(stand)
    sent = consumer.sends(permit("PermitRequest", "1"))
    name, fields = fault(consumer, lambda: consumer.acknowledges(sent))
    assert (name, fields.Code) == ("TargetMessageIsNotFound", "TR:SYNC:DAS:4")
    assert fields.Description.startswith("SMEV-501:")


def test_failure_of_smev_is_a_fault(stand: Stand) -> None:
    consumer = Party(stand)
    stand.plan("smev", "smev_failure", times=1)
    assert fault(consumer, consumer.status)[0] == "SMEVFailure"
    assert consumer.status() is None


def test_wrong_signature_of_smev_is_noticed_by_the_client(stand: Stand) -> None:
    provider(stand)
    consumer = Party(stand)
    stand.plan("smev", "wrong_signature", times=1)
    with pytest.raises(SignatureRefused) as refused:
        consumer.sends(permit("PermitRequest", "1"))
    assert refused.value.code == "signature"
