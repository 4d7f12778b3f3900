"""Employees by a list: taken in batches in the background, each in one unit of work, so that
whatever stops it, every right row is done once and every wrong one is named (ROLE-07)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import ClassVar, Final, Literal, TypeAlias

from pydantic import Base64Bytes

from portal.accounts.account import Account
from portal.accounts.one_time_codes import TypedCode, send_code_to, wrong_code
from portal.employees.add_employee import entered, is_there, may_add
from portal.employees.csv_rows import EmployeeRows, Row, UnreadableList, read_rows, typed_entry
from portal.employees.employee import Employee, employee_id
from portal.employees.employee_check import Known, entry_violations, known_of
from portal.employees.invitation import invite
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.organizations.own_things import of_organization
from portal.ports.messenger import Letter
from portal.rules import roles
from portal.rules.rights import MANAGE_USERS
from portal.rules.roles import EmployeeFile, Invitation
from portal.rules.rule import Violation
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.tasks import Task, schedule
from portal.use_case import Context, Outcome, refused, task, use_case, view
from rulebook import Text

__all__ = [
    "IMPORT_STATES",
    "EmployeeImport",
    "EmployeeList",
    "ImportCode",
    "ImportQuery",
    "WrongRows",
    "confirm_employee_import",
    "employee_import",
    "import_employees",
]

ImportState: TypeAlias = Literal["confirming", "running", "done"]

IMPORT_STATES: Final[StateTable[ImportState]] = StateTable(
    name="employee import",
    titles={
        "confirming": "Ждёт кода",
        "running": "Загружается",
        "done": "Загружен",
    },
    first="confirming",
    transitions={
        ("confirming", "confirm"): "running",
        ("running", "take"): "running",
        ("running", "finish"): "done",
    },
)

_BATCH: Final = 200  # rows of one unit of work: an assumption
_NAMED: Final = 50  # wrong rows that an outcome names; all of them are items of the view
_THERE: Final = Text("сотрудник с этим ИНН уже есть", "there is an employee with this INN already")
_EMPTY: Final = Text("в файле нет ни одной строки", "the file has no row")


@dataclass(frozen=True, kw_only=True)
class EmployeeImport(Entity):
    """A list that `by` has sent: rows are in `batches` parts, of which `taken` are done."""

    KIND: ClassVar[str] = "employee_import"

    organization: str
    by: str
    fields: tuple[str, ...]
    rows: int
    batches: int
    state: ImportState = "confirming"
    taken: int = 0
    created: int = 0
    refused: int = 0


@dataclass(frozen=True, kw_only=True)
class Batch(Entity):
    """Rows of a list that are not done yet."""

    KIND: ClassVar[str] = "employee_import_batch"

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRow:
    """A row that nothing came of, and why."""

    line: int
    reason: str
    reason_en: str


@dataclass(frozen=True, kw_only=True)
class WrongRows(Entity):
    """Those of one batch of the list `source`."""

    KIND: ClassVar[str] = "employee_import_errors"

    source: str
    rows: tuple[WrongRow, ...]

    def keys(self) -> Mapping[str, str]:
        """By the list; ids follow the batches."""
        return {"source": self.source}


@dataclass(frozen=True, kw_only=True)
class EmployeeList:
    """A CSV file (Base64) of employees."""

    organization: str
    content: Base64Bytes


@dataclass(frozen=True, kw_only=True)
class ImportCode(TypedCode):
    """The code that has come to whoever sends a list."""

    organization: str
    source: str


@dataclass(frozen=True, kw_only=True)
class ImportQuery:
    """A list by its number."""

    organization: str
    source: str


@use_case(EmployeeList)
@in_organization(MANAGE_USERS, may_add)
def import_employees(context: Context, form: EmployeeList, found: Organization) -> Outcome:
    """Take a list, and send a code to whoever sends it. One that cannot be read is refused as a
    whole; a wrong row is told once the list is taken."""
    account = context.unit.get(Account, context.actor.account or "")
    if account is None:
        return Outcome(state="absent", refusal="absent")
    try:
        listed = read_rows(form.content)
        parts = _parts(listed)
    except UnreadableList as unreadable:
        claim = EmployeeFile(unreadable=unreadable.reason)
        return refused(roles.imported_rows(claim, context.policy))
    kept = EmployeeImport(
        id=context.portal.ports.entropy.token("employee import"),
        organization=found.id,
        by=account.id,
        fields=listed.fields,
        rows=sum(map(len, parts)),
        batches=len(parts),
    )
    in_vain = send_code_to(context, _purpose(kept), account)
    if in_vain:
        return refused(in_vain, "state")
    context.unit.put(kept)
    for number, rows in enumerate(parts):
        context.unit.put(Batch(id=_batch_id(kept.id, number), rows=rows))
    context.note("import_employees", found.id, "code_sent", rows=kept.rows)
    return Outcome(state="code_sent", data={"source": kept.id, "rows": kept.rows})


@use_case(ImportCode)
@in_organization(MANAGE_USERS, may_add)
def confirm_employee_import(context: Context, form: ImportCode, found: Organization) -> Outcome:
    """Begin to take the list."""
    source = _source(context, found, form.source)
    if source is None:
        return Outcome(state="absent", refusal="absent")
    if source.state != "confirming":
        return Outcome(state=source.state, refusal="state")
    wrong = wrong_code(context, _purpose(source), form.code)
    claim = Invitation(now=context.now, wrong_code=wrong, wants_access=False)
    violations = roles.invitation_is_accepted(claim, context.policy)
    if violations:
        return refused(violations)
    state = IMPORT_STATES.after(source.state, "confirm")
    context.unit.put(replace(source, state=state))
    schedule(context.unit, "import_batch", source.id, context.now)
    context.note("confirm_employee_import", found.id, state, source=source.id)
    return Outcome(state=state, data={"source": source.id})


@view(ImportQuery)
@in_organization(MANAGE_USERS, may_add)
def employee_import(context: Context, query: ImportQuery, found: Organization) -> Outcome:
    """How far a list is taken, with every wrong row; those that are named first by ROLE-07."""
    source = _source(context, found, query.source)
    if source is None:
        return Outcome(state="absent", refusal="absent")
    wrong = [row for each in _wrong_rows(context, source) for row in each.rows]
    claim = EmployeeFile(
        rows={each.line: Text(each.reason, each.reason_en) for each in wrong[:_NAMED]}
    )
    return Outcome(
        state=source.state,
        data={
            "source": source.id,
            "state_title": IMPORT_STATES.titles[source.state],
            "rows": source.rows,
            "created": source.created,
            "refused": source.refused,
            "items": [
                {"id": str(each.line), "line": each.line, "reason": each.reason} for each in wrong
            ],
        },
        violations=roles.imported_rows(claim, context.policy),
    )


@task
def import_batch(context: Context, planned: Task) -> None:
    """Take the next rows of a list, and plan those after them: all of it is kept together."""
    source = context.unit.get(EmployeeImport, planned.subject)
    organization = None if source is None else context.unit.get(Organization, source.organization)
    if source is None or organization is None or source.state != "running":
        return
    batch = context.unit.get(Batch, _batch_id(source.id, source.taken))
    rows = () if batch is None else batch.rows
    work = _Work(context, organization, source, known_of(context, organization.id))
    wrong = tuple(_named(row.line, why) for row in rows if (why := work.take(row)) is not None)
    if batch is not None:
        context.unit.delete(batch)
    if wrong:
        context.unit.put(
            WrongRows(id=_batch_id(source.id, source.taken), source=source.id, rows=wrong)
        )
    is_last = source.taken + 1 >= source.batches
    taken = context.unit.put(
        replace(
            source,
            state=IMPORT_STATES.after(source.state, "finish" if is_last else "take"),
            taken=source.taken + 1,
            created=source.created + len(rows) - len(wrong),
            refused=source.refused + len(wrong),
        )
    )
    if is_last:
        _finish(context, organization, taken)
    else:
        schedule(context.unit, "import_batch", source.id, context.now)


# --- inside ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """What rows of one batch are taken with."""

    context: Context
    organization: Organization
    source: EmployeeImport
    known: Known

    def take(self, row: Row) -> Text | None:
        """Invite the employee of a row; why not, otherwise."""
        context, organization = self.context, self.organization
        entry = typed_entry(self.source.fields, row)
        if isinstance(entry, Text):
            return entry
        violations = entry_violations(entry, self.known, context.policy)
        if violations:
            return _told(context, violations)
        before = context.unit.get(Employee, employee_id(organization.id, entry.inn))
        if is_there(context, organization.id, entry.inn, before):
            return _THERE
        employee = replace(entered(context, organization, entry, before), added_by=self.source.by)
        invite(context, organization, employee)
        return None


def _parts(listed: EmployeeRows) -> list[tuple[Row, ...]]:
    """The rows in parts, none of which is too long to be taken at once; UnreadableList."""
    parts = []
    while part := tuple(islice(listed.rows, _BATCH)):
        parts.append(part)
    if not parts:
        raise UnreadableList(_EMPTY)
    return parts


def _source(context: Context, organization: Organization, source: str) -> EmployeeImport | None:
    return of_organization(
        context, organization, context.unit.get(EmployeeImport, source), "source"
    )


def _wrong_rows(context: Context, source: EmployeeImport) -> Iterator[WrongRows]:
    return iter(context.unit.find(WrongRows, "source", source.id))


def _finish(context: Context, organization: Organization, source: EmployeeImport) -> None:
    context.note(
        "import_batch",
        organization.id,
        source.state,
        source=source.id,
        created=source.created,
        refused=source.refused,
    )
    account = context.unit.get(Account, source.by)
    if account is not None:
        context.send(
            Letter(
                id=f"employee import/{source.id}",
                channel="email",
                to=account.email,
                subject="Список сотрудников загружен",
                text=f"Приглашено: {source.created}. Не загружено строк: {source.refused}.",
            )
        )


def _named(line: int, reason: Text) -> WrongRow:
    return WrongRow(line=line, reason=reason.ru, reason_en=reason.en)


def _told(context: Context, violations: list[Violation]) -> Text:
    """What rules say against a row, each with its field."""
    texts = [
        (each, each.reason or context.portal.book.rule(each.rule).message) for each in violations
    ]
    return Text(
        "; ".join(f"{each.field}: {text.ru} ({each.rule})" for each, text in texts),
        "; ".join(f"{each.field}: {text.en} ({each.rule})" for each, text in texts),
    )


def _batch_id(source: str, number: int) -> str:
    return f"{source}/{number:06}"


def _purpose(source: EmployeeImport) -> str:
    return f"employee import/{source.organization}/{source.by}"
