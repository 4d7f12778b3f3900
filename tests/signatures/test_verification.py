"""Whether a certificate is good at a moment: both sides of every boundary, each reason apart."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from asn1crypto import algos, crl, ocsp

from signatures.certificates import Certificate, Issuer, Request, SubjectData, issue, parsed
from signatures.keys import derived_key
from signatures.refusals import SignatureRefused
from signatures.revocation import (
    CertificateStatus,
    Revocation,
    revocation_list,
    status_request,
    status_response,
)
from signatures.verification import Trust, check
from tests.signatures.needs_gost import ALGORITHMS
from tests.signatures.ocsp_questions import question
from tests.signatures.small_pki import (
    FROM,
    NOW,
    ROOT_FROM,
    ROOT_TO,
    TO,
    SmallPki,
    small_pki,
    utc,
)

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)


def trust(pki: SmallPki, **more: Any) -> Trust:
    return Trust(roots=[pki.root.certificate], known=[pki.authority.certificate], **more)


def verdict(certificate: Certificate, at: dt.datetime, trusted: Trust, **options: Any) -> str:
    """`good`, or the code of the refusal."""
    try:
        check(certificate, at, trusted, **options)
    except SignatureRefused as refusal:
        return refusal.code
    return "good"


def lists(
    pki: SmallPki, *revoked: Revocation, at: dt.datetime = NOW, of_root: Sequence[Revocation] = ()
) -> list[crl.CertificateList]:
    """The lists of the authority and of the root, published `at` a moment for a day."""
    return [
        revocation_list(issuer, told, at, at + DAY, 1)
        for issuer, told in ((pki.authority, revoked), (pki.root, of_root))
    ]


def answers(
    pki: SmallPki, status: CertificateStatus, at: dt.datetime = NOW, serial: int | None = None
) -> list[ocsp.OCSPResponse]:
    """OCSP answers about the certificate and about its authority, good for a day."""
    made = []
    for issuer, asked_serial, said in (
        (pki.authority, serial or pki.certificate.serial_number, status),
        (pki.root, pki.authority.certificate.serial_number, "good"),
    ):
        key = derived_key(pki.key.algorithm, "responder")
        own = Request(
            serial=77, subject=SubjectData(common_name="OCSP"), spki=key.spki,
            not_before=ROOT_FROM, not_after=ROOT_TO, usage="ocsp",
        )  # fmt: skip
        responder = Issuer(certificate=issue(own, issuer), key=key)
        request = status_request(question(issuer, asked_serial))
        statuses: Any = dict.fromkeys(request.asked, said)
        made.append(
            ocsp.OCSPResponse.load(status_response(responder, request, statuses, at, at + DAY))
        )
    return made


@EACH
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (FROM - MICROSECOND, "not-yet-valid"),
        (FROM, "good"),
        (TO, "good"),
        (TO + SECOND, "expired"),
    ],
)
def test_certificate_is_good_from_its_first_to_its_last_second(
    algorithm: Any, at: dt.datetime, expected: str
) -> None:
    pki = small_pki(algorithm)
    assert verdict(pki.certificate, at, trust(pki)) == expected


@EACH
def test_chain_is_given_from_the_root_down(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    chain = check(pki.certificate, NOW, trust(pki))
    assert [each.dump() for each in chain] == [
        each.dump() for each in (pki.root.certificate, pki.authority.certificate, pki.certificate)
    ]


@EACH
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (ROOT_FROM, NOW, "good"),
        (ROOT_FROM, NOW - SECOND, "expired"),
        (NOW, ROOT_TO, "good"),
        (NOW + SECOND, ROOT_TO, "not-yet-valid"),
    ],
)
def test_root_has_its_time_too(
    algorithm: Any, first: dt.datetime, last: dt.datetime, expected: str
) -> None:
    """RFC 5280 would let an expired root be trusted; CERT-02 does not."""
    pki = small_pki(algorithm)
    root = issue(
        Request(
            serial=1, subject=SubjectData(common_name="Корень", country="RU"),
            spki=pki.root.key.spki, not_before=first, not_after=last, usage="root",
        ),
        pki.root.key,
    )  # fmt: skip
    above = Issuer(certificate=root, key=pki.root.key)
    direct = issue(
        Request(
            serial=2, subject=SubjectData(common_name="Ким"), spki=pki.key.spki,
            not_before=ROOT_FROM, not_after=ROOT_TO,
        ),
        above,
    )  # fmt: skip
    assert verdict(direct, NOW, Trust(roots=[root])) == expected


@EACH
def test_foreign_root_is_told_apart_from_everything_else(algorithm: Any) -> None:
    pki, other = small_pki(algorithm), small_pki(algorithm, "Чужой")
    certificate = pki.certificate
    assert verdict(certificate, NOW, trust(other)) == "unknown-root"
    assert verdict(certificate, NOW, Trust(roots=[])) == "unknown-root"
    without_authority = Trust(roots=[pki.root.certificate])
    assert verdict(certificate, NOW, without_authority) == "unknown-root"


@EACH
def test_root_of_the_same_name_with_another_key_is_foreign(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    thief = derived_key(algorithm, "thief")
    root = issue(
        Request(
            serial=1, subject=SubjectData(common_name="Испытательный корень", country="RU"),
            spki=thief.spki, not_before=ROOT_FROM, not_after=ROOT_TO, usage="root",
        ),
        thief,
    )  # fmt: skip
    assert root.subject == pki.root.certificate.subject
    trusted = Trust(roots=[root], known=[pki.authority.certificate])
    assert verdict(pki.certificate, NOW, trusted) == "unknown-root"


@EACH
def test_certificate_signed_by_somebody_else_is_refused(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    forged = issue(
        Request(
            serial=3, subject=SubjectData(common_name="Ким"), spki=pki.key.spki,
            not_before=FROM, not_after=TO,
        ),
        Issuer(certificate=pki.authority.certificate, key=derived_key(algorithm, "thief")),
    )  # fmt: skip
    assert verdict(forged, NOW, trust(pki)) in ("signature", "unknown-root")


def test_authority_with_a_changed_byte_certifies_nobody_or_as_it_did() -> None:
    pki = small_pki("ecc")
    whole, codes = pki.authority.certificate.dump(), set()
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        try:
            known = [parsed(changed)]
        except SignatureRefused:
            continue
        codes.add(verdict(pki.certificate, NOW, Trust([pki.root.certificate], known)))
    assert codes == {"signature", "unknown-root"}


@EACH
def test_certificate_may_not_certify_others(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    below = issue(
        Request(
            serial=3, subject=SubjectData(common_name="Ким"), spki=pki.key.spki,
            not_before=FROM, not_after=TO,
        ),
        Issuer(certificate=pki.certificate, key=pki.key),
    )  # fmt: skip
    trusted = Trust(
        roots=[pki.root.certificate], known=[pki.authority.certificate, pki.certificate]
    )
    assert verdict(below, NOW, trusted) != "good"


@EACH
def test_certificate_is_for_its_purpose_alone(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    timestamp = pki.issue(8, pki.key, "timestamp")
    assert verdict(timestamp, NOW, trust(pki), extended_usage=["time_stamping"]) == "good"
    assert verdict(timestamp, NOW, trust(pki), extended_usage=["ocsp_signing"]) == "wrong-usage"
    assert (
        verdict(pki.certificate, NOW, trust(pki), extended_usage=["time_stamping"]) == "wrong-usage"
    )
    assert verdict(pki.authority.certificate, NOW, trust(pki)) == "wrong-usage"


# --- revocation


def revoked(pki: SmallPki, reason: Any = "key_compromise", at: dt.datetime = NOW) -> Revocation:
    return Revocation(pki.certificate.serial_number, at, reason)


@EACH
@pytest.mark.parametrize(
    ("reason", "code"), [("key_compromise", "revoked"), ("certificate_hold", "on-hold")]
)
def test_revocation_holds_from_its_instant_on(algorithm: Any, reason: str, code: str) -> None:
    pki = small_pki(algorithm)
    crls = lists(pki, revoked(pki, reason))
    for at, expected in ((NOW - MICROSECOND, "good"), (NOW, code), (NOW + SECOND, code)):
        found = verdict(pki.certificate, at, trust(pki, crls=crls), later_lists=True)
        assert found == expected


@EACH
def test_list_is_good_until_the_next_one_is_due(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    trusted = trust(pki, crls=lists(pki))
    assert verdict(pki.certificate, NOW - MICROSECOND, trusted) == "status-unknown"
    assert verdict(pki.certificate, NOW, trusted) == "good"
    assert verdict(pki.certificate, NOW + DAY, trusted) == "good"
    assert verdict(pki.certificate, NOW + DAY + SECOND, trusted) == "status-unknown"


@EACH
def test_old_signature_is_checked_with_a_list_of_today(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    today = NOW + 30 * DAY
    crls = lists(pki, revoked(pki, at=NOW), at=today)
    for at, expected in ((NOW - SECOND, "good"), (NOW, "revoked"), (today, "revoked")):
        assert verdict(pki.certificate, at, trust(pki, crls=crls), later_lists=True) == expected


@EACH
def test_revocation_of_another_certificate_does_not_matter(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    crls = lists(pki, Revocation(7, NOW, "key_compromise"))
    assert verdict(pki.certificate, NOW, trust(pki, crls=crls)) == "good"
    same_number_of_the_root = lists(pki, of_root=[revoked(pki)])
    assert verdict(pki.certificate, NOW, trust(pki, crls=same_number_of_the_root)) == "good"


@EACH
def test_revoked_authority_takes_its_certificates_along(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    fallen = Revocation(pki.authority.certificate.serial_number, NOW, "ca_compromise")
    crls = lists(pki, of_root=[fallen])
    for at in (NOW, NOW + SECOND):
        assert verdict(pki.certificate, at, trust(pki, crls=crls)) == "revoked"


@EACH
def test_every_certificate_below_a_root_needs_word_of_it(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    for crls in lists(pki):
        assert verdict(pki.certificate, NOW, trust(pki, crls=[crls])) == "status-unknown"


@EACH
def test_list_signed_by_somebody_else_is_no_word(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    thief = Issuer(certificate=pki.authority.certificate, key=derived_key(algorithm, "thief"))
    crls = [revocation_list(thief, [], NOW, NOW + DAY, 1), lists(pki)[1]]
    assert verdict(pki.certificate, NOW, trust(pki, crls=crls)) == "status-unknown"


@EACH
def test_answer_of_ocsp_is_taken_as_word(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    for status, expected in (
        ("good", "good"),
        (revoked(pki), "revoked"),
        (revoked(pki, "certificate_hold"), "on-hold"),
        ("unknown", "status-unknown"),
    ):
        trusted = trust(pki, ocsps=answers(pki, status))  # type: ignore[arg-type]
        assert verdict(pki.certificate, NOW, trusted) == expected
    about_another = trust(pki, ocsps=answers(pki, "good", serial=7))
    assert verdict(pki.certificate, NOW, about_another) == "status-unknown"


@EACH
def test_answer_of_ocsp_grows_old(algorithm: Any) -> None:
    pki = small_pki(algorithm)
    trusted = trust(pki, ocsps=answers(pki, "good"))
    assert verdict(pki.certificate, NOW + DAY, trusted) == "good"
    assert verdict(pki.certificate, NOW + DAY + SECOND, trusted) == "status-unknown"


def test_certificate_of_another_algorithm_than_its_root_is_good() -> None:
    """An authority with an RSA key may certify a key of P-256."""
    pki, other = small_pki("rsa"), small_pki("ecc")
    assert verdict(pki.issue(9, other.key), NOW, trust(pki)) == "good"


OTHER_ALGORITHMS = sorted(
    set(algos.SignedDigestAlgorithmId._map.values()) - {"sha256_rsa", "sha256_ecdsa"}
)


@EACH
@pytest.mark.parametrize("name", OTHER_ALGORITHMS)
def test_signature_of_an_authority_in_another_algorithm_is_refused(
    algorithm: Any, name: str
) -> None:
    """SHA-1 among them, which is none of the country, whoever signs with it."""
    pki = small_pki(algorithm)
    other = Certificate.load(pki.certificate.dump())
    for place in (other["tbs_certificate"]["signature"], other["signature_algorithm"]):
        place["algorithm"] = name
    found = verdict(Certificate.load(other.dump(force=True)), NOW, trust(pki))
    assert found in ("algorithm", "signature", "malformed")


def test_moment_may_be_of_any_zone() -> None:
    pki = small_pki("ecc")
    moscow = dt.timezone(dt.timedelta(hours=3))
    assert verdict(pki.certificate, TO.astimezone(moscow), trust(pki)) == "good"
    assert verdict(pki.certificate, (TO + SECOND).astimezone(moscow), trust(pki)) == "expired"
    assert verdict(pki.certificate, utc(9998, 12, 31), trust(pki)) == "expired"
