"""What a person reads in the terminal when a simulation is over."""

from pathlib import Path

from rich.console import Console
from rich.text import Text as Styled

from poligon.simulation.simulate import Outcome
from poligon.texts import text
from reports.formatting import finite, interval
from reports.headline import headlines
from reports.objectives import asked, bound, margin, shown
from rulebook import Language
from sim.experiments.results import ObjectiveResult, Result

__all__ = ["short", "tell"]

_MARKS = {True: "✓", False: "✗"}
_COLOURS = {True: "green", False: "red"}


def tell(outcome: Outcome, console: Console, lang: Language) -> None:
    """The report's path, the five headline figures, the objectives and how they went."""
    result = outcome.result

    def say(line: str | Styled) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    say(text("report", lang, path=short(outcome.report)))
    if outcome.event_log is not None:
        say(text("event_log", lang, path=short(outcome.event_log)))
    if result.scale != 1.0:
        scale = f"{result.scale:g}"
        say(text("scaled", lang, scale=scale.replace(".", ",") if lang == "ru" else scale))
    for sentence in headlines(result, lang):
        say(f"  • {sentence}")
    if result.objectives:
        say(text("objectives", lang))
    for objective in result.objectives:
        line = Styled(f"  {_objective(objective, result, lang)}")
        line.stylize(_COLOURS[objective.passed], 2, 3)
        say(line)


def _objective(objective: ObjectiveResult, result: Result, lang: Language) -> str:
    figure, show = objective.figure, shown(objective)
    words = {
        "mark": _MARKS[objective.passed],
        "id": objective.id,
        "asked": asked(objective, result, lang),
        "bound": bound(objective, lang),
    }
    if finite(figure.value) is None:
        return text("objective_none", lang, **words)
    told = f" ({interval(figure, lang, show)})" if result.replications > 1 else ""
    return text(
        "objective",
        lang,
        value=show(figure.value, lang),
        interval=told,
        margin=margin(objective, lang),
        **words,
    )


def short(path: Path) -> Path:
    """As seen from the current folder, if it is inside."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path
