"""Notices of tenders: so many every working day, each with a term for bids."""

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from mocks.case_work.terms import last_moment
from mocks.core.moments import moment
from mocks.core.tenant import Tenant
from world.activities import ACTIVITIES
from world.attributes import Attributes
from world.calendar import Calendar

__all__ = ["PER_DAY", "SERVICE", "Notice", "Notices"]

SERVICE: Final = "procurement"

PUBLISHED_AT: Final = dt.time(9)  # assumption: local time of a working day
PER_DAY: Final = 3  # assumption
_DAYS_BEFORE: Final = 5  # assumption: working days whose notices are there from the beginning
_BID_DAYS: Final = (7, 15)  # 44-ФЗ, art. 42: days for bids, by the price
_SMALL_KOPECKS: Final = 30_000_000_000  # 44-ФЗ, art. 42: up to 300 million roubles
_MOST_ROUBLES: Final = 500_000_000  # assumption
_MOST_NOTICES: Final = 10_000  # kept for a tenant, the latest ones


@dataclass(frozen=True, slots=True)
class Notice:
    """A tender: `number` has 19 digits as those of ЕИС, bids are taken to `bids_until_us`."""

    number: str
    okved: str
    price_kopecks: int
    published_us: int
    bids_until_us: int

    def view(self, tenant: Tenant) -> dict[str, Any]:
        """The notice as the feed has it."""
        return {
            "number": self.number,
            "subject": ACTIVITIES[self.okved],
            "okved": self.okved,
            "max_price_kopecks": self.price_kopecks,
            "published": moment(tenant, self.published_us),
            "bids_until": moment(tenant, self.bids_until_us),
        }


class Notices:
    """The notices of `tenant` from the first look on, in its feed."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._by_number: OrderedDict[str, Notice] = OrderedDict()
        calendar, now_us = tenant.clock.calendar, tenant.now_us
        day = calendar.date(now_us)
        for _ in range(_DAYS_BEFORE):
            day = _working_day(calendar, day, -1)
        while self._publishing_us(day) <= now_us:
            self._publish(self._publishing_us(day))
            day = _working_day(calendar, day, 1)
        self._await(day)

    def by_number(self, number: str) -> Notice | None:
        """The notice of that number."""
        return self._by_number.get(number)

    def _await(self, day: dt.date) -> None:
        def publish(now_us: int) -> None:
            self._publish(now_us)
            self._await(_working_day(self._tenant.clock.calendar, day, 1))

        self._tenant.agenda.at(self._publishing_us(day), publish)

    def _publish(self, now_us: int) -> None:
        calendar = self._tenant.clock.calendar
        day = calendar.date(now_us)
        for k in range(PER_DAY):
            notice = self._drawn(day, k, now_us)
            self._by_number[notice.number] = notice
            self._tenant.feed(SERVICE).publish(
                notice.number,
                {"notice": notice.view(self._tenant)},
                self._tenant.keys.made(SERVICE, f"notice {notice.number}"),
                now_us,
            )
        while len(self._by_number) > _MOST_NOTICES:
            self._by_number.popitem(last=False)

    def _drawn(self, day: dt.date, k: int, now_us: int) -> Notice:
        calendar = self._tenant.clock.calendar
        draws = Attributes("tender", self._tenant.seed, day.toordinal() * PER_DAY + k)
        price = (1 + draws.below("price", _MOST_ROUBLES)) * 100
        days = _BID_DAYS[price > _SMALL_KOPECKS]
        return Notice(
            number=f"0{draws.digits('customer', 10)}{day:%y}{day.timetuple().tm_yday:03}{k:03}",
            okved=draws.one_of("okved", tuple(ACTIVITIES)),
            price_kopecks=price,
            published_us=now_us,
            bids_until_us=last_moment(calendar, day + dt.timedelta(days=days)),
        )

    def _publishing_us(self, day: dt.date) -> int:
        return self._tenant.clock.calendar.instant(dt.datetime.combine(day, PUBLISHED_AT))


def _working_day(calendar: Calendar, day: dt.date, step: int) -> dt.date:
    """The next working day after `day`, or the last one before it."""
    day += dt.timedelta(days=step)
    while not calendar.is_working_day(day):
        day += dt.timedelta(days=step)
    return day
