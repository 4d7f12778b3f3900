"""Whatever is done to a scenario file, it is either read or told in coded problems."""

import copy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.loader import loads
from scenarios.problems import ScenarioError

GOOD = (Path(__file__).parent / "good.yaml").read_text(encoding="utf-8")
TREE = yaml.load(GOOD, yaml.BaseLoader)

Path_ = tuple[Any, ...]


def places(tree: Any, path: Path_ = ()) -> list[Path_]:
    """The path of every value below the top."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree)
    found = []
    for key, child in children:
        found.append((*path, key))
        if isinstance(child, dict | list):
            found += places(child, (*path, key))
    return found


PLACES = places(TREE)
WORDS = sorted({str(path[-1]) for path in PLACES})
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([*WORDS, "0s", "1h", "5wd", "builtin", "auto", "24:00", "2026-04-21T00:00"]),
    st.sampled_from(PLACES).map(lambda path: copy.deepcopy(at(TREE, path))),
)
NESTED = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3)
    ),
    max_leaves=5,
)


def at(tree: Any, path: Path_) -> Any:
    for key in path:
        tree = tree[key]
    return tree


@st.composite
def mutated(draw: st.DrawFn) -> str:
    tree = copy.deepcopy(TREE)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(places(tree)))
        parent = at(tree, path[:-1])
        change = draw(st.sampled_from(["delete", "replace", "add"]))
        if change == "delete" and len(places(tree)) > 1:
            del parent[path[-1]]
        elif change == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(WORDS))] = draw(NESTED)
        else:
            parent[path[-1]] = draw(NESTED)
        if not tree:
            break
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return text


def read_or_told(text: str, overrides: tuple[str, ...] = ()) -> None:
    problems = None
    try:
        loads(text, overrides=overrides)
    except ScenarioError as error:
        problems = error.problems
    assert problems != []
    for problem in problems or ():
        assert problem.code != "invalid"  # every kind of error has words of its own
        assert len(problem.text("ru").splitlines()) == 1
        assert len(problem.text("en").splitlines()) == 1


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_scenario_with_changed_parts_is_read_or_told(text: str) -> None:
    read_or_told(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=10))
def test_scenario_with_changed_characters_is_read_or_told(
    begin: int, length: int, inserted: str
) -> None:
    read_or_told(GOOD[:begin] + inserted + GOOD[begin + length :])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PLACES), st.text(max_size=10))
def test_any_override_is_applied_or_told(path: Path_, value: str) -> None:
    read_or_told(GOOD, (f"{'.'.join(map(str, path))}={value}",))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_as_an_override_is_applied_or_told(override: str) -> None:
    read_or_told(GOOD, (override,))
