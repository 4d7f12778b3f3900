"""The mutation check: what the specs notice, what survives, and what fails the check."""

import subprocess
import sys
from pathlib import Path

import pytest

import rulebook
from benchmarks.mutants import Mutant, chosen, every_mutant
from benchmarks.mutation import complaints, known_survivors, main, shares
from benchmarks.mutation_runs import OVERDUE, Verdict
from features.settings_file import WrongFile

ROOT = Path(__file__).parents[2]
# Forms of entrepreneurs: ID-01, of other organizations, is asked about them as well.
SPEC = "features/id.feature::test_ИНН_предпринимателя_проверяется_по_длине_и_контрольным_разрядам"
MUTANTS = every_mutant(rulebook.load())


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.mutation", *arguments, "--jobs", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_disabled_rule_is_noticed_and_a_survivor_fails_the_check() -> None:
    found = check(SPEC, "--rules", "ID-01,ID-02")

    assert found.returncode == 1, found.stderr
    told = found.stderr.splitlines()
    assert "done: ID-01: SURVIVED" in told
    assert [line for line in told if line.startswith(f"done: ID-02: {SPEC}")] != []
    assert "disabled rules: 1 of 2 noticed, 50.0% (aim 95%)" in found.stdout
    assert "survives, and no reason is known: ID-01" in found.stdout


def test_a_moved_parameter_is_noticed_at_its_boundary() -> None:
    found = check("features/pwd.feature", "--rules", "PWD-01")

    assert found.returncode == 0, found.stdout
    assert "disabled rules: 1 of 1 noticed, 100.0% (aim 95%)" in found.stdout
    assert "moved parameters: 4 of 4 noticed, 100.0% (aim 85%)" in found.stdout


def test_specs_that_are_not_there_check_nothing() -> None:
    found = check("features/none.feature", "--rules", "ID-01")

    assert found.returncode == 2
    assert found.stderr.endswith("benchmarks.mutation: the specs cannot check it (pytest: 4)\n")


def test_known_survivors_pass_until_they_are_noticed() -> None:
    survived = Verdict(Mutant("ID-01", "ID-01"), 3, "")
    noticed = Verdict(Mutant("ID-02", "ID-02"), 3, "features/id.feature::test")
    overdue = Verdict(Mutant("PWD-01.min_length +1", "PWD-01.min_length", 9), 2, OVERDUE)
    verdicts = [survived, noticed, overdue]

    assert complaints(verdicts, {"ID-01": "nothing asks"}) == []
    assert complaints(verdicts, {}) == ["survives, and no reason is known: ID-01"]
    assert complaints(verdicts, {"ID-01": "nothing asks", "ID-02": "nothing asks"}) == [
        "is noticed by now, take it out of the survivors: ID-02"
    ]
    assert shares(verdicts, {}) == {"disabled rules": (1, 2), "moved parameters": (1, 1)}


def test_a_known_survivor_that_is_overdue_is_one_all_the_same() -> None:
    overdue = Verdict(Mutant("PWD-01.min_length +1", "PWD-01.min_length", 9), 2, OVERDUE)
    known = {"PWD-01.min_length +1": "nothing asks"}

    assert complaints([overdue], known) == []
    assert shares([overdue], known) == {"moved parameters": (0, 1)}


def test_each_rule_is_disabled_once() -> None:
    disabled = [each.key for each in MUTANTS if not each.is_parameter]

    with_a_feature = [rule.id for rule in rulebook.load().rules.values() if "feature" in rule.use]
    assert sorted(disabled) == sorted(with_a_feature)


@pytest.mark.parametrize(
    ("key", "moved"),
    [
        ("PWD-01.min_length", {"+1": 9, "-1": 7}),
        ("BND-06.head_confirm_ttl_h", {"+1": 73, "-1": 71}),
        ("CERT-08.status_check_s", {"[0] +1": (2, 180), "[0] -1": (0, 180)}),
        ("CERT-08.status_check_s", {"[1] +1": (1, 181), "[1] -1": (1, 179)}),
        ("ROLE-10.audit_every_days", {"[high] +1": {"high": 31, "normal": 90}}),
        ("CERT-11.remind_days_before", {"[3] -1": (30, 14, 7, 0), "[0] +1": (31, 14, 7, 1)}),
    ],
)
def test_each_number_of_a_parameter_is_moved_by_its_unit(
    key: str, moved: dict[str, object]
) -> None:
    found = {each.name.removeprefix(key).strip(): each.value for each in MUTANTS if each.key == key}

    assert {place: found[place] for place in moved} == moved


def test_rules_and_chapters_choose_mutants() -> None:
    names = [each.name for each in chosen(MUTANTS, ["PWD-01"])]

    assert names == [
        "PWD-01",
        "PWD-01.min_length +1",
        "PWD-01.min_length -1",
        "PWD-01.recommended_length +1",
        "PWD-01.recommended_length -1",
    ]
    assert {each.holder.partition("-")[0] for each in chosen(MUTANTS, ["ID", "PWD"])} == {
        "ID",
        "PWD",
    }
    assert chosen(MUTANTS, []) == MUTANTS


def test_a_mutant_is_chosen_by_its_own_name() -> None:
    name = "CERT-08.status_check_s[0] +1"

    assert [each.name for each in chosen(MUTANTS, [name])] == [name]


def test_an_unknown_rule_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules", "ID-01,XX", "--list"]) == 2
    assert capsys.readouterr().err == (
        "benchmarks.mutation: XX: no rule, no chapter of the rule book and no mutant\n"
    )


def test_a_file_of_survivors_names_only_mutants_with_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "survivors.yaml"
    place = "CERT-08.status_check_s[0] +1"
    good = f'  - mutants: [ID-01, "{place}"]\n    reason: nothing asks\n'
    file.write_text(f"version: 1\nsurvivors:\n{good}", encoding="utf-8")
    assert known_survivors(file, MUTANTS) == {"ID-01": "nothing asks", place: "nothing asks"}

    for key, wrong in (
        ("0.mutants.0", "{mutants: [ID-99], reason: nothing asks}"),
        ("0.mutants.1", "{mutants: [ID-01, ID-01], reason: nothing asks}"),
        ("0.mutants", "{mutants: ID-01, reason: nothing asks}"),
        ("0.reason", "{mutants: [ID-01], reason: ''}"),
        ("0.why", "{mutants: [ID-01], why: nothing asks}"),
    ):
        file.write_text(f"version: 1\nsurvivors:\n  - {wrong}\n", encoding="utf-8")
        with pytest.raises(WrongFile, match=rf"survivors\.yaml:3: survivors\.{key}: "):
            known_survivors(file, MUTANTS)


def test_the_known_survivors_are_mutants() -> None:
    assert known_survivors(ROOT / "benchmarks" / "mutation_survivors.yaml", MUTANTS)
