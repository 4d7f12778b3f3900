"""The `openssl` command judges CMS signatures and time stamps, and makes some to be judged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from signatures.certificates import parsed
from signatures.cms import sign, signed
from signatures.keys import PrivateKey
from signatures.refusals import SignatureRefused
from signatures.timestamps import stamp_of, stamped, token_of, verified
from tests.clients.openssl import Verdict, needs_openssl, openssl
from tests.clients.pki_files import PkiFiles, pki_files
from tests.signatures.needs_gost import ALGORITHMS

pytestmark = needs_openssl

DATA = "Заявление № 1\r\n".encode()
DIGEST = {"rsa": "sha256", "ecc": "sha384", "gost": "md_gost12_256"}
HOUR_S = 3_600


@pytest.fixture(params=ALGORITHMS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PkiFiles]:
    with pki_files(tmp_path, request.param) as made:
        yield made


def judged(files: PkiFiles, *words: str | Path) -> Verdict:
    return openssl(*words, gost=files.algorithm == "gost")


# --- CMS


def made(files: PkiFiles, *, attached: bool = False) -> bytes:
    """A signature of the system, with its key and certificate as files."""
    return sign(
        DATA,
        PrivateKey.from_pem(files.key.read_bytes()),
        parsed(files.certificate.read_bytes()),
        at=files.tenant.clock.local(),
        attached=attached,
        chain=[parsed(files.authority.read_bytes())],
    )


def cms_verified(files: PkiFiles, message: bytes, at: str, *options: str | Path) -> Verdict:
    return judged(
        files, "cms", "-verify", "-binary", "-inform", "DER", "-in",
        files.written("message.p7s", message), "-CAfile", files.root, "-attime", at, *options,
    )  # fmt: skip


def test_signature_is_verified_over_its_content_and_no_other(files: PkiFiles) -> None:
    message = made(files)
    content = files.written("content", DATA)
    verdict = cms_verified(files, message, files.seconds, "-content", content)
    assert verdict.code == 0, verdict.said
    assert verdict.out == DATA
    other = files.written("other", DATA + b" ")
    verdict = cms_verified(files, message, files.seconds, "-content", other)
    assert verdict.code != 0
    assert "verification failure" in verdict.said


def test_attached_signature_gives_its_content(files: PkiFiles) -> None:
    verdict = cms_verified(files, made(files, attached=True), files.seconds)
    assert (verdict.code, verdict.out) == (0, DATA)


def test_signature_is_refused_when_its_certificate_is_over(files: PkiFiles) -> None:
    late = files.seconds_after(456 * 24 * HOUR_S)
    verdict = cms_verified(files, made(files, attached=True), late)
    assert verdict.code != 0
    assert "certificate has expired" in verdict.said


def test_signature_is_refused_after_a_revocation(files: PkiFiles) -> None:
    """The lists lie inside of a PEM file of roots, where the command looks for them."""

    def lists() -> Path:
        texts = [
            openssl("crl", "-inform", "DER", "-in", files.list_of(name)).out
            for name in ("north", "head")
        ]
        return files.written("trust.pem", files.root.read_bytes() + b"".join(texts))

    message = made(files, attached=True)
    told = []
    for reason in (None, "key_compromise"):
        if reason is not None:
            files.end(reason)
        verdict = cms_verified(files, message, files.seconds, "-crl_check_all", "-CAfile", lists())
        told.append((verdict.code == 0, "certificate revoked" in verdict.said))
    assert told == [(True, False), (False, True)]


@pytest.mark.parametrize("options", [(), ("-noattr",), ("-keyid",), ("-cades",)], ids=str)
@pytest.mark.parametrize("attached", [True, False])
def test_signature_of_the_command_is_verified(
    files: PkiFiles, options: tuple[str, ...], attached: bool
) -> None:
    content = files.written("content", DATA)
    verdict = judged(
        files, "cms", "-sign", "-binary", "-in", content, "-signer", files.certificate,
        "-inkey", files.key, "-md", DIGEST[files.algorithm], "-outform", "DER",
        *(["-nodetach"] if attached else []), *options,
    )  # fmt: skip
    assert verdict.code == 0, verdict.said
    found = signed(verdict.out, None if attached else DATA)
    assert found.content == DATA
    assert found.certificate.dump() == parsed(files.certificate.read_bytes()).dump()
    with pytest.raises(SignatureRefused) as refusal:
        signed(verdict.out, DATA + b" ")
    bare = "-noattr" in options and not attached
    assert refusal.value.code == ("signature" if bare else "digest")


# --- time stamps


def request(files: PkiFiles, content: bytes, *options: str) -> Path:
    """A request of the command to stamp `content`."""
    made = files.folder / f"{len(content)}.tsq"
    verdict = judged(
        files, "ts", "-query", "-data", files.written("content", content), "-out", made, *options
    )
    assert verdict.code == 0, verdict.said
    return made


def answer_to(files: PkiFiles, asked: Path) -> Path:
    return files.posted(f"tsa/{files.algorithm}", asked.read_bytes(), "answer.tsr")


def ts_verified(files: PkiFiles, answer: Path, *options: str | Path) -> Verdict:
    service = files.got(f"tsa/{files.algorithm}.pem")
    return judged(
        files, "ts", "-verify", "-in", answer, "-CAfile", files.root, "-untrusted", service,
        "-attime", files.seconds, *options,
    )  # fmt: skip


@pytest.mark.parametrize("certificates", [("-cert",), ()], ids=["with certificates", "without"])
@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512"])
def test_time_stamp_answers_the_request(
    files: PkiFiles, digest: str, certificates: tuple[str, ...]
) -> None:
    asked = request(files, DATA, digest, *certificates)
    answer, content = answer_to(files, asked), files.written("content", DATA)
    for options in (("-queryfile", asked), ("-data", content)):
        verdict = ts_verified(files, answer, *options)
        assert verdict.code == 0, verdict.said
        assert b"Verification: OK" in verdict.out
    other = request(files, DATA + b" ", digest)
    verdict = ts_verified(files, answer, "-queryfile", other)
    assert verdict.code != 0
    assert "mismatch" in verdict.said


def test_time_stamp_is_read_as_it_was_given(files: PkiFiles) -> None:
    options = ("-sha256", "-cert", "-tspolicy", "2.999.643.1")
    answer = answer_to(files, request(files, DATA, *options))
    text = judged(files, "ts", "-reply", "-in", answer, "-text").out.decode()
    assert "Status: Granted." in text
    assert "Policy OID: 2.999.643.1" in text
    assert "Time stamp: Feb  2 07:00:00 2026 GMT" in text
    assert "Accuracy: 0x01 seconds" in text
    stamp = verified(token_of(answer.read_bytes()), DATA)
    assert stamp.at == files.tenant.clock.local()


def test_refusal_is_read_as_it_was_given(files: PkiFiles) -> None:
    answer = answer_to(files, request(files, DATA, "-sha256", "-tspolicy", "1.2.3"))
    text = judged(files, "ts", "-reply", "-in", answer, "-text").out.decode()
    assert "Status: Rejected." in text
    assert "the requested TSA policy is not supported by the TSA" in text


def test_stamped_signature_is_still_verified(files: PkiFiles) -> None:
    message = made(files)
    answer = answer_to(files, request(files, signed(message, DATA).value, "-sha256", "-cert"))
    whole = stamped(message, token_of(answer.read_bytes()))
    content = files.written("content", DATA)
    assert cms_verified(files, whole, files.seconds, "-content", content).code == 0
    stamp = stamp_of(signed(whole, DATA))
    assert stamp is not None
    assert stamp.at == files.tenant.clock.local()
