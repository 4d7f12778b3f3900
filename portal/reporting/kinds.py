"""Kinds of reports, as data: their periods, and how long a period stays open."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.use_case import Context
from world.reporting_periods import PeriodKind, last_day_of_term, period_days

__all__ = ["REPORT_KINDS", "ReportKind", "open_until", "period_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """A kind of APP-07: `period` is how often it is filed; a period is closed `open_months` after
    its last day (assumption: the rule book has no term). A `financial` one is seen with the right
    `financial_reports` alone."""

    title: str
    period: PeriodKind
    open_months: int
    financial: bool = False


REPORT_KINDS: Final[Mapping[str, ReportKind]] = MappingProxyType(
    {
        "НДС": ReportKind(
            title="Декларация по НДС",
            period="quarter",
            open_months=2,
        ),
        "НПД": ReportKind(
            title="Отчёт о налоге на профессиональный доход",
            period="month",
            open_months=1,
        ),
        "УСН": ReportKind(
            title="Декларация по УСН",
            period="year",
            open_months=3,
        ),
        "бухгалтерский баланс": ReportKind(
            title="Бухгалтерский баланс",
            period="year",
            open_months=3,
            financial=True,
        ),
        "прибыли и убытки": ReportKind(
            title="Отчёт о прибылях и убытках",
            period="year",
            open_months=3,
            financial=True,
        ),
        "статистика": ReportKind(
            title="Статистическая отчётность",
            period="quarter",
            open_months=2,
        ),
        "фонды": ReportKind(
            title="Расчёт по страховым взносам",
            period="quarter",
            open_months=2,
        ),
    }
)
"""By the names of the rule book's `APP-07.kinds`."""


def period_of(kind: str, code: str, year: int) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of a period of a kind by its code; None if there is none such."""
    known = REPORT_KINDS.get(kind)
    if known is None or not 2000 <= year <= 9000:
        return None
    try:
        return period_days(known.period, code, year)
    except KeyError:
        return None


def open_until(context: Context, kind: str, last_day: dt.date) -> dt.datetime:
    """The last moment in which a period that ended on `last_day` is open to corrections."""
    closes = last_day_of_term(last_day, REPORT_KINDS[kind].open_months)
    return dt.datetime.combine(closes, dt.time.max, context.now.tzinfo)
