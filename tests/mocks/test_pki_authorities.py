"""Certificates of a tenant: issued, held, revoked, and whether they are good at a moment."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mocks.core.country import Country
from mocks.core.service import Service
from mocks.pki import authorities, lists, standing
from mocks.pki import issued as issued_module
from mocks.pki.authorities import Authorities
from mocks.pki.hierarchy import ARCHIVE
from mocks.pki.issued import Ended
from signatures.certificates import Request, SubjectData, issue, parsed, subject_of
from signatures.keys import derived_key
from signatures.revocation import Revocation
from tests.mocks.pki_tenant import DAY_US, SECOND_US, PkiTenant
from tests.signatures.needs_gost import ALGORITHMS
from world.certificate_profiles import NOT_ACCREDITED
from world.filings import filing_of

EACH = pytest.mark.parametrize("algorithm", ALGORITHMS)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def pki() -> PkiTenant:
    return PkiTenant()


# --- the time of a certificate


@EACH
def test_certificate_is_good_from_its_first_to_its_last_second(
    pki: PkiTenant, algorithm: Any
) -> None:
    begin = pki.now + dt.timedelta(days=1)
    certificate = pki.issue(
        algorithm=algorithm, not_before=begin, not_after=begin + dt.timedelta(days=2)
    ).certificate
    told = [
        (us, pki.verdict(certificate, us))
        for us in (DAY_US - 1, DAY_US, 3 * DAY_US, 3 * DAY_US + 1, 3 * DAY_US + SECOND_US)
    ]
    assert told == [
        (DAY_US - 1, "not-yet-valid"),
        (DAY_US, "good"),
        (3 * DAY_US, "good"),
        (3 * DAY_US + 1, "expired"),
        (3 * DAY_US + SECOND_US, "expired"),
    ]


@EACH
def test_revocation_holds_from_its_second_on(pki: PkiTenant, algorithm: Any) -> None:
    issued = pki.issue(algorithm=algorithm)
    pki.advance(90 * SECOND_US + 500_000)
    assert pki.verdict(issued.certificate) == "good"
    pki.authorities.end(issued, "key_compromise", pki.now_us)
    told = [pki.verdict(issued.certificate, us) for us in (90 * SECOND_US - 1, 90 * SECOND_US)]
    assert told == ["good", "revoked"]
    pki.advance(100 * DAY_US)
    assert pki.verdict(issued.certificate) == "revoked"


@EACH
def test_hold_is_lifted_and_a_revocation_is_not(pki: PkiTenant, algorithm: Any) -> None:
    issued, authorities = pki.issue(algorithm=algorithm), pki.authorities
    told = [pki.verdict(issued.certificate)]
    acts: tuple[Callable[[], None], ...] = (
        lambda: authorities.end(issued, "certificate_hold", pki.now_us),
        lambda: authorities.lift(issued, pki.now_us),
        lambda: authorities.end(issued, "certificate_hold", pki.now_us),
        lambda: authorities.end(issued, "superseded", pki.now_us),
    )
    for act in acts:
        pki.advance(SECOND_US)
        act()
        told.append(pki.verdict(issued.certificate))
    assert told == ["good", "on-hold", "good", "on-hold", "revoked"]
    assert issued.endings == [
        Ended(SECOND_US, "certificate_hold", 2 * SECOND_US),
        Ended(3 * SECOND_US, "certificate_hold", 4 * SECOND_US),
        Ended(4 * SECOND_US, "superseded"),
    ]
    with pytest.raises(ValueError, match="revoked already"):
        authorities.end(issued, "certificate_hold", pki.now_us)
    with pytest.raises(ValueError, match="not on hold"):
        authorities.lift(issued, pki.now_us)


def test_what_is_found_good_is_asked_again_when_it_may_change(pki: PkiTenant) -> None:
    """A verdict is remembered, until the next list, revocation, or change of the registers."""
    issued = pki.issue()
    for _ in range(5):
        assert pki.verdict(issued.certificate) == "good"
        pki.advance(DAY_US)
    pki.authorities.end(issued, "certificate_hold", pki.now_us)
    assert pki.verdict(issued.certificate) == "on-hold"
    assert pki.verdict(issued.certificate, pki.now_us - 1) == "good"
    pki.authorities.lift(issued, pki.now_us)
    assert pki.verdict(issued.certificate) == "good"


# --- trust


@EACH
def test_authorities_outside_of_the_register_are_unknown(pki: PkiTenant, algorithm: Any) -> None:
    for authority in NOT_ACCREDITED:
        assert pki.verdict(pki.issue(authority.id, algorithm).certificate) == "unknown-root"


@EACH
def test_accreditation_is_withdrawn_and_given_back(pki: PkiTenant, algorithm: Any) -> None:
    ours, theirs = (pki.issue(name, algorithm).certificate for name in ("north", "guarantor"))
    trust_list = pki.authorities.trust_list
    assert trust_list.withdraw("north") is True
    assert (pki.verdict(ours), pki.verdict(theirs)) == ("unknown-root", "good")
    assert trust_list.accredited() == ("guarantor", "treasury", "archive")
    assert trust_list.withdraw("north") is False
    assert trust_list.accredit("north") is True
    assert pki.verdict(ours) == "good"
    assert trust_list.accredit("north") is False


@EACH
def test_root_is_taken_out_and_put_back(pki: PkiTenant, algorithm: Any) -> None:
    certificate = pki.issue("treasury", algorithm).certificate
    other = pki.issue("north", algorithm).certificate
    trust_list = pki.authorities.trust_list
    assert trust_list.distrust("head-2025") is True
    assert (pki.verdict(certificate), pki.verdict(other)) == ("unknown-root", "good")
    assert [root.id for root in trust_list.trusted()] == ["head", "head-2010"]
    assert trust_list.distrust("head-2025") is False
    assert trust_list.trust("head-2025") is True
    assert pki.verdict(certificate) == "good"


def test_what_was_never_trusted_stays_so(pki: PkiTenant) -> None:
    trust_list = pki.authorities.trust_list
    assert trust_list.accredit("express") is False
    assert trust_list.trust("express-root") is False
    assert trust_list.distrust("express-root") is False
    assert "express" not in trust_list.accredited()
    for act in (trust_list.withdraw, trust_list.accredit, trust_list.trust, trust_list.distrust):
        with pytest.raises(KeyError, match="nobody"):
            act("nobody")


@EACH
def test_certificate_under_a_root_whose_time_is_over_is_expired(
    pki: PkiTenant, algorithm: Any
) -> None:
    assert pki.verdict(pki.issue(ARCHIVE.id, algorithm).certificate) == "expired"


@pytest.mark.parametrize(
    ("start", "expected"),
    [(dt.datetime(2025, 12, 31, 23, 59, 58), "good"), (dt.datetime(2026, 1, 2), "expired")],
)
def test_root_is_good_to_its_last_day(start: dt.datetime, expected: str) -> None:
    pki = PkiTenant(start=start)
    assert pki.verdict(pki.issue(ARCHIVE.id).certificate) == expected


def test_certificate_of_another_country_is_unknown(pki: PkiTenant) -> None:
    other = PkiTenant(seed=2)
    assert pki.verdict(other.issue().certificate) == "unknown-root"


def test_self_signed_certificate_is_unknown(pki: PkiTenant) -> None:
    key = derived_key("ecc", "Ким")
    request = Request(
        serial=1, subject=SubjectData(common_name="Ким"), spki=key.spki, not_before=pki.now,
        not_after=pki.now + SECOND,
    )  # fmt: skip
    assert pki.verdict(issue(request, key)) == "unknown-root"
    root = pki.authorities.issuer("homemade-root", "ecc").certificate
    assert pki.verdict(root) == "unknown-root"


def test_certificates_of_authorities_do_not_sign(pki: PkiTenant) -> None:
    for name in ("north", "head"):
        assert pki.verdict(pki.authorities.issuer(name, "ecc").certificate) == "wrong-usage"


def test_certificate_that_a_root_itself_has_issued_is_of_no_accredited_authority(
    pki: PkiTenant,
) -> None:
    root = pki.authorities.issuer("head", "ecc")
    request = Request(
        serial=1, subject=SubjectData(common_name="Ким"), spki=derived_key("ecc", "Ким").spki,
        not_before=pki.now, not_after=pki.now + SECOND,
    )  # fmt: skip
    assert pki.verdict(issue(request, root)) == "unknown-root"
    assert pki.verdict(pki.authorities.responder(("head", "ecc")).certificate) == "unknown-root"


# --- who asks


@EACH
def test_status_is_of_the_issuer_that_is_asked(pki: PkiTenant, algorithm: Any) -> None:
    issued = pki.issue(algorithm=algorithm)
    key, status = ("north", algorithm), pki.authorities.status
    assert status(key, 7, pki.now_us) == "good"
    assert status(key, 8, pki.now_us) == "unknown"
    assert status(("guarantor", algorithm), 7, pki.now_us) == "unknown"
    pki.authorities.end(issued, "cessation_of_operation", pki.now_us)
    expected = Revocation(7, pki.now, "cessation_of_operation")
    assert status(key, 7, pki.now_us) == expected


def test_status_of_an_authority_is_its_roots_to_tell(pki: PkiTenant) -> None:
    serial = pki.authorities.issuer("north", "ecc").certificate.serial_number
    assert pki.authorities.status(("head", "ecc"), serial, 0) == "good"
    assert pki.authorities.status(("head-2025", "ecc"), serial, 0) == "unknown"
    assert pki.authorities.status(("head", "rsa"), serial, 0) == "unknown"


@EACH
def test_identity_of_a_system_is_good_and_the_same_each_time(
    pki: PkiTenant, algorithm: Any
) -> None:
    first = pki.authorities.identity("POLIGON", algorithm)
    again = pki.authorities.identity("POLIGON", algorithm)
    assert again.certificate.dump() == first.certificate.dump()
    assert first.key.spki == derived_key(algorithm, "system/POLIGON", 1).spki
    assert pki.verdict(first.certificate) == "good"
    assert subject_of(first.certificate).common_name == "POLIGON"
    serials = {
        pki.authorities.identity(name, algorithm).certificate.serial_number
        for name in ("POLIGON", "EGRUL", "FNS")
    }
    assert len(serials) == 3


@EACH
def test_certificate_of_a_system_stays_revoked_when_many_others_have_been_asked_for(
    monkeypatch: pytest.MonkeyPatch, pki: PkiTenant, algorithm: Any
) -> None:
    monkeypatch.setattr(standing, "_MOST", 1)
    first, key = pki.authorities.identity("SHOP", algorithm).certificate, ("north", algorithm)
    issued = pki.authorities.register.find(key, first.serial_number)
    assert issued is not None
    pki.authorities.end(issued, "key_compromise", pki.now_us)
    pki.authorities.identity("OTHER", algorithm)
    again = pki.authorities.identity("SHOP", algorithm).certificate
    assert again.dump() == first.dump()
    assert pki.verdict(again) == "revoked"
    revoked = Revocation(first.serial_number, pki.now, "key_compromise")
    assert pki.authorities.status(key, first.serial_number, pki.now_us) == revoked


@pytest.mark.parametrize("start", [None, dt.datetime(2048, 1, 1)])
def test_system_always_has_a_good_certificate(start: dt.datetime | None) -> None:
    pki = PkiTenant(start=start)
    for _ in range(12):
        assert pki.verdict(pki.authorities.identity("POLIGON", "ecc").certificate) == "good"
        pki.advance(40 * DAY_US)


def test_certificates_are_issued_until_time_ends() -> None:
    """After the roots' time they are issued still, and expired."""
    pki = PkiTenant(start=dt.datetime(9997, 10, 25))
    pki.advance(pki.tenant.clock.end_us - pki.now_us)
    certificate = pki.authorities.identity("POLIGON", "ecc").certificate
    assert pki.verdict(certificate) == "expired"


def test_register_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch, pki: PkiTenant) -> None:
    monkeypatch.setattr(issued_module, "MOST_ISSUED", 3)
    register, key = pki.authorities.register, ("north", "ecc")
    first = pki.issue(serial=1)
    pki.authorities.end(first, "key_compromise", pki.now_us)
    before = pki.authorities.revocation_list(("north", "ecc"), pki.now_us).crl_number_value.native
    for serial in (2, 3, 4):
        pki.issue(serial=serial)
    assert [each.serial for each in register] == [2, 3, 4]
    assert (register.find(("north", "ecc"), 1), register.ended(("north", "ecc"))) == (None, [])
    after = pki.authorities.revocation_list(("north", "ecc"), pki.now_us).crl_number_value.native
    assert (after, key[0]) == (before, "north")


def test_what_is_remembered_to_be_quick_is_bounded(
    monkeypatch: pytest.MonkeyPatch, pki: PkiTenant
) -> None:
    for module, name in (
        (authorities, "_MOST_GOOD"), (lists, "_REMEMBERED"), (standing, "_MOST"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, 2)
    for number in range(3):
        certificate = pki.authorities.identity(f"S{number}", "ecc").certificate
        assert pki.verdict(certificate) == "good"
        pki.advance(DAY_US)  # and there are other lists
    found = pki.authorities
    kept = found._good, found.lists._made, found._standing_certificates._made
    assert [len(each) for each in kept] == [2, 2, 2]


# --- the country's certificates


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_profile_gives_the_same_certificate_in_every_tenant(algorithm: str) -> None:
    country = Country([Service("egrul")], seed=1)
    other = country.create_tenant("other")
    filings = (filing_of(country.world, n, dt.date(2026, 2, 2)) for n in range(50))
    profile = next(f.certificate for f in filings if f.certificate.algorithm == algorithm)
    first, second = (
        tenant.state(Authorities).of_profile(profile) for tenant in (country.tenant(), other)
    )
    assert first.certificate.dump() == second.certificate.dump()
    assert parsed(first.certificate.dump()).serial_number % 2**64 == int(profile.serial, 16)


def test_profile_of_another_carrier_is_the_same_certificate(pki: PkiTenant) -> None:
    profile = filing_of(pki.country.world, 0, dt.date(2026, 2, 2)).certificate
    profile = replace(profile, algorithm="ecc")
    carriers = [replace(profile, carrier="cloud"), replace(profile, carrier="token", file="pfx")]
    first, second = (pki.authorities.of_profile(each) for each in carriers)
    assert first.certificate.dump() == second.certificate.dump()


def test_profile_is_revoked_from_the_midnight_of_its_day(pki: PkiTenant) -> None:
    profile = filing_of(pki.country.world, 0, dt.date(2026, 2, 2)).certificate
    profile = replace(profile, algorithm="ecc", revoked_on=dt.date(2026, 2, 4))
    certificate = pki.authorities.of_profile(profile).certificate
    midnight_us = pki.tenant.clock.calendar.midnight(dt.date(2026, 2, 4))
    assert pki.verdict(certificate) == "good"
    told = [pki.verdict(certificate, us) for us in (midnight_us - 1, midnight_us)]
    assert told == ["good", "revoked"]


def test_profile_is_valid_to_the_last_second_of_its_last_day(pki: PkiTenant) -> None:
    profile = filing_of(pki.country.world, 0, dt.date(2026, 2, 2)).certificate
    profile = replace(profile, algorithm="ecc")
    certificate = pki.authorities.of_profile(profile).certificate
    midnight = pki.tenant.clock.calendar.local(
        pki.tenant.clock.calendar.midnight(profile.not_after + dt.timedelta(days=1))
    )
    assert certificate.not_valid_after == midnight - SECOND
