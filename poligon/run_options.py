"""Options that commands which make runs share: each is declared here once and added to a command's
own, which gets them read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Annotated, Any, Final, Literal

from poligon.declarations import flag, option
from poligon.exits import Work
from poligon.options import OptionError, OptionProblem, Options, read_options
from rulebook import Language

__all__ = ["Shared", "with_run_options"]

Shared = Literal[
    "replications", "until_precision", "jobs", "backend", "scheduler", "scale", "engine",
    "fidelity", "seed", "overrides", "events", "out", "sensitivity", "as_json", "lang",
]  # fmt: skip
Command = Callable[..., Work]


@dataclass(frozen=True)
class _Declared:
    """An option as `--help` shows it; without a `metavar` it is a flag."""

    name: str
    metavar: str = ""
    repeated: bool = False

    def parameter(self, name: str, lang: Language, key: str) -> Parameter:
        """As Typer reads it."""
        kind: Any = list[str] | None if self.repeated else str | None if self.metavar else bool
        told = option(self.name, self.metavar, lang, key) if self.metavar else None
        return Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=None if self.metavar else False,
            annotation=Annotated[kind, told or flag(self.name, lang, key)],
        )


_DECLARED: Final[Mapping[Shared, _Declared]] = {
    "replications": _Declared("--replications", "N"),
    "until_precision": _Declared("--until-precision", "METRIC=0.05"),
    "jobs": _Declared("--jobs", "J"),
    "backend": _Declared("--backend", "local|dask"),
    "scheduler": _Declared("--scheduler", "ADDR"),
    "scale": _Declared("--scale", "F"),
    "engine": _Declared("--engine", "auto|simpy|compiled"),
    "fidelity": _Declared("--fidelity", "flow|twin"),
    "seed": _Declared("--seed", "S"),
    "overrides": _Declared("--set", "KEY=VALUE", repeated=True),
    "events": _Declared("--events", "csv|parquet|xes"),
    "out": _Declared("--out", "DIR"),
    "sensitivity": _Declared("--sensitivity"),
    "as_json": _Declared("--json"),
    "lang": _Declared("--lang", "ru|en"),
}


def with_run_options(
    lang: Language,
    *,
    without: tuple[Shared, ...] = (),
    helps: Mapping[Shared, str] | None = None,
    own_after: Shared = "overrides",
) -> Callable[[Command], Command]:
    """Decorates a command with parameters `options: Options` and `as_json: bool`: they are read
    from the shared options, which Typer sees in their place. `without` names those it lacks.

    In `--help` what the command declares before `options` comes first, what it declares behind
    comes after the option `own_after`. `helps` are keys of help texts of its own. The decorated
    command only reads words; it raises OptionError with every wrong one, shared or its own.
    """
    shared = {
        name: declared.parameter(name, lang, (helps or {}).get(name, ""))
        for name, declared in _DECLARED.items()
        if name not in without
    }

    def decorate(command: Command) -> Command:
        def read(**words: Any) -> Work:
            given = {name: words.pop(name) for name in shared}
            as_json = given.pop("as_json")
            problems: list[OptionProblem] = []
            options = Options()
            try:
                options = read_options(**given | {"overrides": given["overrides"] or ()})
            except OptionError as error:
                problems += error.problems
            try:
                work = command(**words, options=options, as_json=as_json)
            except OptionError as error:
                problems += error.problems
            if problems:
                raise OptionError(problems)
            return work

        written = signature(command)
        read.__signature__ = written.replace(  # type: ignore[attr-defined]
            parameters=_in_order([*written.parameters.values()], shared, own_after)
        )
        return read

    return decorate


def _in_order(
    own: list[Parameter], shared: Mapping[Shared, Parameter], own_after: Shared
) -> list[Parameter]:
    """The parameters of a command as `--help` has them."""
    kept = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in own if one.name != "as_json"]
    place = [one.name for one in kept].index("options")
    after = [*shared].index(own_after) + 1
    added = [*shared.values()]
    return [*kept[:place], *added[:after], *kept[place + 1 :], *added[after:]]
