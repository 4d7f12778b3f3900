"""Chapter APP: forms, statuses, requests, who is in charge, monitoring, documents, talk, acts."""

import datetime as dt
from typing import Any

import pytest

from portal.rules import applications
from portal.rules.applications import (
    ActOfAction,
    Appointment,
    AttachedDocument,
    AttachedDocuments,
    DocumentSlot,
    FieldForm,
    FilledForm,
    FormField,
    InformationAnswer,
    MonitoringSelection,
    OperatorTalk,
    StatusMove,
    TypedForm,
)
from rulebook import Text
from tests.portal.fakes import MovedClock
from tests.portal.findings import BOOK, found

NOON = dt.datetime(2026, 2, 2, 12, tzinfo=dt.timezone(dt.timedelta(hours=3)))
SECOND = dt.timedelta(seconds=1)


def fields(rule: Any, claim: Any) -> list[str]:
    return [field for field, _ in found(rule, claim)]


def field_of(form: FieldForm, **changes: Any) -> FormField:
    return FormField(name="it", title=Text("Поле", "Field"), form=form, **changes)


# --- forms (APP-01, APP-14)


@pytest.mark.parametrize(
    ("form", "text", "reason"),
    [
        ("text", "что угодно", None),
        ("phone", "+79161234567", None),
        ("phone", "89161234567", "номер не вида +7XXXXXXXXXX"),
        ("email", "a@example.org", None),
        ("email", "a.example.org", "это не адрес почты"),
        ("name", "Иванов Иван", None),
        ("name", "Иванов И.", "инициалы вместо имени"),
        ("inn", "7707083893", None),
        ("inn", "500100732259", None),
        ("inn", "7707083894", "контрольный разряд не сходится"),
        ("inn", "500100732258", "контрольный разряд не сходится"),
        ("ogrn", "1027700132195", None),
        ("ogrn", "304500116000157", None),
        ("ogrn", "1027700132194", "контрольный разряд не сходится"),
        ("date", "28.02.2026", None),
        ("date", "29.02.2026", "нужна дата ДД.ММ.ГГГГ"),
        ("date", "2026-02-28", "нужна дата ДД.ММ.ГГГГ"),
        ("amount", "1500", None),
        ("amount", "1500,50", None),
        ("amount", "1500.505", "нужна сумма в рублях"),
        ("amount", "-1", "нужна сумма в рублях"),
        ("amount", "1" * 13, "нужна сумма в рублях"),
    ],
)
def test_a_value_has_the_form_of_its_field(form: FieldForm, text: str, reason: str | None) -> None:
    expected = [] if reason is None else [("fields.it", reason)]
    values = {"it": text}
    filled = FilledForm(fields=[field_of(form)], values=values)
    typed = TypedForm(fields=[field_of(form)], values=values)
    assert found(applications.form_is_filled, filled) == expected
    assert found(applications.typed_value_fits, typed) == expected


@pytest.mark.parametrize("values", [{}, {"it": ""}, {"it": "  "}])
def test_a_required_field_has_a_value(values: dict[str, str]) -> None:
    claim = FilledForm(fields=[field_of("phone")], values=values)
    assert found(applications.form_is_filled, claim) == [("fields.it", "не заполнено")]
    optional = FilledForm(fields=[field_of("phone", required=False)], values=values)
    assert found(applications.form_is_filled, optional) == []


def test_while_typing_only_what_was_typed_is_judged() -> None:
    two = [field_of("phone"), FormField(name="other", title=Text("Ещё", "Other"))]
    claim = TypedForm(fields=two, values={"other": ""})
    assert found(applications.typed_value_fits, claim) == [("fields.other", "не заполнено")]
    assert found(applications.typed_value_fits, TypedForm(fields=two, values={})) == []


def test_a_field_that_the_form_has_not_is_named() -> None:
    expected = [("fields.x", "такого поля в форме нет")]
    values = {"x": "1"}
    assert found(applications.form_is_filled, FilledForm(fields=[], values=values)) == expected
    assert found(applications.typed_value_fits, TypedForm(fields=[], values=values)) == expected


# --- course (APP-02, APP-03, APP-04)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"is_last": True, "expected": None}, []),
        ({"expected": None}, ["expected"]),
        ({"comment": " "}, ["comment"]),
        ({"number": ""}, ["number"]),
        ({"is_allowed": False}, ["application"]),
        ({"is_allowed": False, "comment": "", "number": ""}, ["application"]),
        ({"comment": "", "number": "", "expected": None}, ["number", "comment", "expected"]),
    ],
)
def test_a_change_of_status_is_told(changes: dict[str, Any], expected: list[str]) -> None:
    good = {"is_allowed": True, "comment": "Почему", "expected": NOON, "number": "1"}
    assert fields(applications.status_is_told, StatusMove(**{**good, **changes})) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (InformationAnswer(is_asked=True, answer="Вот"), []),
        (InformationAnswer(is_asked=True, answer="", documents=1), []),
        (InformationAnswer(is_asked=True, answer=" "), ["answer"]),
        (InformationAnswer(is_asked=False, answer="Вот"), ["application"]),
    ],
)
def test_a_request_is_answered(claim: InformationAnswer, expected: list[str]) -> None:
    assert fields(applications.information_answered, claim) == expected


@pytest.mark.parametrize(
    ("responsible", "expected"), [("a", []), (None, ["responsible"]), ("b", ["responsible"])]
)
def test_somebody_who_may_is_in_charge(responsible: str | None, expected: list[str]) -> None:
    claim = Appointment(responsible=responsible, loads={"a": 7})
    assert fields(applications.responsible_is_appointed, claim) == expected


@pytest.mark.parametrize(
    ("loads", "chosen"),
    [({"a": 2, "b": 1}, "b"), ({"b": 1, "a": 1}, "a"), ({"c": 0}, "c"), ({}, None)],
)
def test_the_least_loaded_is_chosen(loads: dict[str, int], chosen: str | None) -> None:
    assert applications.least_loaded(loads) == chosen


# --- monitoring (APP-05)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({}, []),
        ({"date_from": "2026-02-02", "date_to": "2026-02-02"}, []),
        ({"date_from": "2026-02-03", "date_to": "2026-02-02"}, ["date_to"]),
        ({"date_from": "02.02.2026", "date_to": "2026-02-30"}, ["date_from", "date_to"]),
        ({"category": "c", "status": "s", "responsible": "r"}, []),
        (
            {"category": "x", "status": "x", "responsible": "x"},
            ["category", "status", "responsible"],
        ),
    ],
)
def test_a_selection_is_of_days_and_of_what_there_is(
    selection: dict[str, str], expected: list[str]
) -> None:
    claim = MonitoringSelection(categories="c", statuses="s", people="r", **selection)
    assert fields(applications.selection_is_right, claim) == expected


@pytest.mark.parametrize(
    ("due", "finished", "now", "overdue"),
    [
        (NOON, None, NOON, False),
        (NOON, None, NOON + SECOND, True),
        (NOON, NOON, NOON + SECOND, False),
        (NOON, NOON + SECOND, NOON + SECOND, True),
        (None, None, NOON, False),
    ],
)
def test_a_stage_is_overdue_once_its_last_moment_has_passed(
    due: dt.datetime | None, finished: dt.datetime | None, now: dt.datetime, overdue: bool
) -> None:
    assert applications.is_overdue(due, finished, now) is overdue


# --- documents (APP-11)

CHARTER = DocumentSlot(document_type="charter", title=Text("Устав", "Charter"))
REPORT = DocumentSlot(
    document_type="report", title=Text("Отчёт", "Report"), formats=("xlsx", "pdf"), required=False
)


@pytest.mark.parametrize(
    ("attached", "expected"),
    [
        ([("charter", "pdf")], []),
        ([("charter", "pdf"), ("report", "xlsx"), ("passport", "jpg")], []),
        ([], ["Устав: нет, нужен pdf"]),
        ([("charter", "docx")], ["Устав: docx вместо pdf"]),
        ([("charter", "pdf"), ("charter", None)], ["Устав: ? вместо pdf"]),
        ([("report", "docx")], ["Устав: нет, нужен pdf", "Отчёт: docx вместо xlsx, pdf"]),
    ],
)
def test_what_is_missing_is_listed(attached: list[tuple[str, Any]], expected: list[str]) -> None:
    claim = AttachedDocuments(
        slots=[CHARTER, REPORT],
        attached=[AttachedDocument(document_type=t, file_format=f) for t, f in attached],
    )
    assert found(applications.documents_are_complete, claim) == [
        ("documents", reason) for reason in expected
    ]


# --- talk and acts (APP-12, APP-13)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (OperatorTalk(text="Когда?"), []),
        (OperatorTalk(text=" "), ["question"]),
        (OperatorTalk(text="", field="answer"), ["answer"]),
        (OperatorTalk(text="Когда?", has_card=False), ["application"]),
        (OperatorTalk(text="", has_card=False), ["application", "question"]),
    ],
)
def test_talk_says_something_on_a_card(claim: OperatorTalk, expected: list[str]) -> None:
    assert fields(applications.operator_is_asked, claim) == expected


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ("2026-02-02T10:00", 1, "2026-02-03"),  # Monday
        ("2026-02-06T10:00", 1, "2026-02-09"),  # Friday
        ("2026-02-07T10:00", 1, "2026-02-09"),  # Saturday
        ("2026-02-06T10:00", 2, "2026-02-10"),
    ],
)
def test_an_answer_is_due_in_working_time(asked: str, days: int, due: str) -> None:
    moment = dt.datetime.fromisoformat(f"{asked}:00+03:00")
    policy = BOOK.policy({"SUP-02.answer_working_days": days})
    end = applications.answer_due(moment, MovedClock().calendar, policy)
    assert end.isoformat() == f"{due}T23:59:59.999999+03:00"


@pytest.mark.parametrize(
    ("is_over", "is_kept", "expected"),
    [
        (True, True, []),
        (True, False, [("act", "акта в архиве нет")]),
        (False, False, [("act", "действие не завершено")]),
        (False, True, [("act", "действие не завершено")]),
    ],
)
def test_what_is_over_has_an_act(is_over: bool, is_kept: bool, expected: list[Any]) -> None:
    claim = ActOfAction(is_over=is_over, is_kept=is_kept)
    assert found(applications.act_confirms, claim) == expected
