"""Defects of the subject: its organization is closed, its passport restricted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world.spoiling import DAY, KEYS, LEGAL, SOLE, filed, spoiled


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_organization_is_closed_after_its_registration_or_unreliable(index: int, key: int) -> None:
    organization = spoiled("org_liquidated", filed(index), key).subject.organization
    if organization.standing == "liquidated":
        assert organization.closed is not None
        assert organization.registered < organization.closed <= DAY
    else:
        assert (organization.standing, organization.kind) == ("unreliable", "legal")
        assert organization.closed is None


@settings(deadline=None)
@given(st.one_of(LEGAL, SOLE), KEYS)
def test_passport_is_restricted_after_its_issue(index: int, key: int) -> None:
    subject = spoiled("passport_restricted", filed(index), key).subject
    assert subject.applicant.passport.restriction in {"lost", "expired", "invalid"}
    assert subject.passport_restricted_on is not None
    assert subject.applicant.passport.issued < subject.passport_restricted_on <= DAY
