"""Whose word about a certificate counts: that of its issuer, and of who answers for the issuer."""

import datetime as dt
from typing import Any

import pytest
from asn1crypto import core, crl, ocsp, x509

from signatures.certificates import Certificate, Issuer, Request, SubjectData, Usage, issue
from signatures.keys import SigningKey, derived_key
from signatures.refusals import SignatureRefused
from signatures.revocation import revocation_list, status_request, status_response
from signatures.verification import Trust, check
from tests.signatures.ocsp_questions import question
from tests.signatures.small_pki import FROM, NOW, TO, small_pki

PKI = small_pki("ecc")
OTHER = small_pki("ecc", "Другой")
RESPONDER_KEY = derived_key("ecc", "responder")
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)


def verdict(
    word: ocsp.OCSPResponse | crl.CertificateList, authority: Certificate | None = None
) -> str:
    """What is found of the certificate after a word about it; its authority is good."""
    of_root = revocation_list(PKI.root, [], NOW, NOW + DAY, 1)
    is_list = isinstance(word, crl.CertificateList)
    trusted = Trust(
        roots=[PKI.root.certificate],
        known=[authority or PKI.authority.certificate],
        crls=[of_root, word] if is_list else [of_root],
        ocsps=[] if is_list else [word],
    )
    try:
        check(PKI.certificate, NOW, trusted)
    except SignatureRefused as refusal:
        return refusal.code
    return "good"


def responder(
    issuer: Issuer = PKI.authority,
    usage: Usage = "ocsp",
    not_before: dt.datetime = FROM,
    not_after: dt.datetime = TO,
) -> Issuer:
    """Who answers, as `issuer` has certified it."""
    request = Request(
        serial=77, subject=SubjectData(common_name="OCSP"), spki=RESPONDER_KEY.spki,
        not_before=not_before, not_after=not_after, usage=usage,
    )  # fmt: skip
    return Issuer(certificate=issue(request, issuer), key=RESPONDER_KEY)


def answer(signer: Issuer, about: Issuer = PKI.authority) -> ocsp.OCSPResponse:
    """`signer` says that the certificate of that number which `about` has issued is good."""
    request = status_request(question(about, PKI.certificate.serial_number))
    statuses: Any = dict.fromkeys(request.asked, "good")
    return ocsp.OCSPResponse.load(status_response(signer, request, statuses, NOW, NOW + DAY))


def named_as(name: Certificate, key: SigningKey) -> Issuer:
    """Who has another key under the name of an authority."""
    return Issuer(certificate=name, key=key)


@pytest.mark.parametrize(
    "signer",
    [
        PKI.authority,
        responder(),
        responder(not_before=NOW),
        responder(not_after=NOW),
    ],
    ids=["issuer", "responder", "from now", "until now"],
)
def test_issuer_and_its_responder_have_a_word(signer: Issuer) -> None:
    assert verdict(answer(signer)) == "good"


@pytest.mark.parametrize(
    "signer",
    [
        OTHER.authority,
        responder(OTHER.authority),
        responder(PKI.root),
        responder(usage="signature"),
        responder(usage="timestamp"),
        responder(not_before=NOW + SECOND),
        responder(not_after=NOW - SECOND),
        responder(named_as(PKI.authority.certificate, OTHER.authority.key)),
        responder(named_as(OTHER.authority.certificate, PKI.authority.key)),
        named_as(PKI.authority.certificate, OTHER.authority.key),
        named_as(responder().certificate, OTHER.key),
    ],
    ids=[
        "another authority",
        "responder of another authority",
        "responder of the root",
        "certificate for signing",
        "certificate for time stamps",
        "not yet valid",
        "expired",
        "not certified by the authority",
        "certified under another name",
        "another key than the issuer's",
        "another key than the responder's",
    ],
)
def test_nobody_else_has_a_word(signer: Issuer) -> None:
    assert verdict(answer(signer)) == "status-unknown"


def test_answer_about_the_same_number_of_another_issuer_is_no_word() -> None:
    assert verdict(answer(responder(), about=OTHER.authority)) == "status-unknown"


def test_answer_that_does_not_say_until_when_is_no_word() -> None:
    whole = answer(responder())
    basic = whole.basic_ocsp_response
    said = basic["tbs_response_data"]
    said["responses"][0]["next_update"] = None
    basic["signature"] = RESPONDER_KEY.sign(said.dump(force=True))
    whole["response_bytes"]["response"] = basic
    assert verdict(ocsp.OCSPResponse.load(whole.dump(force=True))) == "status-unknown"


def test_list_that_is_not_of_everything_is_no_word() -> None:
    listed = revocation_list(PKI.authority, [], NOW, NOW + DAY, 1)
    assert verdict(listed) == "good"
    body = listed["tbs_cert_list"]
    point = crl.IssuingDistributionPoint({"only_contains_user_certs": True})
    for critical, expected in ((True, "status-unknown"), (False, "good")):
        extension = {
            "extn_id": "issuing_distribution_point",
            "critical": critical,
            "extn_value": core.ParsableOctetString(point.dump()),
        }
        kept = [each for each in body["crl_extensions"] if each["extn_id"].native == "crl_number"]
        body["crl_extensions"] = [*kept, extension]
        listed["signature"] = core.OctetBitString(PKI.authority.key.sign(body.dump(force=True)))
        assert verdict(crl.CertificateList.load(listed.dump(force=True))) == expected


def test_list_of_an_authority_that_may_make_none_is_no_word() -> None:
    listed = revocation_list(PKI.authority, [], NOW, NOW + DAY, 1)
    authority = x509.Certificate.load(PKI.authority.certificate.dump())
    to_sign = authority["tbs_certificate"]
    for usage, expected in (
        ({"key_cert_sign"}, "status-unknown"),
        ({"key_cert_sign", "crl_sign"}, "good"),
    ):
        for extension in to_sign["extensions"]:
            if extension["extn_id"].native == "key_usage":
                extension["extn_value"] = x509.KeyUsage(usage)
        authority["signature_value"] = PKI.root.key.sign(to_sign.dump(force=True))
        assert verdict(listed, x509.Certificate.load(authority.dump(force=True))) == expected
