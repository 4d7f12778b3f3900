"""The tables of docs/twin.md, written from the code that they describe."""

from collections.abc import Iterator, Mapping
from itertools import groupby

import rulebook
from scenarios.builtin_models import BUILTIN_JOURNEYS, builtin_journey
from scenarios.journey_format import Check
from sim.twin.differences import CONSEQUENCES, MASKS, Mask, other_names
from sim.twin.gates.question import QUESTIONS

__all__ = [
    "CONSEQUENCE_HEAD",
    "GATE_HEAD",
    "MASK_HEAD",
    "NAME_HEAD",
    "consequence_rows",
    "counted",
    "gate_rows",
    "gates",
    "mask_rows",
    "name_rows",
]

GATE_HEAD = ["| journey | gate | rules | asked through |", "|---|---|---|---|"]
NAME_HEAD = [
    "| journey | gate | the model counts | the portal tells | why |",
    "|---|---|---|---|---|",
]
CONSEQUENCE_HEAD = ["| mistake | with one of | rules | gates | why |", "|---|---|---|---|---|"]
MASK_HEAD = ["| two of | and of | gates | why |", "|---|---|---|---|"]


def gates() -> Iterator[tuple[str, str, list[str]]]:
    """Journey, gate and rules of every gate of the built-in journeys."""
    policy = rulebook.load().policy()
    for journey in BUILTIN_JOURNEYS:
        for name, node in builtin_journey(journey, policy)[0].nodes.items():
            if isinstance(node, Check):
                yield journey, name, node.check


def gate_rows() -> list[str]:
    return [
        f"| `{journey}` | `{gate}` | {_short(rules)} | "
        f"{_code(QUESTIONS[journey, gate].use_cases)} |"
        for journey, gate, rules in gates()
    ]


def name_rows() -> list[str]:
    rows = []
    for journey, gate, other in other_names():
        told = f"{other.told}, `{other.field}`"
        rows.append(f"| `{journey}` | `{gate}` | {other.rule} | {told} | {other.why} |")
    return rows


def counted() -> str:
    """How many rules the table of other names is about."""
    rules = [rule for _, _, of_gate in gates() for rule in of_gate]
    names, of_gates = len(name_rows()), len(list(gates()))
    return (
        f"Of the {len(rules)} rules at {of_gates} gates these are {names}; "
        "there is none that the portal does not tell."
    )


def mask_rows() -> list[str]:
    return [_mask_row(mask) for mask in MASKS]


def consequence_rows() -> list[str]:
    return [
        f"| `{each.of}` | {_code(sorted(each.beside)) or 'alone'} | "
        f"{_short(sorted(each.rules))} | {_places(each.gates)} | {each.why.en} |"
        for each in CONSEQUENCES
    ]


def _places(gates: Mapping[str, tuple[str, ...]]) -> str:
    return _code(f"{journey}.{gate}" for journey, names in gates.items() for gate in names)


def _mask_row(mask: Mask) -> str:
    first, second = _code(sorted(mask.first)), _code(sorted(mask.second))
    where = "every gate that asks for both" if mask.gates is None else _places(mask.gates)
    return f"| {first} | {'the same' if first == second else second} | {where} | {mask.why.en} |"


def _code(names: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _short(rules: list[str]) -> str:
    """«ID-01, 02, REG-05»: a chapter is named once."""
    parts = [rule.split("-") for rule in rules]
    return ", ".join(
        f"{chapter}-" + ", ".join(number for _, number in of_chapter)
        for chapter, of_chapter in groupby(parts, key=lambda part: part[0])
    )
