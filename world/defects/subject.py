"""What is wrong with those who stand behind a filing, as registries and the portal see them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, get_args

from world.defects.occasion import Occasion
from world.filings import Subject
from world.records import PassportRestriction, Standing

__all__ = ["SUBJECT"]

_RESTRICTIONS: Final[tuple[PassportRestriction, ...]] = get_args(PassportRestriction)


def _org_liquidated(subject: Subject, occasion: Occasion) -> Subject:
    """Closed between its registration and the filing; or, a legal entity's, unreliable since."""
    organization = subject.organization
    standings: tuple[Standing, ...] = ("liquidated",)
    if organization.kind == "legal":
        standings += ("unreliable",)
    standing = occasion.chance.one_of("organization/standing", standings)
    closed = _day_after(organization.registered, occasion, "organization/closed")
    return replace(
        subject,
        organization=replace(
            organization, standing=standing, closed=closed if standing == "liquidated" else None
        ),
    )


def _passport_restricted(subject: Subject, occasion: Occasion) -> Subject:
    passport = subject.applicant.passport
    restriction = occasion.chance.one_of("passport/restriction", _RESTRICTIONS)
    return replace(
        subject,
        applicant=replace(subject.applicant, passport=replace(passport, restriction=restriction)),
        passport_restricted_on=_day_after(passport.issued, occasion, "passport/restricted"),
    )


def _account_unconfirmed(subject: Subject, occasion: Occasion) -> Subject:
    return replace(subject, account_confirmed_on=None)


def _day_after(day: dt.date, occasion: Occasion, what: str) -> dt.date:
    """A day later than `day`, the day of the filing at the latest."""
    return occasion.chance.day(what, day + dt.timedelta(days=1), occasion.filing.as_of)


SUBJECT: Final[Mapping[str, Callable[[Subject, Occasion], Subject]]] = {
    "org_liquidated": _org_liquidated,
    "passport_restricted": _passport_restricted,
    "account_unconfirmed": _account_unconfirmed,
}
