"""Whether the specs notice a portal that is wrong in one place.

    a disabled rule     it never returns a violation
    a moved parameter   one number of the rule book, by its unit up or down

The specs run once in process as they are: that records which rules each scenario calls and which
parameters it reads. Then each mutant runs only the scenarios that touch it, until one fails. Known
survivors are in benchmarks/mutation_survivors.yaml with the reason. Fails if another mutant
survives, if a known one is noticed by now, or, of all mutants, if an aim is missed.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from rich.console import Console
from rich.table import Table

import rulebook
from benchmarks.mutants import Mutant, chosen, every_mutant
from benchmarks.mutation_runs import MutantRuns, Verdict
from features.settings_file import SettingsFile, WrongFile
from scenarios.problems import KeyPath

__all__ = ["main"]

_SURVIVORS: Final = Path(__file__).with_name("mutation_survivors.yaml")
_AIMS: Final = {"disabled rules": 0.95, "moved parameters": 0.85}
_LIMIT_S: Final = 120.0
# `plain`: pytest warns, and that is an error, of what was imported before it could rewrite it.
_PYTEST: Final = [
    *("-p", "features.plugin", "-p", "no:cacheprovider", "--import-mode=importlib"),
    *("-o", "addopts=", "-qq", "--no-header", "--no-summary", "-s", "--assert=plain"),
]


def known_survivors(path: Path, mutants: Sequence[Mutant]) -> dict[str, str]:
    """Reasons by the name of the mutant; WrongFile also for a mutant that there is not, or that is
    there twice."""
    file = SettingsFile(path, {"survivors"})
    names = {each.name for each in mutants}
    known: dict[str, str] = {}
    for place, item in _listed(file, ("survivors",), file.value.get("survivors", [])):
        entry = file.only(place, item, {"mutants", "reason"})
        reason = file.text((*place, "reason"), entry.get("reason"))
        for at, name in _listed(file, (*place, "mutants"), entry.get("mutants")):
            if name not in names or name in known:
                raise file.wrong(at, f"{name!r}: такого мутанта нет, или он уже назван")
            known[name] = reason
    return known


def _listed(file: SettingsFile, key: KeyPath, value: object) -> list[tuple[KeyPath, Any]]:
    """The items of the list at a key, each with its key."""
    if not isinstance(value, list):
        raise file.wrong(key, f"ожидался список, получено {value!r}")
    return [((*key, number), item) for number, item in enumerate(value)]


def complaints(verdicts: Sequence[Verdict], known: Mapping[str, str]) -> list[str]:
    """A line for each new survivor, and for each known one that is noticed by now."""
    new = [
        f"survives, and no reason is known: {each.mutant.name}"
        for each in verdicts
        if not each.noticed and each.mutant.name not in known
    ]
    noticed = [
        f"is noticed by now, take it out of the survivors: {each.mutant.name}"
        for each in verdicts
        if _is_noticed(each, known) and each.mutant.name in known
    ]
    return new + noticed


def _is_noticed(verdict: Verdict, known: Mapping[str, str]) -> bool:
    """A known survivor that is overdue was slow, not noticed."""
    return verdict.noticed_by != "" and not (verdict.is_overdue and verdict.mutant.name in known)


def shares(verdicts: Sequence[Verdict], known: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """How many were noticed, of how many, by what was changed."""
    by_kind: dict[str, list[bool]] = {"disabled rules": [], "moved parameters": []}
    for each in verdicts:
        kind = "moved parameters" if each.mutant.is_parameter else "disabled rules"
        by_kind[kind].append(_is_noticed(each, known))
    return {kind: (sum(noticed), len(noticed)) for kind, noticed in by_kind.items() if noticed}


def table(verdicts: Sequence[Verdict], known: Mapping[str, str]) -> Table:
    """A row for each mutant."""
    drawn = Table("mutant", "scenarios that touch it", "noticed by")
    for each in sorted(verdicts, key=lambda each: (each.mutant.is_parameter, each.mutant.name)):
        survived = f"SURVIVED: {known.get(each.mutant.name, 'no reason is known')}"
        drawn.add_row(each.mutant.name, str(each.touching), each.noticed_by or survived)
    return drawn


def judge(runs: MutantRuns, known: Mapping[str, str], of_all: bool) -> int:
    """Print what was found; 1 if the check fails."""
    console = Console(width=None if sys.stdout.isatty() else 160, markup=False, highlight=False)
    console.print(table(runs.verdicts, known))
    missed = False
    for kind, (noticed, count) in shares(runs.verdicts, known).items():
        aim = _AIMS[kind]
        print(f"{kind}: {noticed} of {count} noticed, {noticed / count:.1%} (aim {aim:.0%})")
        missed = missed or (of_all and noticed / count < aim)
    wrong = complaints(runs.verdicts, known)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong or missed else 0


def _say(verdict: Verdict) -> None:
    how = verdict.noticed_by or "SURVIVED"
    print(f"done: {verdict.mutant.name}: {how}", file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("specs", nargs="*", default=["features"], help="default: all features")
    parser.add_argument("--rules", default="", metavar="ID,ACC-04", help="chapters, rules, mutants")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time")
    parser.add_argument(
        "--limit",
        type=float,
        default=_LIMIT_S,
        help=f"seconds for a mutant, at least ({_LIMIT_S:g}); it may take five times as long as"
        " its scenarios without it",
    )
    parser.add_argument("--survivors", type=Path, default=_SURVIVORS, help="the known ones, a file")
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    options = parser.parse_args(arguments)
    if options.jobs < 1 or options.limit <= 0:
        parser.error("--jobs and --limit: expected more than 0")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; 1 if the check fails, 2 for what cannot be checked."""
    options = _options(arguments)
    everyone = every_mutant(rulebook.load())
    try:
        mutants = chosen(everyone, list(filter(None, options.rules.split(","))))
        known = known_survivors(options.survivors, everyone)
    except (ValueError, WrongFile, OSError) as error:
        print(f"benchmarks.mutation: {error}", file=sys.stderr)
        return 2
    if options.list:
        print(*(each.name for each in mutants), sep="\n")
        return 0
    runs = MutantRuns(mutants=mutants, jobs=options.jobs, limit_s=options.limit, say=_say)
    began = time.monotonic()
    code = pytest.main([*_PYTEST, *options.specs], plugins=[runs])
    if code != pytest.ExitCode.OK or not runs.scenarios or runs.failing:
        for name in runs.failing:
            print(f"fails without a mutant: {name}", file=sys.stderr)
        print(f"benchmarks.mutation: the specs cannot check it (pytest: {code:d})", file=sys.stderr)
        return 2
    of_all = len(mutants) == len(everyone) and options.specs == ["features"]
    result = judge(runs, known, of_all)
    print(f"{runs.scenarios} scenarios, {time.monotonic() - began:.0f} s, {options.jobs} at a time")
    return result


if __name__ == "__main__":
    sys.exit(main())
