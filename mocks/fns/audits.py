"""Notices of tax audits: an accepted return begins a desk audit (Tax Code of Russia, art. 88)."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Any, Final

from mocks.case_work.applicants import asked_organization
from mocks.case_work.terms import last_moment
from mocks.core.http import Answer, json_answer
from mocks.core.inboxes import Message
from mocks.core.moments import moment
from mocks.core.service import Call
from mocks.core.tenant import Tenant
from world.reporting_periods import last_day_of_term

__all__ = ["Audits", "show_notices"]

_MOST_NOTICES: Final = 100  # of one organization, the latest ones
_MOST_ORGANIZATIONS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Notice:
    """A desk audit of report `report`: from its filing (µs) to the last µs of the term."""

    report: str
    subject: str
    begun_us: int
    ends_us: int

    def view(self, tenant: Tenant) -> dict[str, Any]:
        """The notice as answers show it; an audit is over after its last µs."""
        over = tenant.now_us > self.ends_us
        return {
            "kind": "camera",
            "kind_title": "Камеральная налоговая проверка",
            "report": self.report,
            "subject": self.subject,
            "begun": moment(tenant, self.begun_us),
            "ends": moment(tenant, self.ends_us),
            "status": "over" if over else "under_way",
            "status_title": "Завершена" if over else "Проводится",
        }


class Audits:
    """Notices by ИНН; the latest of the latest organizations are kept."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._notices: OrderedDict[str, deque[Notice]] = OrderedDict()

    def begin(
        self, inn: str, report: str, subject: str, filed_us: int, months: int, now_us: int
    ) -> None:
        """An audit of a report filed at `filed_us` is told now, also to the taxpayer's cabinet,
        whose inbox has the ИНН as its address."""
        calendar = self._tenant.clock.calendar
        last = last_day_of_term(calendar.date(filed_us), months)
        notice = Notice(report, subject, filed_us, last_moment(calendar, last))
        notices = self._notices.setdefault(inn, deque(maxlen=_MOST_NOTICES))
        self._notices.move_to_end(inn)
        notices.append(notice)
        if len(self._notices) > _MOST_ORGANIZATIONS:
            self._notices.popitem(last=False)
        self._tenant.inboxes.deliver(
            Message(
                id=f"audit/{report}",
                channel="push",
                to=inn,
                text=f"Начата камеральная налоговая проверка: {subject}, отчёт {report}",
                sent_us=now_us,
                delivered_us=now_us,
                subject="Уведомление о налоговой проверке",
                sender="ФНС России",
            )
        )

    def of(self, inn: str) -> list[Notice]:
        """Notices for an organization, oldest first."""
        return list(self._notices.get(inn, ()))


def show_notices(call: Call) -> Answer:
    """`?inn=`: notices of audits of the organization (INT-05)."""
    organization = asked_organization(call)
    notices = call.tenant.state(Audits).of(organization.inn)
    return json_answer(
        {"inn": organization.inn, "notices": [notice.view(call.tenant) for notice in notices]}
    )
