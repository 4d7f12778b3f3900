"""pyHanko, unmodified, judges signatures before and after a revocation, signs and stamps a PDF."""

import asyncio
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, pem
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import async_validate_detached_cms, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from signatures.certificates import parsed
from signatures.cms import sign, signed
from signatures.keys import PrivateKey
from signatures.timestamps import query, stamp_of, stamped, token_of
from tests.clients.pki_files import PkiFiles, pki_files
from tests.clients.stand import standing
from tests.signatures.ocsp_questions import question
from world.file_formats import file_content

DATA = "Заявление № 1".encode()
DAY_US = 86_400_000_000
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)
ALGORITHMS = ("rsa", "ecc")  # it knows no GOST


@pytest.fixture(params=ALGORITHMS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PkiFiles]:
    with pki_files(tmp_path, request.param) as made:
        yield made


def certificate_in(path: Path) -> Certificate:
    return parsed(path.read_bytes())


def made(files: PkiFiles) -> bytes:
    """A signature of the system, made now."""
    key = PrivateKey.from_pem(files.key.read_bytes())
    now = files.tenant.clock.local()
    return sign(DATA, key, certificate_in(files.certificate), at=now)


def judged(
    files: PkiFiles, message: bytes, moment: dt.datetime, data: bytes = DATA, **source: Any
) -> Any:
    """Its verdict at a moment, with words of revocation that may be later."""
    context = ValidationContext(
        trust_roots=[certificate_in(files.root)],
        other_certs=[certificate_in(files.authority)],
        moment=moment,
        revocation_mode="require",
        retroactive_revinfo=True,
        **source,
    )
    signature = cms.ContentInfo.load(message)["content"]
    return asyncio.run(async_validate_detached_cms(data, signature, context))


def lists(files: PkiFiles) -> dict[str, Any]:
    return {"crls": [files.list_of(name).read_bytes() for name in ("north", "head")]}


def answers(files: PkiFiles) -> dict[str, Any]:
    """OCSP answers about the system and its authority."""
    found = []
    own, authority = certificate_in(files.certificate), certificate_in(files.authority)
    for name, certificate in (("north", own), ("head", authority)):
        issuer = files.authorities.issuer(name, files.algorithm)
        asked = question(issuer, certificate.serial_number)
        path = files.posted(f"cert_status/{name}-{files.algorithm}", asked, f"{name}.ors")
        found.append(path.read_bytes())
    return {"ocsps": found}


def test_signature_is_good_before_a_revocation_and_not_after_by_todays_lists(
    files: PkiFiles,
) -> None:
    message = made(files)
    before = files.tenant.clock.local()
    files.tenant.advance(DAY_US)
    files.end("key_compromise")
    revoked = files.tenant.clock.local()
    told = []
    for moment in (before, revoked - SECOND, revoked + SECOND, revoked + HOUR):
        status = judged(files, message, moment, **lists(files))
        assert status.intact
        assert status.valid
        told.append((status.trusted, status.revocation_details is not None))
    assert told == [(True, False), (True, False), (False, True), (False, True)]


def test_signature_is_good_before_a_revocation_and_not_after_by_the_answers_of_each_time(
    files: PkiFiles,
) -> None:
    """An answer that tells of a later revocation is no good word for it."""
    message = made(files)
    before = files.tenant.clock.local()
    words = answers(files)
    files.tenant.advance(DAY_US)
    files.end("key_compromise")
    later = files.tenant.clock.local() + SECOND
    assert judged(files, message, before, **words).trusted
    status = judged(files, message, later, **answers(files))
    assert not status.trusted
    assert status.revocation_details is not None


@pytest.mark.parametrize("source", [lists, answers])
def test_held_certificate_is_good_again_when_the_hold_is_lifted(
    files: PkiFiles, source: Any
) -> None:
    message = made(files)
    told = []
    for act in ("hold", "lift"):
        files.tenant.advance(DAY_US)
        if act == "hold":
            files.end("certificate_hold")
        else:
            found = files.authorities.register.by_serial(
                certificate_in(files.certificate).serial_number
            )
            files.authorities.lift(found[0], files.tenant.now_us)
        moment = files.tenant.clock.local() + SECOND
        told.append(judged(files, message, moment, **source(files)).trusted)
    assert told == [False, True]


def test_altered_content_is_not_intact(files: PkiFiles) -> None:
    now = files.tenant.clock.local()
    status = judged(files, made(files), now, data=DATA + b"!", **lists(files))
    assert not status.intact


def test_foreign_root_is_not_trusted(files: PkiFiles, tmp_path: Path) -> None:
    now = files.tenant.clock.local()
    context = ValidationContext(
        trust_roots=[files.authorities.issuer("express-root", files.algorithm).certificate],
        other_certs=[certificate_in(files.authority)],
        moment=now,
        **lists(files),
    )
    signature = cms.ContentInfo.load(made(files))["content"]
    status = asyncio.run(async_validate_detached_cms(DATA, signature, context))
    assert (status.intact, status.trusted) == (True, False)


def test_time_stamp_in_a_signature_is_trusted(files: PkiFiles) -> None:
    message = made(files)
    asked = query(signed(message, DATA).value, nonce=5)
    token = token_of(files.posted(f"tsa/{files.algorithm}", asked, "answer.tsr").read_bytes())
    now = files.tenant.clock.local()
    status = judged(files, stamped(message, token), now, **lists(files))
    assert status.trusted
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.timestamp == now


# --- a document


def covered(content: bytes, byte_range: list[int]) -> bytes:
    """What a signature in a PDF is over."""
    return b"".join(
        content[start : start + length]
        for start, length in zip(byte_range[::2], byte_range[1::2], strict=True)
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_pdf_is_signed_with_our_key_and_stamped_over_http(tmp_path: Path, algorithm: Any) -> None:
    with standing(tmp_path) as stand:
        credentials = stand.credentials(algorithm=algorithm)

        def got(path: str) -> bytes:
            return stand.session().get(f"{stand.url}/{path}", timeout=30).content

        chain = pem.unarmor(got(f"ca/v1/systems/POLIGON/{algorithm}/chain.pem"), multiple=True)
        authority, root = (parsed(der) for _, _, der in chain)
        signer = SimpleSigner.load(  # type: ignore[no-untyped-call]
            str(credentials.key), str(credentials.certificate), other_certs=[authority]
        )
        content = sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(file_content("pdf", ["Договор"]))),
            PdfSignatureMetadata(
                field_name="Подпись", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
            ),
            signer=signer,
            timestamper=HTTPTimeStamper(f"{stand.url}/tsa/{algorithm}"),
        ).getvalue()
        lists_of = [got(f"cert_status/{name}-{algorithm}.crl") for name in ("north", "head")]
    context = ValidationContext(
        trust_roots=[root], other_certs=[authority], revocation_mode="require", crls=lists_of
    )
    embedded = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(embedded, context, context)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted
    unpadded = cms.ContentInfo.load(embedded.pkcs7_content).dump()
    ours = signed(unpadded, covered(content, [int(n) for n in embedded.byte_range]))
    stamp = stamp_of(ours)
    assert stamp is not None
    assert stamp.at == status.timestamp_validity.timestamp
