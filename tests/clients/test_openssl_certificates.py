"""The `openssl` command judges chains, lists, OCSP answers and containers of a served country."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.openssl import Verdict, needs_openssl, openssl
from tests.clients.pki_files import PkiFiles, pki_files
from tests.signatures.needs_gost import ALGORITHMS
from world.filings import filing_of

pytestmark = needs_openssl

YEAR_S = 365 * 86_400
LIFETIME_S = 456 * 86_400
AGE_S = 30 * 86_400  # of a system's certificate at the start of the clock
DAY_S = 86_400


@pytest.fixture(params=ALGORITHMS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PkiFiles]:
    with pki_files(tmp_path, request.param) as made:
        yield made


def judged(files: PkiFiles, *words: str | Path, **options: Any) -> Verdict:
    return openssl(*words, gost=files.algorithm == "gost", **options)


def verified(files: PkiFiles, at: str, *options: str | Path) -> Verdict:
    """The verdict on the certificate of the system at a moment."""
    return judged(
        files, "verify", "-x509_strict", "-attime", at, "-CAfile", files.root, "-untrusted",
        files.authority, *options, files.certificate,
    )  # fmt: skip


def with_lists(files: PkiFiles) -> tuple[str | Path, ...]:
    return (
        "-crl_check_all", "-CRLfile", files.list_of("north"), "-CRLfile", files.list_of("head"),
    )  # fmt: skip


def asked(files: PkiFiles, *options: str | Path) -> Verdict:
    """What it makes of an OCSP answer; its own clock is another one than the country's."""
    return judged(
        files, "ocsp", "-url", f"{files.url}/cert_status/north-{files.algorithm}",
        "-issuer", files.authority, "-cert", files.certificate, "-CAfile", files.root,
        "-verify_other", files.authority, "-attime", files.seconds,
        "-validity_period", str(50 * YEAR_S), *options,
    )  # fmt: skip


def test_chain_is_good_within_the_time_of_the_certificate(files: PkiFiles) -> None:
    """The very last second, which RFC 5280 includes, OpenSSL counts as over."""
    for span, said in (
        (-AGE_S - 1, "certificate is not yet valid"),
        (-AGE_S, ""),
        (0, ""),
        (LIFETIME_S - AGE_S - 1, ""),
        (LIFETIME_S - AGE_S + 1, "certificate has expired"),
    ):
        verdict = verified(files, files.seconds_after(span))
        assert (verdict.code == 0) == (not said), verdict.said
        assert said in verdict.said


def test_chain_without_its_root_is_not_built(files: PkiFiles) -> None:
    verdict = judged(
        files, "verify", "-attime", files.seconds, "-CAfile", files.certificate, "-untrusted",
        files.authority, files.certificate,
    )  # fmt: skip
    assert verdict.code != 0
    assert "unable to get local issuer certificate" in verdict.said


def test_list_tells_before_and_after_a_revocation(files: PkiFiles) -> None:
    assert verified(files, files.seconds, *with_lists(files)).code == 0
    files.end("key_compromise")
    verdict = verified(files, files.seconds, *with_lists(files))
    assert verdict.code != 0
    assert "certificate revoked" in verdict.said


def test_list_is_good_for_a_day(files: PkiFiles) -> None:
    lists = with_lists(files)
    assert verified(files, files.seconds_after(DAY_S - 1), *lists).code == 0
    verdict = verified(files, files.seconds_after(DAY_S + 1), *lists)
    assert verdict.code != 0
    assert "CRL has expired" in verdict.said


def test_ocsp_answer_is_verified_and_tells_the_status(files: PkiFiles) -> None:
    verdict = asked(files)
    assert verdict.code == 0, verdict.said
    assert "Response verify OK" in verdict.said
    assert b"certificate.pem: good" in verdict.out
    files.end("certificate_hold")
    verdict = asked(files)
    assert "Response verify OK" in verdict.said
    assert b"certificate.pem: revoked" in verdict.out
    assert b"Reason: certificateHold" in verdict.out


def test_ocsp_answer_is_bound_to_its_question(files: PkiFiles) -> None:
    """The nonce comes back: without it the program would warn."""
    assert "no nonce" not in asked(files).said
    assert "nonce" not in asked(files, "-no_nonce").said


def test_ocsp_answer_of_another_root_is_not_believed(files: PkiFiles) -> None:
    verdict = asked(files, "-CAfile", files.certificate, "-no-CApath", "-no-CAstore")
    assert "Response Verify Failure" in verdict.said


def of_an_organization(files: PkiFiles) -> str:
    """Where the files of the first organization with that algorithm are."""
    day = dt.date(2026, 2, 2)
    filings = ((index, filing_of(files.country.world, index, day)) for index in range(200))
    index = next(n for n, each in filings if each.certificate.algorithm == files.algorithm)
    return f"ca/v1/organizations/{index}/{day}"


def test_container_gives_key_certificate_and_chain(files: PkiFiles) -> None:
    path = of_an_organization(files)
    container = files.got(f"{path}/container.pfx?password=пароль")
    verdict = judged(files, "pkcs12", "-in", container, "-passin", "pass:пароль", "-nodes")
    assert verdict.code == 0, verdict.said
    assert verdict.out.count(b"BEGIN CERTIFICATE") == 3
    public = judged(files, "pkey", "-in", files.got(f"{path}/key.pem"), "-pubout").out
    assert public.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert judged(files, "pkey", "-pubout", data=verdict.out).out == public
    wrong = judged(files, "pkcs12", "-in", container, "-passin", "pass:other", "-nodes")
    assert "invalid password" in wrong.said


def test_bundle_gives_the_chain(files: PkiFiles) -> None:
    bundle = files.got(f"{of_an_organization(files)}/certificate.p7b")
    verdict = judged(files, "pkcs7", "-inform", "DER", "-in", bundle, "-print_certs")
    assert verdict.code == 0
    assert verdict.out.count(b"BEGIN CERTIFICATE") == 3
