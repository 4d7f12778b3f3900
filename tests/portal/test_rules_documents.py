"""Chapter DOC: formats, sizes, contents of uploads, archives and filters."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.rules import documents
from portal.rules.documents import (
    AcceptedFile,
    ChosenType,
    Download,
    FileClaim,
    ListFilter,
    Selection,
    UploadContext,
)
from portal.rules.rule import RULES, Violation
from rulebook import Text, load
from world.file_formats import FileFormat

BOOK = load()
POLICY = BOOK.policy()
MEGABYTE = 1_048_576

ADMITTED: dict[UploadContext, tuple[str, tuple[FileFormat, ...]]] = {
    "registration": ("DOC-01", ("pdf",)),
    "org_check": ("DOC-02", ("pdf", "jpg")),
    "form": ("DOC-03", ("pdf", "jpg", "png")),
    "library": ("DOC-04", ("pdf", "docx", "xlsx", "jpg", "png")),
    "report": ("DOC-05", ("pdf", "xml", "xlsx")),
    "service": ("DOC-11", ("pdf", "xml")),
}
FORMATS: tuple[FileFormat, ...] = ("pdf", "docx", "xlsx", "jpg", "png", "xml")


def claim(context: UploadContext = "registration", kind: FileFormat = "pdf") -> FileClaim:
    return FileClaim(context=context, file_name=f"Устав.{kind}", file_format=kind, size=1)


def broken(given: FileClaim) -> list[str]:
    rules = ("DOC-01", "DOC-02", "DOC-03", "DOC-04", "DOC-05", "DOC-06", "DOC-07", "DOC-10")
    return [
        violation.rule for each in (*rules, "DOC-11") for violation in RULES[each](given, POLICY)
    ]


def every_upload() -> Iterator[tuple[UploadContext, FileFormat, list[str]]]:
    for context, (rule, formats) in ADMITTED.items():
        for kind in FORMATS:
            yield context, kind, [] if kind in formats else [rule]


@pytest.mark.parametrize(("context", "kind", "expected"), list(every_upload()))
def test_each_context_takes_its_own_formats(
    context: UploadContext, kind: FileFormat, expected: list[str]
) -> None:
    assert broken(claim(context, kind)) == expected


def test_a_wrong_format_is_named_with_those_that_are_taken() -> None:
    text = Text("«xml», а нужно: pdf, jpg", "«xml» instead of pdf, jpg")
    assert documents.for_org_check(claim("org_check", "xml"), POLICY) == (
        Violation("DOC-02", "content", text),
    )


def test_the_lenient_list_lets_a_scan_be_registered_with() -> None:
    lenient = BOOK.policy({"DOC-01.formats": list(POLICY.texts("DOC-01.formats_lenient"))})
    scan = claim("registration", "jpg")
    assert documents.for_registration(scan, POLICY) != ()
    assert documents.for_registration(scan, lenient) == ()
    assert documents.for_registration(claim("registration", "png"), lenient) != ()


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Устав.pdf", "pdf", []),
        ("Устав.PDF", "pdf", []),
        ("Устав.pdf", "docx", ["DOC-06"]),
        ("Устав.pdf", None, ["DOC-06"]),
        ("Устав.txt", "pdf", ["DOC-06"]),
        ("Устав", "pdf", ["DOC-06"]),
        ("Устав.docx", "docx", ["DOC-01"]),
        ("Устав.txt", None, ["DOC-01"]),
        ("Устав", None, ["DOC-01"]),
        ("Устав.jpeg", "jpg", ["DOC-01"]),
    ],
)
def test_a_renamed_file_is_told_from_one_of_another_format(
    name: str, kind: FileFormat | None, expected: list[str]
) -> None:
    assert broken(replace(claim(), file_name=name, file_format=kind)) == expected


def test_an_infected_file_is_named_with_what_was_found() -> None:
    infected = replace(claim(), virus="EICAR-Test-File")
    text = Text("EICAR-Test-File", "EICAR-Test-File")
    assert documents.no_virus(infected, POLICY) == (Violation("DOC-07", "content", text),)
    assert broken(infected) == ["DOC-07"]


@pytest.mark.parametrize(
    ("context", "megabytes"),
    [
        ("registration", 5),
        ("org_check", 5),
        ("library", 20),
        ("form", 20),
        ("report", 20),
        ("service", 20),
    ],
)
def test_a_file_may_be_as_large_as_the_limit_and_not_a_byte_more(
    context: UploadContext, megabytes: int
) -> None:
    limit = megabytes * MEGABYTE
    assert documents.size_limits(replace(claim(context), size=limit), POLICY) == ()
    text = Text(
        f"размер {limit + 1} Б, предел {limit} Б", f"the size is {limit + 1} B, the limit {limit} B"
    )
    over = replace(claim(context), size=limit + 1)
    assert documents.size_limits(over, POLICY) == (Violation("DOC-10", "content", text),)


@pytest.mark.parametrize(("before", "is_refused"), [(99 * MEGABYTE, False), (99 * MEGABYTE + 1, 1)])
def test_a_sessions_total_may_reach_its_limit_and_not_a_byte_more(
    before: int, is_refused: bool
) -> None:
    last = replace(claim("library"), size=MEGABYTE, uploaded_before=before)
    assert [each.field for each in documents.size_limits(last, POLICY)] == (
        ["session"] if is_refused else []
    )


def test_a_session_has_no_limit_of_its_total_outside_the_section_of_documents() -> None:
    last = replace(claim("registration"), uploaded_before=1_000 * MEGABYTE)
    assert documents.size_limits(last, POLICY) == ()


@pytest.mark.parametrize(("chosen", "fields"), [("charter", []), ("", ["document_type"])])
def test_a_type_has_to_be_chosen(chosen: str, fields: list[str]) -> None:
    given = ChosenType(chosen=chosen, types=["charter"])
    assert [each.field for each in documents.type_is_chosen(given, POLICY)] == fields


def test_a_type_that_is_not_in_the_list_is_none() -> None:
    given = ChosenType(chosen="poem", types=["charter"])
    assert documents.type_is_chosen(given, POLICY) == (Violation("DOC-12", "document_type"),)


def test_an_accepted_file_is_ready_and_noted() -> None:
    assert documents.type_is_chosen(AcceptedFile(status="ready", noted=True), POLICY) == ()
    done = AcceptedFile(status="scanning", noted=False)
    assert documents.type_is_chosen(done, POLICY) == (
        Violation("DOC-12", "status"),
        Violation("DOC-12", "journal"),
    )


def test_other_bytes_than_were_uploaded_are_not_given_out() -> None:
    assert documents.download_is_whole(Download(uploaded="aa", given="aa"), POLICY) == ()
    altered = documents.download_is_whole(Download(uploaded="aa", given="ab"), POLICY)
    assert altered == (Violation("DOC-08", "content"),)


@pytest.mark.parametrize(
    ("chosen", "reasons"),
    [
        (["a", "b"], []),
        ([], ["ничего не выбрано"]),
        (["a", "z", "z"], ["нет файла z"]),
    ],
)
def test_an_archive_is_of_chosen_documents_that_are_there(
    chosen: list[str], reasons: list[str]
) -> None:
    found = documents.download_is_whole(Selection(chosen=chosen, available=["a", "b"]), POLICY)
    assert [each.reason.ru for each in found if each.reason] == reasons


ANY = ListFilter(date_from="", date_to="", document_type="", status="", types=["charter"])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"date_from": "2026-02-02", "date_to": "2026-02-02"}, []),
        ({"date_from": "2026-02-03", "date_to": "2026-02-02"}, ["date_to"]),
        ({"date_from": "02.02.2026"}, ["date_from"]),
        ({"date_to": "2026-02-30"}, ["date_to"]),
        ({"date_to": "20260228"}, ["date_to"]),
        ({"document_type": "charter", "status": "blocked"}, []),
        ({"document_type": "poem", "status": "lost"}, ["document_type", "status"]),
    ],
)
def test_a_filter_names_days_types_and_statuses_that_there_are(
    changes: dict[str, str], fields: list[str]
) -> None:
    found = documents.list_filter(replace(ANY, **changes), POLICY)
    assert [each.field for each in found] == fields
