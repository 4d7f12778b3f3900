"""The report of monitoring: applications done and overdue by day, category, status and who is in
charge, and what they come to in number, kind and money (APP-05)."""

import base64
import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from portal.applications.application import (
    APPLICATION_STATES,
    FINAL,
    Application,
    applications_of,
    shown,
)
from portal.applications.kinds import CATEGORIES
from portal.audit.report import MEDIA_TYPE
from portal.organizations.admission import in_organization
from portal.organizations.membership import members_of
from portal.organizations.organization import Organization
from portal.rules.applications import MonitoringSelection, is_overdue, selection_is_right
from portal.rules.rights import VIEW_REPORTS
from portal.rules.rule import Violation
from portal.use_case import Context, Outcome, refused, view

__all__ = ["MonitoringQuery", "applications_report", "applications_report_file"]

_COLUMNS: Final = {
    "number": "Номер",
    "title": "Вид",
    "category_title": "Категория",
    "state_title": "Статус",
    "responsible": "Ответственный",
    "submitted_at": "Подано",
    "expected": "Срок",
    "finished_at": "Завершено",
    "is_overdue": "Просрочено",
    "price_kopecks": "Стоимость, коп.",
}


@dataclass(frozen=True, kw_only=True)
class MonitoringQuery:
    """Which applications of an organization: submitted on days ГГГГ-ММ-ДД of the portal's zone,
    both included, of a category, in a status, with somebody in charge (an account)."""

    organization: str
    date_from: str = ""
    date_to: str = ""
    category: str = ""
    status: str = ""
    responsible: str = ""


@view(MonitoringQuery)
@in_organization(VIEW_REPORTS)
def applications_report(context: Context, query: MonitoringQuery, found: Organization) -> Outcome:
    """The report: lines, how many are done and overdue, numbers and money by category and kind."""
    violations = _wrong_selection(context, query, found)
    if violations:
        return refused(violations)
    chosen = _chosen(context, query, found)
    return Outcome(
        state="shown",
        data={
            "items": [shown(context, each) for each in chosen],
            "done": sum(each.state in FINAL for each in chosen),
            "overdue": sum(_is_overdue(context, each) for each in chosen),
            "by_status": _counted(each.state for each in chosen),
            "by_category": _counted(each.of_kind.category for each in chosen),
            "by_kind": _counted(each.kind for each in chosen),
            "by_responsible": _counted(each.responsible or "" for each in chosen),
            "price_kopecks": sum(each.of_kind.price_kopecks for each in chosen),
            "price_by_category": _money(chosen),
        },
    )


@view(MonitoringQuery)
@in_organization(VIEW_REPORTS)
def applications_report_file(
    context: Context, query: MonitoringQuery, found: Organization
) -> Outcome:
    """The lines of the report as CSV in UTF-8, in Base64."""
    violations = _wrong_selection(context, query, found)
    if violations:
        return refused(violations)
    content = _written([shown(context, each) for each in _chosen(context, query, found)])
    return Outcome(
        state="ready",
        data={
            "file_name": f"applications-{found.requisites.ogrn}.csv",
            "media_type": MEDIA_TYPE,
            "content": base64.b64encode(content).decode(),
        },
    )


# --- inside ---------------------------------------------------------------------------------------


def _wrong_selection(
    context: Context, query: MonitoringQuery, organization: Organization
) -> tuple[Violation, ...]:
    claim = MonitoringSelection(
        date_from=query.date_from,
        date_to=query.date_to,
        category=query.category,
        status=query.status,
        responsible=query.responsible,
        categories=CATEGORIES,
        statuses=APPLICATION_STATES.titles,
        people={each.account for each in members_of(context, organization.id)},
    )
    return selection_is_right(claim, context.policy)


def _chosen(
    context: Context, query: MonitoringQuery, organization: Organization
) -> list[Application]:
    """Submitted ones that the query chooses, in the order of their submission."""
    found = [
        each
        for each in applications_of(context, organization.id)
        if each.submitted_at is not None
        and _is_of_days(context, each, query)
        and query.category in ("", each.of_kind.category)
        and query.status in ("", each.state)
        and query.responsible in ("", each.responsible)
    ]
    return sorted(found, key=lambda each: (each.submitted_at or each.created_at, each.id))


def _is_of_days(context: Context, application: Application, query: MonitoringQuery) -> bool:
    moment = application.submitted_at or application.created_at
    day = moment.astimezone(context.now.tzinfo).date().isoformat()
    return (not query.date_from or query.date_from <= day) and (
        not query.date_to or day <= query.date_to
    )


def _is_overdue(context: Context, application: Application) -> bool:
    return is_overdue(application.due, application.finished_at, context.now)


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _money(chosen: Iterable[Application]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for each in chosen:
        sums[each.of_kind.category] += each.of_kind.price_kopecks
    return {name: kopecks for name, kopecks in sorted(sums.items()) if kopecks}


def _written(rows: Iterable[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS.values())
    writer.writerows([_cell(row[name]) for name in _COLUMNS] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "да" if value else "нет"
    return "" if value is None else str(value)
