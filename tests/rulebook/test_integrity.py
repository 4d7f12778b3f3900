"""A book that contradicts itself is refused, naming file, entry and the kind of fault."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

import rulebook
from rulebook import BookProblem, RuleBookError, read_book
from rulebook.errors import CODES

BOOK_FOLDER = Path(rulebook.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "book"
    shutil.copytree(BOOK_FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(RuleBookError) as caught:
        read_book(folder)
    assert {each.code for each in caught.value.problems} <= set(CODES)
    return [(each.code, each.file, each.entry) for each in caught.value.problems]


def test_untouched_copy_is_the_same_book(folder: Path) -> None:
    copy, original = read_book(folder), rulebook.load()
    assert copy.version == original.version
    assert copy.rules == original.rules


ONE_FAULT = [
    # file, what stands there, what replaces it, (code, entry)
    ("defects.yaml", "caught_by: ID-01", "caught_by: ID-99", ("unknown-rule", "inn_typo")),
    (
        "defects.yaml",
        "sole_proprietor: ID-02",
        "sole_proprietor: ID-2",
        ("unknown-rule", "inn_typo"),
    ),
    (
        "defects.yaml",
        "kinds: [legal]",
        "kinds: [legal]\n  caught_by_kind: {sole_proprietor: ID-13}",
        ("inapplicable-kind", "name_abbreviated"),
    ),
    ("defects.yaml", "- id: ogrn_typo", "- id: inn_typo", ("duplicate-id", "inn_typo")),
    ("defects.yaml", "kinds: [legal]", "kinds: [ooo]", ("shape", "name_abbreviated")),
    ("defects.yaml", "kinds: [legal]", "kinds: []", ("shape", "name_abbreviated")),
    ("defects.yaml", "where: subject", "where: nowhere", ("shape", "org_liquidated")),
    ("systems.yaml", "rules: [AUTH-10, INT-02]", "rules: [AUTH-77]", ("unknown-rule", "esia")),
    ("systems.yaml", "aliases: [sms]", "aliases: [ocsp]", ("duplicate-alias", "sms_gateway")),
    ("systems.yaml", "aliases: [sms]", "aliases: [egrul]", ("duplicate-alias", "sms_gateway")),
    ("systems.yaml", "- id: egrip", "- id: egrul", ("duplicate-id", "egrul")),
    ("roles.yaml", "roles: [head]", "roles: [chief]", ("unknown-role", "sign_and_submit")),
    ("roles.yaml", "- id: mgr", "- id: head", ("duplicate-id", "head")),
    ("tiers.yaml", "includes: [small]", "includes: [tiny]", ("unknown-tier", "medium")),
    ("tiers.yaml", "- id: large", "- id: small", ("duplicate-id", "small")),
    ("conflicts.yaml", "PWD-01, PWD-02", "PWD-01, PWD-22", ("unknown-rule", "entry 2")),
    (
        "conflicts.yaml",
        "parameter: BND.confirmation",
        "parameter: binding.confirmation",
        ("unknown-parameter", "entry 9"),
    ),
    ("chapters/VER.yaml", "- id: VER-03", "- id: VER-02", ("duplicate-id", "VER-02")),
    ("chapters/VER.yaml", "- id: VER-03", "- id: REG-99", ("wrong-chapter", "REG-99")),
    ("chapters/VER.yaml", "chapter: VER", "chapter: REG", ("wrong-chapter", "file")),
    ("chapters/VER.yaml", "      unit: hours\n", "", ("shape", "VER-02")),
    ("chapters/VER.yaml", "      source: S0 2.5\n", "", ("shape", "VER-02")),
    ("chapters/VER.yaml", "unit: hours", "unit: parsecs", ("shape", "VER-02")),
    ("chapters/VER.yaml", "source: S0 2.5", "source: a friend", ("shape", "VER-02")),
    (
        "chapters/VER.yaml",
        "source: S0 2.5",
        "source: S0 2.5\n      key: x",
        ("shape", "VER-02.typical_h"),
    ),
    (
        "chapters/VER.yaml",
        "value: [24, 48]",
        "value: [48, 24]",
        ("wrong-value", "VER-02.typical_h"),
    ),
    ("chapters/VER.yaml", "use: [feature, sim]", "use: [feature, sum]", ("shape", "VER-02")),
    ("chapters/VER.yaml", "use: [feature, sim]", "use: []", ("shape", "VER-02")),
    ("chapters/VER.yaml", "use: [feature, sim]", "use: [sim, sim]", ("shape", "VER-02")),
    ("chapters/VER.yaml", "    ru: >-\n", '    ru: ""\n    x: >-\n', ("shape", "VER-01")),
    ("chapters/VER.yaml", "  message:\n", "  massage:\n", ("shape", "VER-01")),
    ("chapters/VER.yaml", "- S0 2.5\n", "- somewhere\n", ("shape", "VER-01")),
    ("chapters/BND.yaml", "value: by_kind", "value: letter", ("wrong-value", "BND.confirmation")),
    ("chapters/BND.yaml", "legal: signature", "legal: letter", ("wrong-value", "BND.confirmation")),
    ("chapters/BND.yaml", "      legal: signature\n", "", ("wrong-value", "BND.confirmation")),
    ("chapters/SEC.yaml", 'value: "1.3"', "value: 1.3", ("wrong-value", "SEC-01.tls_target")),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), ONE_FAULT)
def test_fault_is_named_with_file_and_entry(
    folder: Path, file: str, old: str, new: str, expected: tuple[str, str]
) -> None:
    spoil(folder, file, old, new)
    code, entry = expected
    assert (code, file, entry) in problems(folder)


def test_single_wrong_reference_is_the_only_problem_reported(folder: Path) -> None:
    spoil(folder, "defects.yaml", "caught_by: ID-01", "caught_by: ID-99")
    with pytest.raises(RuleBookError) as caught:
        read_book(folder)
    (problem,) = caught.value.problems
    assert (problem.code, problem.file, problem.entry) == (
        "unknown-rule",
        "defects.yaml",
        "inn_typo",
    )
    assert problem.reason.startswith("no rule ID-99; did you mean ID-09")
    assert str(caught.value) == f"defects.yaml: inn_typo: {problem.reason} [unknown-rule]"


def test_unknown_and_missing_field_are_told_by_name(folder: Path) -> None:
    spoil(folder, "chapters/VER.yaml", "  message:\n", "  massage:\n")
    with pytest.raises(RuleBookError) as caught:
        read_book(folder)
    assert set(caught.value.problems) == {
        BookProblem("shape", "chapters/VER.yaml", "VER-01", "message: missing field"),
        BookProblem("shape", "chapters/VER.yaml", "VER-01", "massage: unknown field"),
    }


def test_tier_that_includes_itself_through_another_is_refused(folder: Path) -> None:
    spoil(folder, "tiers.yaml", "includes: []", "includes: [large]")
    assert problems(folder) == [
        ("tier-cycle", "tiers.yaml", "small"),
        ("tier-cycle", "tiers.yaml", "medium"),
        ("tier-cycle", "tiers.yaml", "large"),
    ]


def test_faults_of_several_files_are_reported_at_once(folder: Path) -> None:
    spoil(folder, "defects.yaml", "caught_by: ID-01", "caught_by: ID-99")
    spoil(folder, "roles.yaml", "roles: [head]", "roles: [chief]")
    assert problems(folder) == [
        ("unknown-rule", "defects.yaml", "inn_typo"),
        ("unknown-role", "roles.yaml", "sign_and_submit"),
    ]


def test_key_twice_in_one_mapping_is_refused_with_its_line(folder: Path) -> None:
    spoil(folder, "tiers.yaml", "- id: small\n", "- id: small\n  id: medium\n")
    assert problems(folder) == [("syntax", "tiers.yaml", "line 5")]


def test_list_as_a_key_is_refused(folder: Path) -> None:
    (folder / "tiers.yaml").write_text("? [tiers]\n: []\n", encoding="utf-8")
    assert problems(folder) == [("syntax", "tiers.yaml", "line 1")]


def test_broken_yaml_is_refused_with_its_line(folder: Path) -> None:
    (folder / "tiers.yaml").write_text("tiers:\n- id: [small\n", encoding="utf-8")
    assert problems(folder) == [("syntax", "tiers.yaml", "line 3")]


@pytest.mark.parametrize("content", ["", "# only a comment\n", "- small\n", "tiers\n"])
def test_file_that_is_not_a_table_is_refused(folder: Path, content: str) -> None:
    (folder / "tiers.yaml").write_text(content, encoding="utf-8")
    assert problems(folder) == [("shape", "tiers.yaml", "file")]


def test_missing_file_is_refused(folder: Path) -> None:
    (folder / "chapters" / "PAY.yaml").unlink()
    assert problems(folder) == [("missing-file", "chapters/PAY.yaml", "file")]


def test_file_of_an_unknown_chapter_is_refused(folder: Path) -> None:
    shutil.copy(folder / "chapters" / "PAY.yaml", folder / "chapters" / "TAX.yaml")
    assert problems(folder) == [("wrong-chapter", "chapters/TAX.yaml", "file")]


def test_any_change_of_a_file_changes_the_version(folder: Path) -> None:
    with (folder / "tiers.yaml").open("a", encoding="utf-8") as file:
        file.write("# remark\n")
    assert read_book(folder).version != rulebook.load().version


def test_book_error_survives_a_trip_to_another_process(folder: Path) -> None:
    (folder / "tiers.yaml").unlink()
    with pytest.raises(RuleBookError) as caught:
        read_book(folder)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
