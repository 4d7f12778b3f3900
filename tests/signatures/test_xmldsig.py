"""XML signatures: vectors, a round trip in each algorithm, and independent judges."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConfiguration,
    SignatureConstructionMethod,
    SignatureMethod,
    XMLSigner,
    XMLVerifier,
)

from signatures.canonical_xml import canonical
from signatures.certificates import armored
from signatures.certificates import parsed as parsed_certificate
from signatures.refusals import SignatureRefused
from signatures.xmldsig import ENVELOPED, SMEV, Profile, Signed, sign, signed
from tests.signatures.needs_gost import ALGORITHMS, needs_gost
from tests.signatures.small_pki import small_pki
from tests.signatures.xml_messages import (
    DOCUMENT,
    DOCUMENT_OCTETS,
    DS,
    MESSAGE,
    MESSAGE_OCTETS,
    VECTORS,
    found,
    parsed,
    serialized,
    signature_in,
    signed_document,
    signed_message,
    value_of,
)

LATIN = '<d xmlns="u:1"> <a b="1" a="2"/>\n<p:c xmlns:p="u:2">я</p:c></d>'
WITH_ID = '<d xmlns="u:1" Id="d-1"> <a b="1" a="2"/>\n</d>'
SIGNXML_METHODS = {"rsa": SignatureMethod.RSA_SHA256, "ecc": SignatureMethod.ECDSA_SHA256}


def check_message(message: bytes) -> Signed:
    root = parsed(message)
    return signed(signature_in(root), found(root, "SenderProvidedRequestData"), SMEV)


def check_document(document: bytes) -> Signed:
    root = parsed(document)
    return signed(signature_in(root), root, ENVELOPED)


# --- vectors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_committed_message_is_signed_over_the_octets_written_by_hand(algorithm: Any) -> None:
    message = (VECTORS / f"message_{algorithm}.xml").read_bytes()
    found_whole = check_message(message)
    assert found_whole.octets == MESSAGE_OCTETS
    assert found_whole.certificate.dump() == value_of(parsed(message), "X509Certificate")
    assert found_whole.value == value_of(parsed(message), "SignatureValue")
    assert found_whole.others == ()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_committed_document_is_signed_over_the_octets_written_by_hand(algorithm: Any) -> None:
    document = (VECTORS / f"document_{algorithm}.xml").read_bytes()
    assert check_document(document).octets == DOCUMENT_OCTETS


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_committed_files_are_made_again_byte_for_byte(algorithm: Any) -> None:
    message = (VECTORS / f"message_{algorithm}.xml").read_bytes()
    document = (VECTORS / f"document_{algorithm}.xml").read_bytes()
    certificate = parsed_certificate(value_of(parsed(message), "X509Certificate"))
    assert signed_message(algorithm, certificate=certificate) == message
    assert signed_document(algorithm, certificate=certificate) == document


@needs_gost
@pytest.mark.parametrize(
    ("name", "octets"), [("message", MESSAGE_OCTETS), ("document", DOCUMENT_OCTETS)]
)
def test_openssl_finds_digest_and_signature_of_gost_good(
    name: str, octets: bytes, tmp_path: Path
) -> None:
    root = parsed((VECTORS / f"{name}_gost.xml").read_bytes())
    certificate = parsed_certificate(value_of(root, "X509Certificate"))
    spki = certificate["tbs_certificate"]["subject_public_key_info"].dump()
    (tmp_path / "key.der").write_bytes(spki)
    (tmp_path / "octets").write_bytes(octets)
    (tmp_path / "info").write_bytes(canonical(found(root, "SignedInfo")))
    (tmp_path / "signature").write_bytes(value_of(root, "SignatureValue"))
    assert openssl_digest(tmp_path / "octets") == value_of(root, "DigestValue")
    (tmp_path / "digest").write_bytes(openssl_digest(tmp_path / "info"))
    verified = openssl(
        "pkeyutl", "-verify", "-engine", "gost", "-pubin", "-keyform", "DER",
        "-inkey", "key.der", "-sigfile", "signature", "-in", "digest", folder=tmp_path,
    )  # fmt: skip
    assert verified == b"Signature Verified Successfully\n"


def openssl_digest(file: Path) -> bytes:
    arguments = ("dgst", "-engine", "gost", "-md_gost12_256", "-binary", file.name)
    return openssl(*arguments, folder=file.parent)


def openssl(*arguments: str, folder: Path) -> bytes:
    command = ["openssl", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout


# --- round trips ----------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signed_message_is_found_whole_with_its_signer(algorithm: Any) -> None:
    found_whole = check_message(signed_message(algorithm))
    assert found_whole.octets == MESSAGE_OCTETS
    assert found_whole.certificate.dump() == small_pki(algorithm).certificate.dump()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("document", [DOCUMENT, WITH_ID])
def test_signed_document_is_found_whole_with_its_signer(algorithm: Any, document: str) -> None:
    found_whole = check_document(signed_document(algorithm, document))
    assert found_whole.octets == canonical(parsed(document))
    assert found_whole.certificate.dump() == small_pki(algorithm).certificate.dump()


def test_message_of_smev_may_be_written_anew_but_its_signature_may_not() -> None:
    message = signed_message("rsa").decode()
    rewritten = message
    for old, new in {
        "xmlns:v=": "xmlns:w=",
        "<v:": "<w:",
        "</v:": "</w:",
        "\n        <MessageID>": "<!-- --><MessageID\n>",
        "<TestMessage/>": "<TestMessage> </TestMessage>",
    }.items():
        assert old in rewritten
        rewritten = rewritten.replace(old, new)
    assert check_message(rewritten.encode()).octets == MESSAGE_OCTETS
    indented = rewritten.replace("<ds:Reference", "\n<ds:Reference")
    with pytest.raises(SignatureRefused, match="Подпись неверна"):
        check_message(indented.encode())


def test_chain_of_certificates_comes_along() -> None:
    root = parsed(signed_message("rsa"))
    pki = small_pki("rsa")
    for each in (pki.authority.certificate, pki.root.certificate):
        extra = etree.SubElement(found(root, "X509Data"), f"{DS}X509Certificate")
        extra.text = base64.encodebytes(each.dump()).decode()
    found_whole = check_message(serialized(root))
    assert found_whole.certificate.dump() == pki.certificate.dump()
    assert [each.dump() for each in found_whole.others] == [
        pki.authority.certificate.dump(),
        pki.root.certificate.dump(),
    ]


def test_two_signers_of_one_document_are_both_found() -> None:
    root = parsed(signed_document("rsa"))
    second = small_pki("ecc")
    root.append(sign(root, second.key, second.certificate, ENVELOPED))
    root = parsed(serialized(root))
    outer = root[-1]
    assert signed(outer, root, ENVELOPED).certificate.dump() == second.certificate.dump()
    root.remove(outer)
    assert signed(root[-1], root, ENVELOPED).octets == DOCUMENT_OCTETS


def test_whole_document_is_signed_with_what_stands_around_its_root() -> None:
    document = signed_document("rsa", f"<?one two?>{DOCUMENT}<!-- last -->")
    assert check_document(document).octets == b"<?one two?>\n" + DOCUMENT_OCTETS
    with pytest.raises(SignatureRefused, match="хеш не совпадает"):
        check_document(document.replace(b"two", b"three"))


def test_element_with_an_id_is_signed_alone() -> None:
    document = signed_document("rsa", f"<?one two?>{WITH_ID}")
    assert check_document(document.replace(b"two", b"three")).octets == canonical(parsed(WITH_ID))


# --- what cannot be signed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "profile"),
    [
        pytest.param("<d xmlns='u:1'/>", SMEV, id="no Id"),
        pytest.param("<d xmlns='u:1' Id=''/>", SMEV, id="empty Id"),
        pytest.param("<d Id='d'/>", SMEV, id="no namespace"),
        pytest.param("<d xmlns='u:1' Id='d' xml:lang='ru'/>", SMEV, id="xml:lang"),
        pytest.param("<d xmlns='relative' Id='d'/>", ENVELOPED, id="relative namespace"),
    ],
)
def test_element_without_a_reference_or_a_form_cannot_be_signed(
    document: str, profile: Profile
) -> None:
    signer = small_pki("rsa")
    with pytest.raises(ValueError, match=r"no |prefix"):
        sign(parsed(document), signer.key, signer.certificate, profile)


def test_element_without_an_id_cannot_be_signed_as_a_document() -> None:
    signer = small_pki("rsa")
    with pytest.raises(ValueError, match="no Id"):
        sign(parsed(DOCUMENT)[1], signer.key, signer.certificate, ENVELOPED)


# --- signxml, which knows no Russian names of elements --------------------------------------------


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
@pytest.mark.parametrize("document", [LATIN, WITH_ID])
def test_signxml_finds_our_signature_good(algorithm: Any, document: str) -> None:
    verified = XMLVerifier().verify(
        signed_document(algorithm, document),
        x509_cert=armored(small_pki(algorithm).certificate).decode(),
        expect_config=SignatureConfiguration(
            signature_methods=frozenset({SIGNXML_METHODS[algorithm]}),
            digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        ),
    )
    assert not isinstance(verified, list)
    assert verified.signed_data == canonical(parsed(document))


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
@pytest.mark.parametrize(("document", "reference"), [(LATIN, None), (WITH_ID, "#d-1")])
def test_signature_by_signxml_is_found_whole(
    algorithm: Any, document: str, reference: str | None
) -> None:
    pki = small_pki(algorithm)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SIGNXML_METHODS[algorithm],
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    root = signer.sign(
        parsed(document),
        key=pki.key.pem.decode(),
        cert=[armored(pki.certificate).decode()],
        reference_uri=reference,
    )
    found_whole = check_document(etree.tostring(root, encoding="utf-8"))
    assert found_whole.octets == canonical(parsed(document))
    assert found_whole.certificate.dump() == pki.certificate.dump()


def test_empty_place_for_a_signature_is_not_one() -> None:
    root = parsed(MESSAGE)
    place = found(root, "CallerInformationSystemSignature")
    with pytest.raises(SignatureRefused, match="ожидаются SignedInfo"):
        signed(place, found(root, "SenderProvidedRequestData"), SMEV)
