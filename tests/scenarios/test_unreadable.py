"""Files that cannot be read at all, and how problems are told."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from scenarios.loader import load, loads
from scenarios.positions import MAX_BYTES, MAX_DEPTH, MAX_NODES
from scenarios.problems import Problem, ScenarioError
from tests.scenarios.told_problems import GOOD, NODE, assert_told_in_both_languages, problems_of

UNREADABLE = {
    "broken brackets": ("version: 1\nname: [a, b\nseed: 1\n", [("yaml_syntax", 3)]),
    "two colons": ("version: 1\nname: a: b\n", [("yaml_syntax", 2)]),
    "tab as indent": ("version: 1\ncalendar:\n\tstart: x\n", [("yaml_tab", 3)]),
    "open quote": ('version: 1\nname: "a\nseed: 1\n', [("yaml_quote", 2)]),
    "unknown alias": ("version: 1\nname: *none\n", [("yaml_anchor", 2)]),
    "alias of itself": ("version: 1\nname: &a [*a]\n", [("yaml_alias_loop", 2)]),
    "unknown tag": ("version: 1\nname: !python/name:os.system x\n", [("yaml_tag", 2)]),
    "tag of a mapping": ("version: 1\nload: !!omap {}\n", [("yaml_tag", 2)]),
    "NUL": ("version: 1\nname: a\0b\n", [("yaml_character", 2)]),
    "lone surrogate": ("version: 1\nname: a\ud800\n", [("file_encoding", 2)]),
    "two documents": ("version: 1\n---\nversion: 1\n", [("yaml_documents", 2)]),
    "empty": ("", [("yaml_empty", None)]),
    "comment only": ("# nothing\n", [("yaml_empty", None)]),
    "list": ("- version: 1\n", [("yaml_top", 1)]),
    "word": ("version\n", [("yaml_top", 1)]),
    "deep": ("a: " + "[" * (MAX_DEPTH + 1), [("yaml_depth", 1)]),
    "very deep": ("[" * 1_000_000, [("yaml_depth", 1)]),
    "alias bomb": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
        [("yaml_nodes", 1)],
    ),
    "many values": ("a: [" + "1," * MAX_NODES + "]", [("yaml_nodes", 1)]),
}


@pytest.mark.parametrize(("text", "problems"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_file_has_one_problem_at_its_place(
    text: str, problems: Sequence[tuple[str, int | None]]
) -> None:
    assert [(code, line) for code, line, _ in problems_of(text)] == problems


def file_problem(path: Path) -> Problem:
    with pytest.raises(ScenarioError) as raised:
        load(path)
    (problem,) = raised.value.problems
    assert_told_in_both_languages(problem)
    assert problem.file == str(path)
    return problem


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    assert file_problem(tmp_path / "none.yaml").code == "file_missing"
    assert file_problem(tmp_path).code == "file_folder"
    assert file_problem(tmp_path / "none.yaml" / "x").code == "file_missing"
    assert file_problem(Path("a\0b")).code == "file_unreadable"


def test_file_not_in_utf8_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "cp1251.yaml"
    path.write_bytes("version: 1\nname: Проверка\n".encode("cp1251"))
    problem = file_problem(path)
    assert (problem.code, problem.line) == ("file_encoding", 2)


def test_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    padding = MAX_BYTES - len(GOOD.encode())
    path.write_text(GOOD + "#" * padding, encoding="utf-8")
    assert load(path).scenario.seed == 7
    path.write_text(GOOD + "#" * (padding + 1), encoding="utf-8")
    assert file_problem(path).code == "file_size"


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).scenario.name == "Проверка"


def test_problem_names_file_line_key_expectation_and_value_in_russian_and_english(
    tmp_path: Path,
) -> None:
    path = tmp_path / "tax_peak.yaml"
    path.write_text(GOOD.replace("servers: 8", "servers: abc"), encoding="utf-8")
    with pytest.raises(ScenarioError) as raised:
        load(path)
    assert raised.value.text("ru") == (
        f"{path}:11: stations.egrul.servers: "
        "ожидалось целое число от 0 или ключ shifts со списком смен, получено «abc»"
    )
    assert raised.value.text("en") == (
        f"{path}:11: stations.egrul.servers: "
        'expected a whole number from 0 up or the key shifts with a list of shifts, got "abc"'
    )


def test_unknown_key_offers_the_closest_known_one_and_all_allowed() -> None:
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD.replace("backoff: 2s", "backoff: 2s, jiter: 0.1"), name="a.yaml")
    assert raised.value.text("ru") == (
        "a.yaml:15: stations.egrul.retry.jiter: неизвестный ключ; возможно, jitter; "
        "допустимо: max, backoff, factor, jitter"
    )
    assert raised.value.text("en") == (
        "a.yaml:15: stations.egrul.retry.jiter: unknown key; did you mean jitter?; "
        "allowed: max, backoff, factor, jitter"
    )


def test_long_wrong_value_is_cut() -> None:
    with pytest.raises(ScenarioError) as raised:
        loads(GOOD.replace("timeout: 30s", f"timeout: {'x' * 1000}"))
    assert len(raised.value.text("ru")) < 250


def test_error_in_an_aliased_part_is_told_where_it_is_written() -> None:
    text = GOOD.replace("{exponential: {mean: 10m}}", "&long {exponential: {mean: 0s}}").replace(
        "{delay: {constant: 1h}}", "{delay: *long}"
    )
    assert problems_of(text) == [
        ("positive_duration", 18, f"{NODE}.right.delay.exponential.mean"),
        ("positive_duration", 18, "stations.desk.service.exponential.mean"),
    ]
