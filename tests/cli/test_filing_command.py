"""`poligon world filing`: what it writes, mistakes in it, and words that are wrong."""

import base64
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from poligon.app import run
from poligon.country.filing_command import FilingQuery, write_filing
from poligon.country.world_command import Query

Captured = pytest.CaptureFixture[str]

FILES = [
    "applicant.json",
    "account.json",
    "identity.json",
    "passport.json",
    "application.json",
    "document-1.json",
    "Паспорт.pdf",
    "document-2.json",
    "Лист записи ЕГРИП.pdf",
]


def written(folder: Path, *words: str) -> None:
    assert run(["world", "filing", "--index", "3", "--to", str(folder), *words]) == 0


def form(folder: Path, name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / name).read_bytes())
    return read


def refused(capsys: Captured, *words: str) -> str:
    assert run(["world", "filing", "--lang", "en", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_every_file_of_the_filing_is_written_and_named(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "new" / "filing"
    written(folder)
    assert capsys.readouterr().out.splitlines() == [str(folder / name) for name in FILES]
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)


def test_from_python_the_files_of_a_filing_are_returned(tmp_path: Path, capsys: Captured) -> None:
    whose = Query(key="index", value="3")
    day = dt.date(2026, 2, 2)
    query = FilingQuery(organization=whose, day=day, defects=(), to=tmp_path)
    assert write_filing(query) == [tmp_path / name for name in FILES]
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(FILES)
    assert capsys.readouterr() == ("", "")


def test_forms_are_those_of_one_applicant(tmp_path: Path) -> None:
    written(tmp_path)
    application, account = form(tmp_path, "application.json"), form(tmp_path, "account.json")
    assert (application["kind"], application["inn"]) == ("sole_proprietor", "630469734473")
    assert application["head_inn"] == account["inn"] == form(tmp_path, "applicant.json")["inn"]
    assert account["password"] == form(tmp_path, "identity.json")["passport_scan"] == ""


def test_an_upload_bears_the_file_that_lies_beside_it(tmp_path: Path) -> None:
    written(tmp_path)
    upload = form(tmp_path, "document-2.json")
    content = base64.b64decode(upload.pop("content"))
    assert content == (tmp_path / "Лист записи ЕГРИП.pdf").read_bytes()
    assert upload == {
        "context": "registration",
        "document_type": "egrip_record",
        "file_name": "Лист записи ЕГРИП.pdf",
        "valid_until": None,
    }


def test_mistakes_are_made_together(tmp_path: Path) -> None:
    written(tmp_path / "good")
    written(tmp_path / "bad", "--defect", "terms_not_accepted", "--defect", "ogrn_typo")
    good = form(tmp_path / "good", "application.json")
    bad = form(tmp_path / "bad", "application.json")
    assert {name for name in good if good[name] != bad[name]} == {"terms_accepted", "ogrn"}


def test_a_later_day_has_later_papers(tmp_path: Path) -> None:
    words = "world", "filing", "--index", "1"
    for day in ("2026-02-02", "2026-03-02"):
        assert run([*words, "--date", day, "--to", str(tmp_path / day)]) == 0
    terms = [
        form(tmp_path / day, "document-5.json")["valid_until"]
        for day in ("2026-02-02", "2026-03-02")
    ]
    assert terms == ["2026-10-01", "2026-10-29"]


def test_every_wrong_word_is_told_at_once(capsys: Captured) -> None:
    told = refused(capsys, "--index", "x", "--date", "2.2.2026", "--defect", "nonsense")
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "--index",
        "--defect",
        "--to",
        "--date",
        "4 errors; nothing was done",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--date", "2025-12-31"], "--date 2025-12-31: the country is described on 2026-01-01"),
        (["--defect", "capital_missing"], "--defect capital_missing: "),
    ],
)
def test_what_does_not_fit_the_organization_is_told(
    words: list[str], message: str, tmp_path: Path, capsys: Captured
) -> None:
    assert refused(capsys, "--index", "3", "--to", str(tmp_path), *words).startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, capsys: Captured) -> None:
    place = tmp_path / "file"
    place.write_text("", encoding="utf-8")
    told = refused(capsys, "--index", "3", "--to", str(place))
    assert told.splitlines() == [
        f'--to: "{place}" is no folder and can\'t be made one: {place}: Not a directory',
        "1 error; nothing was done",
    ]
