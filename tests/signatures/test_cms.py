"""CMS signatures: over the exact content, by the signer's certificate, and nothing else."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from asn1crypto import algos, cms
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, pkcs7
from cryptography.x509 import load_der_x509_certificate

from signatures import der
from signatures.cms import Signed, bundle, bundled, sign, signed, with_unsigned
from signatures.keys import derived_key
from signatures.refusals import SignatureRefused
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.small_pki import NOW, SmallPki, small_pki, utc

DATA = "Заявление № 1".encode()
EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)


def made(pki: SmallPki, data: bytes = DATA, **options: Any) -> bytes:
    return sign(data, pki.key, pki.certificate, at=NOW, **options)


def refused(message: bytes, data: bytes | None = DATA) -> str:
    with pytest.raises(SignatureRefused) as refusal:
        signed(message, data)
    return refusal.value.code


def rewritten(message: bytes, change: Any) -> bytes:
    """`message` after `change` of its SignedData."""
    info = cms.ContentInfo.load(message)
    change(info["content"])
    return bytes(info.dump(force=True))


@EACH
@pytest.mark.parametrize("data", [b"", b"\0", DATA, bytes(100_000)], ids=len)
def test_detached_signature_fits_its_data_and_no_other(algorithm: Any, data: bytes) -> None:
    pki = small_pki(algorithm)
    message = made(pki, data)
    found = signed(message, data)
    assert isinstance(found, Signed)
    assert (found.certificate.dump(), found.others) == (pki.certificate.dump(), ())
    assert (found.content, found.signing_time, found.unsigned) == (data, NOW, {})
    assert refused(message, data + b" ") == "digest"
    assert refused(message, None) == "malformed"


@EACH
def test_attached_signature_has_its_content_and_the_chain(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    chain = (pki.authority.certificate, pki.root.certificate)
    message = made(pki, attached=True, chain=chain)
    for data in (None, DATA):
        found = signed(message, data)
        assert found.content == DATA
        assert {each.dump() for each in found.others} == {each.dump() for each in chain}
    assert refused(message, DATA + b"\n") == "digest"
    assert refused(message.replace(DATA, DATA[::-1]), None) == "digest"


@EACH
def test_no_byte_of_the_signature_may_change(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    value = signed(made(pki), DATA).value
    for place in range(0, len(value), 7):
        changed = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
        message = rewritten(
            made(pki), lambda data, value=changed: data["signer_infos"][0].__setitem__(
                "signature", value
            )
        )  # fmt: skip
        assert refused(message) == "signature"


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_same_data_at_the_same_time_gives_the_same_message(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    assert made(pki) == made(pki)


def other_time(data: Any) -> None:
    attributes = data["signer_infos"][0]["signed_attrs"]
    place = next(n for n, each in enumerate(attributes) if each["type"].native == "signing_time")
    attributes[place] = {
        "type": "signing_time",
        "values": [cms.Time(name="utc_time", value=NOW + dt.timedelta(seconds=1))],
    }


def without_certificates(data: Any) -> None:
    data["certificates"] = []


def with_two_signers(data: Any) -> None:
    data["signer_infos"] = [data["signer_infos"][0], data["signer_infos"][0]]


def without_signers(data: Any) -> None:
    data["signer_infos"] = []


def with_sha_1(data: Any) -> None:
    data["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "sha1"})


def of_another_type(data: Any) -> None:
    data["encap_content_info"]["content_type"] = "tst_info"


def with_doubled_attribute(data: Any) -> None:
    attributes = data["signer_infos"][0]["signed_attrs"]
    attributes.append(attributes[0].copy())


def with_rsa_pss(data: Any, digest: str = "sha256") -> None:
    parameters = {"hash_algorithm": {"algorithm": digest}}
    data["signer_infos"][0]["signature_algorithm"] = {
        "algorithm": "rsassa_pss",
        "parameters": algos.RSASSAPSSParams(parameters),
    }


def with_rsa_pss_of_sha_1(data: Any) -> None:
    with_rsa_pss(data, "sha1")


def with_dsa(data: Any) -> None:
    data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_dsa"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (other_time, "signature"),
        (without_certificates, "no-certificate"),
        (with_two_signers, "malformed"),
        (without_signers, "malformed"),
        (with_sha_1, "algorithm"),
        (of_another_type, "signature"),
        (with_doubled_attribute, "malformed"),
        (with_rsa_pss, "signature"),
        (with_rsa_pss_of_sha_1, "algorithm"),
        (with_dsa, "algorithm"),
    ],
)
@EACH
def test_message_is_refused_for_what_is_wrong_with_it(
    algorithm: Any, change: Any, code: str
) -> None:
    assert refused(rewritten(made(small_pki(algorithm)), change)) == code


@EACH
def test_certificate_of_somebody_else_is_refused(algorithm: Any) -> None:
    """Another certificate, and another key under the very issuer and number that are named."""
    pki = small_pki(algorithm)
    for changed, code in [
        (pki.issue(7, pki.key), "no-certificate"),
        (pki.issue(pki.certificate.serial_number, derived_key("ecc", "thief")), "signature"),
    ]:
        message = rewritten(
            made(pki), lambda data, one=changed: data.__setitem__("certificates", [one])
        )
        assert refused(message) == code


def test_another_certificate_of_the_same_key_is_refused() -> None:
    """RFC 5035: the certificate itself is signed too, or one could be put in another's place."""
    pki = small_pki("ecc")
    serial = pki.certificate.serial_number
    longer = pki.issue(serial, pki.key, not_after=utc(2028, 1, 1))
    message = rewritten(made(pki), lambda data: data.__setitem__("certificates", [longer]))
    assert refused(message) == "signature"


def test_signature_brings_ten_certificates_at_most() -> None:
    pki = small_pki("ecc")
    others = [pki.issue(number, pki.key) for number in range(1, 11)]
    assert len(signed(made(pki, chain=others[1:]), DATA).others) == 9
    assert refused(made(pki, chain=others)) == "malformed"


def test_signer_is_told_from_who_has_the_same_number_of_another_authority() -> None:
    first, second = small_pki("ecc"), small_pki("ecc", "Другой")
    assert first.certificate.serial_number == second.certificate.serial_number
    for signer, other in ((first, second), (second, first)):  # whichever DER puts first
        message = made(signer, chain=[other.certificate])
        assert signed(message, DATA).certificate.dump() == signer.certificate.dump()


@pytest.mark.parametrize(
    "message", [b"", b"\x30\x00", b"nothing", made(small_pki("ecc"))[:-1], b"\x30\x80" * 5_000]
)
def test_what_is_no_signature_is_malformed(message: bytes) -> None:
    assert refused(message) == "malformed"
    with pytest.raises(SignatureRefused):
        with_unsigned(message, "signature_time_stamp_token", b"")


def test_data_of_another_kind_is_malformed() -> None:
    info = cms.ContentInfo({"content_type": "data", "content": DATA})
    assert refused(info.dump()) == "malformed"


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
@pytest.mark.parametrize("hashed", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
@pytest.mark.parametrize("options", [[], [pkcs7.PKCS7Options.NoAttributes]], ids=["", "bare"])
def test_signature_of_another_program_is_verified(
    algorithm: Any, hashed: Any, options: list[Any]
) -> None:
    pki = small_pki(algorithm)
    key: Any = load_der_private_key(pki.key.pkcs8, None)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA)
    builder = builder.add_signer(load_der_x509_certificate(pki.certificate.dump()), key, hashed)
    form = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary, *options]
    message = builder.sign(Encoding.DER, form)
    assert signed(message, DATA).content == DATA
    assert refused(message, DATA[:-1]) == ("signature" if options else "digest")


@pytest.mark.parametrize("hashed", [hashes.SHA256(), hashes.SHA512()])
def test_signature_in_pss_is_verified(hashed: Any) -> None:
    pki = small_pki("rsa")
    key: Any = load_der_private_key(pki.key.pkcs8, None)
    pss = padding.PSS(padding.MGF1(hashed), hashed.digest_size)
    message = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(DATA)
        .add_signer(load_der_x509_certificate(pki.certificate.dump()), key, hashed, rsa_padding=pss)
        .sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )
    assert signed(message).content == DATA
    assert refused(message.replace(DATA, DATA[::-1]), None) == "digest"


def test_signer_named_by_the_identifier_of_the_key_is_found() -> None:
    pki = small_pki("ecc")

    def by_key(data: Any) -> None:
        data["signer_infos"][0]["sid"] = cms.SignerIdentifier(
            name="subject_key_identifier", value=pki.certificate.key_identifier
        )

    assert signed(rewritten(made(pki), by_key), DATA).certificate.dump() == pki.certificate.dump()


def test_time_of_signing_goes_beyond_2049() -> None:
    pki = small_pki("ecc")
    late = utc(2050, 1, 1)
    for at in (late - dt.timedelta(seconds=1), late, utc(2299, 12, 31, 23, 59, 59)):
        assert signed(sign(DATA, pki.key, pki.certificate, at=at), DATA).signing_time == at


def test_unsigned_attribute_leaves_the_signature_as_it_is() -> None:
    pki = small_pki("ecc")
    message = made(pki)
    first = with_unsigned(message, "signature_time_stamp_token", bundle([pki.certificate]))
    second = with_unsigned(first, "counter_signature", der.sequence())
    third = with_unsigned(second, "signature_time_stamp_token", bundle([]))
    assert list(signed(first, DATA).unsigned) == ["signature_time_stamp_token"]
    found = signed(third, DATA)
    assert found.value == signed(message, DATA).value
    assert sorted(found.unsigned) == ["counter_signature", "signature_time_stamp_token"]
    assert found.unsigned["signature_time_stamp_token"].dump() == bundle([])


def test_bundle_is_read_by_another_program_and_its_own() -> None:
    pki = small_pki("rsa")
    chain = (pki.certificate, pki.authority.certificate, pki.root.certificate)
    whole = {each.dump() for each in chain}
    read = pkcs7.load_der_pkcs7_certificates(bundle(chain))
    assert {each.public_bytes(Encoding.DER) for each in read} == whole
    assert {each.dump() for each in bundled(bundle(chain))} == whole
    assert refused(bundle(chain)) == "malformed"


def test_certificate_is_the_same_object_as_long_as_it_is_remembered() -> None:
    """Reading a certificate takes longer than verifying its signature."""
    pki = small_pki("ecc")
    first, second = (signed(made(pki), DATA).certificate for _ in range(2))
    assert isinstance(first, Certificate)
    assert first is second
    assert hashlib.sha256(first.dump()).digest() == hashlib.sha256(second.dump()).digest()
