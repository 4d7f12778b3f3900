"""Defects of the certificate and of the clock it is checked by."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.spoiling import (
    BOOK,
    COUNTRY,
    DAY,
    KEYS,
    LEGAL,
    SOLE,
    filed,
    spoiled,
    spoiled_by_all,
    spoiled_in_extreme,
)
from world.filings import filing_of


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS, st.dates(DAY, dt.date(2030, 1, 1)))
def test_expired_certificate_ended_before_the_day_of_the_filing(
    index: int, key: int, day: dt.date
) -> None:
    before = filing_of(COUNTRY, index, day)
    certificate = spoiled("cert_expired", before, key).certificate
    registered = before.subject.organization.registered
    assert registered <= certificate.not_before <= certificate.not_after < day


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_revocation_is_known_by_the_filing_and_inside_the_validity(index: int, key: int) -> None:
    certificate = spoiled("cert_revoked", filed(index), key).certificate
    assert certificate.revoked_on is not None
    assert certificate.not_before <= certificate.revoked_on <= min(DAY, certificate.not_after)


@settings(deadline=None)
@given(LEGAL, KEYS)
def test_expired_and_revoked_certificate_was_revoked_while_valid(index: int, key: int) -> None:
    both = spoiled_by_all(["cert_revoked", "cert_expired"], filed(index), key).certificate
    other_way = spoiled("cert_expired", spoiled("cert_revoked", filed(index), key), key).certificate
    for certificate in (both, other_way):
        assert certificate.revoked_on is not None
        assert certificate.not_before <= certificate.revoked_on <= certificate.not_after < DAY


def test_unaccredited_authority_is_not_one_of_the_register() -> None:
    authority = spoiled("cert_not_accredited", filed(0), 1).certificate.authority
    assert not authority.accredited
    assert authority.id not in {filed(index).certificate.authority.id for index in range(50)}


def test_personal_certificate_is_the_signers_own() -> None:
    subject = spoiled("cert_personal", filed(0), 1).certificate.subject
    applicant = filed(0).subject.applicant
    assert subject.common_name == str(applicant.name)
    assert (subject.inn, subject.snils) == (applicant.inn, applicant.snils)
    assert (subject.legal_inn, subject.ogrn) == (None, None)


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS, st.integers(0, 10_000))
def test_clock_is_off_by_more_than_the_tolerance_of_the_policy(
    index: int, key: int, tolerance: int
) -> None:
    policy = BOOK.policy({"CERT-10.max_clock_skew_s": tolerance})
    skew = spoiled("clock_skew", filed(index), key, policy).environment.clock_skew_s
    assert tolerance < abs(skew) <= tolerance + 3600


def test_least_and_greatest_skew_are_a_second_and_an_hour_beyond_the_tolerance() -> None:
    skews = [
        spoiled_in_extreme("clock_skew", filed(0), value).environment.clock_skew_s
        for value in (1e-9, 1 - 1e-9)
    ]
    assert skews == [301, -3900]


def test_expired_certificate_had_the_usual_term_and_ended_up_to_sixty_days_ago() -> None:
    certificates = [
        spoiled_in_extreme("cert_expired", filed(0), value).certificate
        for value in (1e-9, 1 - 1e-9)
    ]
    validity = [(each.not_before, each.not_after) for each in certificates]
    assert validity == [
        (dt.date(2024, 11, 20), dt.date(2026, 2, 19)),
        (dt.date(2025, 1, 18), dt.date(2026, 4, 19)),
    ]


def test_clock_is_fast_or_slow() -> None:
    skews = [spoiled("clock_skew", filed(0), key).environment.clock_skew_s for key in range(50)]
    assert min(skews) < -300
    assert max(skews) > 300
