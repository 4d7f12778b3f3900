"""Reports as they are filed: forms, contents, what is wrong in them by themselves (APP-07)."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission
from world.documents import printed_date
from world.reporting_periods import PeriodKind, period_days

__all__ = ["FORMS", "Line", "Operation", "Report", "ReportForm", "content_errors"]


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A form of reporting: its number (КНД or ОКУД), its periods, the months of the desk audit
    that begins with it (Tax Code of Russia, art. 88), None if there is none."""

    number: str
    period: PeriodKind
    audit_months: int | None


FORMS: Final = {
    "НДС": ReportForm("1151001", "quarter", 2),
    "УСН": ReportForm("1152017", "year", 3),
    "НПД": ReportForm("НПД", "month", None),
    "бухгалтерский баланс": ReportForm("0710001", "year", None),
    "прибыли и убытки": ReportForm("0710002", "year", None),
    "статистика": ReportForm("0601013", "quarter", None),
    "фонды": ReportForm("1151111", "quarter", 3),
}
"""By the names of APP-07. НПД has no return in life, the service of ФНС reckons it itself, and
statistics go to Росстат: here both are taken in like the rest."""


class Line(BaseModel):
    """A line of the form; an empty one is a reason to refuse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[0-9]{3,4}$")]
    kopecks: Annotated[int, Field(ge=-(10**17), le=10**17)] | None


class Operation(BaseModel):
    """An operation of the books that the report rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    date: dt.date
    kopecks: Annotated[int, Field(ge=-(10**17), le=10**17)]


class Report(Submission):
    """A report as it is filed; `signature` is a detached CMS in Base64."""

    form: str
    period_code: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    year: Annotated[int, Field(ge=2000, le=9000)]
    correction: Annotated[int, Field(ge=0, le=999)] = 0
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=500)]
    operations: Annotated[tuple[Operation, ...], Field(max_length=500)] = ()
    signature: Annotated[Base64Bytes, Field(min_length=1, max_length=65_536)]


def content_errors(report: Report, today: dt.date) -> list[str]:
    """Empty fields, a period that is not over, data outside it (APP-07)."""
    first, last = period_days(FORMS[report.form].period, report.period_code, report.year)
    errors = [f"Строка {line.code} не заполнена" for line in report.lines if line.kopecks is None]
    if last >= today:
        errors.append(f"Отчётный период кончается {printed_date(last)}: отчёт подан до его конца")
    outside = [one.date for one in report.operations if not first <= one.date <= last]
    return errors + [f"Операция {printed_date(day)} не за отчётный период" for day in outside]
