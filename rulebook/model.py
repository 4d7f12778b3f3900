"""The records of the rule book. Field names are the keys of the YAML files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, ConfigDict, PlainValidator, StringConstraints, with_config

from rulebook.frozen import NOTHING, FrozenMapping
from rulebook.kinds import Kind, Language, Tier, Use
from rulebook.values import Value, ValueType

K = TypeVar("K")
V = TypeVar("V")

NonEmpty: TypeAlias = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
_Frozen: TypeAlias = Annotated[Mapping[K, V], AfterValidator(FrozenMapping)]
_PLACE = r"(S[0-4] \S.*|вывод|внешнее)"
Source: TypeAlias = Annotated[str, StringConstraints(pattern=f"^{_PLACE}$")]
"""A section of one of the five source texts, `вывод` (inferred) or `внешнее` (an outside norm)."""

_ORIGIN = r"(S[0-4] [^;]*[^;\s]|вывод|внешнее|assumption)"
Origin: TypeAlias = Annotated[str, StringConstraints(pattern=f"^{_ORIGIN}(; {_ORIGIN})*$")]
"""Where a figure comes from: sources parted by `; `, with `assumption` where it is our own."""

Unit: TypeAlias = Literal[
    "seconds",
    "minutes",
    "hours",
    "days",
    "working_days",
    "count",
    "characters",
    "bits",
    "megabytes",
    "gigabytes",
    "gigahertz",
    "list",
    "-",
]
Where: TypeAlias = Literal["form", "subject", "documents", "certificate", "environment"]
SystemRole: TypeAlias = Literal["mock", "portal", "sim", "client"]


def _some(items: tuple[V, ...]) -> tuple[V, ...]:
    if not items or len(set(items)) != len(items):
        raise ValueError("at least one item, none of them twice")
    return items


_SOME = AfterValidator(_some)
_strict = with_config(ConfigDict(extra="forbid"))


@_strict
@dataclass(frozen=True)
class Text:
    """A text for people in both languages."""

    ru: NonEmpty
    en: NonEmpty

    def in_language(self, language: Language) -> str:
        """The text in `language`."""
        return self.ru if language == "ru" else self.en


@_strict
@dataclass(frozen=True)
class Parameter:
    """A number, list or choice of a rule (`VER-02.typical_h`) or chapter (`BND.confirmation`).

    `value` is the default, in `unit`; `source` says where it comes from. A `choice` lists its words
    in `choices`; the word `by_kind` among them means the choice that `by_kind` gives the applicant.
    """

    value: Annotated[Value, PlainValidator(lambda value: value)]
    type: ValueType
    unit: Unit
    source: Origin
    choices: tuple[NonEmpty, ...] = ()
    by_kind: _Frozen[Kind, str] = NOTHING
    key: str = ""

    def table_keys(self) -> tuple[str, ...]:
        """The entries of a `table`, in order; empty for other types."""
        return tuple(self.value) if isinstance(self.value, Mapping) else ()


@_strict
@dataclass(frozen=True)
class Rule:
    """One rule: what the portal must do, where it is known from and where it has to work.

    `message` is what the person is told when the rule rejects; `context` is the place a rule is
    limited to (`cabinet`, `registration`), None when it holds everywhere.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z]+-\d{2}$")]
    rule: NonEmpty
    rule_en: NonEmpty
    message: Text
    sources: Annotated[tuple[Source, ...], _SOME]
    use: Annotated[tuple[Use, ...], _SOME]
    params: _Frozen[str, Parameter] = NOTHING
    context: NonEmpty | None = None

    @property
    def chapter(self) -> str:
        """The id's prefix."""
        return self.id.partition("-")[0]

    def text(self, language: Language) -> str:
        """The rule itself in `language`."""
        return self.rule if language == "ru" else self.rule_en


@_strict
@dataclass(frozen=True)
class Chapter:
    """The rules of one id prefix, in file order, and the parameters of the chapter as a whole."""

    chapter: Annotated[str, StringConstraints(pattern=r"^[A-Z]+$")]
    title: Text
    rules: tuple[Rule, ...]
    parameters: _Frozen[str, Parameter] = NOTHING


@_strict
@dataclass(frozen=True)
class Defect:
    """A mistake of an applicant and the rule that must catch it.

    `where` it sits; `kinds` of applicant that can make it; `caught_by_kind` names the counterpart
    rule for a kind whose mistake `caught_by` does not cover.
    """

    id: NonEmpty
    where: Where
    caught_by: str
    kinds: Annotated[tuple[Kind, ...], _SOME]
    text: Text
    caught_by_kind: _Frozen[Kind, str] = NOTHING

    def rule_for(self, kind: Kind) -> str | None:
        """Id of the rule that catches the defect of a `kind` of applicant; None if inapplicable."""
        if kind not in self.kinds:
            return None
        return self.caught_by_kind.get(kind, self.caught_by)


@_strict
@dataclass(frozen=True)
class System:
    """A party of the stand: `role` says if it is mocked, the portal itself, modelled, or a client.

    `aliases` are other names under which a scenario may call the station.
    """

    id: NonEmpty
    name: NonEmpty
    name_en: NonEmpty
    role: SystemRole
    rules: tuple[str, ...]
    sources: tuple[Source, ...]
    aliases: tuple[NonEmpty, ...] = ()

    def title(self, language: Language) -> str:
        """The system's name in `language`."""
        return self.name if language == "ru" else self.name_en


@_strict
@dataclass(frozen=True)
class Role:
    """A role of an organization's employee (ROLE-01)."""

    id: NonEmpty
    name: Text


@_strict
@dataclass(frozen=True)
class Right:
    """A right and the ids of the roles that have it (ROLE-01)."""

    id: NonEmpty
    name: Text
    roles: tuple[str, ...]


@_strict
@dataclass(frozen=True)
class BusinessTier:
    """The functions of a size of business (ACT-05): `features` besides those of `includes`."""

    id: Tier
    name: Text
    includes: tuple[str, ...]
    features: tuple[NonEmpty, ...]


@_strict
@dataclass(frozen=True)
class Conflict:
    """Where the sources disagree, what was chosen and by which `parameter`, if any."""

    what: NonEmpty
    resolved: NonEmpty
    parameter: str | None = None
