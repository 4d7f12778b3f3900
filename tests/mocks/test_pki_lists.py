"""Lists of revoked certificates: when they come out, under which number, with what."""

from collections.abc import Callable
from typing import Any

import pytest
from asn1crypto.crl import CertificateList

from mocks.pki.issued import MOST_ENDINGS
from tests.mocks.pki_tenant import DAY_US, HOUR_US, SECOND_US, PkiTenant
from tests.signatures.needs_gost import ALGORITHMS

KEY: Any = ("north", "ecc")


@pytest.fixture
def pki() -> PkiTenant:
    return PkiTenant()


def listed(pki: PkiTenant, key: Any = KEY) -> CertificateList:
    return pki.authorities.revocation_list(key, pki.now_us)


def number(whole: CertificateList) -> int:
    return int(whole.crl_number_value.native)


def revoked(whole: CertificateList) -> dict[int, str]:
    """Reasons by serial number."""
    return {
        entry["user_certificate"].native: entry.crl_reason_value.native
        for entry in whole["tbs_cert_list"]["revoked_certificates"] or ()
    }


def this_update_us(pki: PkiTenant, whole: CertificateList) -> int:
    calendar = pki.tenant.clock.calendar
    return calendar.instant(whole["tbs_cert_list"]["this_update"].native)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_list_comes_out_every_twelve_hours_for_a_day(pki: PkiTenant, algorithm: Any) -> None:
    seen = []
    for us in (0, 12 * HOUR_US - 1, 12 * HOUR_US, 24 * HOUR_US, 36 * HOUR_US - 1):
        pki.advance(us - pki.now_us)
        whole = listed(pki, ("north", algorithm))
        body = whole["tbs_cert_list"]
        assert body["next_update"].native - body["this_update"].native == pki.now - (
            pki.tenant.clock.calendar.local(pki.now_us - DAY_US)
        )
        seen.append((this_update_us(pki, whole) // HOUR_US, number(whole)))
    assert seen == [
        (0, 1_000_000), (0, 1_000_000), (12, 1_000_001), (24, 1_000_002), (24, 1_000_002),
    ]  # fmt: skip


def test_list_is_the_same_bytes_until_the_next_one(pki: PkiTenant) -> None:
    first = listed(pki).dump()
    pki.advance(12 * HOUR_US - 1)
    assert listed(pki).dump() == first
    pki.advance(1)
    assert listed(pki).dump() != first


def test_change_brings_a_list_out_at_once(pki: PkiTenant) -> None:
    issued = pki.issue()
    before = number(listed(pki))
    pki.advance(HOUR_US + 400_000)
    pki.authorities.end(issued, "key_compromise", pki.now_us)
    whole = listed(pki)
    assert this_update_us(pki, whole) == HOUR_US
    assert (number(whole), revoked(whole)) == (before + 1, {7: "key_compromise"})
    assert revoked(listed(pki, ("guarantor", "ecc"))) == {}
    assert number(listed(pki, ("north", "rsa"))) == before


def test_held_certificate_is_on_the_list_until_the_hold_is_lifted(pki: PkiTenant) -> None:
    issued = pki.issue()
    told = []
    acts: tuple[Callable[[], None], ...] = (
        lambda: pki.authorities.end(issued, "certificate_hold", pki.now_us),
        lambda: pki.authorities.lift(issued, pki.now_us),
        lambda: pki.authorities.end(issued, "certificate_hold", pki.now_us),
        lambda: pki.authorities.end(issued, "superseded", pki.now_us),
    )
    for act in acts:
        pki.advance(HOUR_US)
        act()
        told.append((number(listed(pki)), revoked(listed(pki))))
    assert told == [
        (1_000_001, {7: "certificate_hold"}),
        (1_000_002, {}),
        (1_000_003, {7: "certificate_hold"}),
        (1_000_005, {7: "superseded"}),  # the hold ends as the revocation begins
    ]


def test_list_of_earlier_says_what_was_known_then(pki: PkiTenant) -> None:
    issued = pki.issue()
    issuer = pki.authorities.issuer(*KEY)
    pki.advance(DAY_US)
    pki.authorities.end(issued, "key_compromise", pki.now_us)
    lists = pki.authorities.lists
    assert revoked(lists.published(KEY, issuer, DAY_US - SECOND_US)) == {}
    assert revoked(lists.published(KEY, issuer, DAY_US)) == {7: "key_compromise"}


def test_numbers_never_fall_however_often_a_certificate_is_held(pki: PkiTenant) -> None:
    issued = pki.issue()
    numbers = [number(listed(pki))]
    for _ in range(MOST_ENDINGS + 10):
        pki.authorities.end(issued, "certificate_hold", pki.now_us)
        numbers.append(number(listed(pki)))
        pki.authorities.lift(issued, pki.now_us)
        numbers.append(number(listed(pki)))
        pki.advance(SECOND_US)
    assert numbers == list(range(1_000_000, 1_000_000 + len(numbers)))
    assert len(issued.endings) == MOST_ENDINGS


def test_list_of_a_root_names_authorities_only(pki: PkiTenant) -> None:
    pki.authorities.end(pki.issue(), "key_compromise", pki.now_us)
    assert revoked(listed(pki, ("head", "ecc"))) == {}
