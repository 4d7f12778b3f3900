"""What a person reads in the terminal when a simulation is over."""

from rich.text import Text as Styled

from poligon.simulation.simulate import Outcome
from poligon.telling import MARKS, tell_written
from poligon.terminal import Terminal
from poligon.texts import text
from reports.formatting import finite, interval
from reports.objectives import asked, bound, margin, shown
from reports.simulation.headline import headlines
from rulebook import Language
from sim.experiments.results import ObjectiveResult, Result

__all__ = ["tell"]

_COLOURS = {True: "green", False: "red"}


def tell(outcome: Outcome, terminal: Terminal, lang: Language) -> None:
    """The report's path, the five headline figures, the objectives and how they went."""
    result = outcome.result
    written = {"report": outcome.report}
    if outcome.event_log is not None:
        written["event_log"] = outcome.event_log
    tell_written(written, result.scale, terminal, lang)
    for sentence in headlines(result, lang):
        terminal.say(f"  • {sentence}")
    if result.objectives:
        terminal.say(text("objectives", lang))
    for objective in result.objectives:
        line = Styled(f"  {_objective(objective, result, lang)}")
        line.stylize(_COLOURS[objective.passed], 2, 3)
        terminal.say(line)


def _objective(objective: ObjectiveResult, result: Result, lang: Language) -> str:
    figure, show = objective.figure, shown(objective)
    words = {
        "mark": MARKS[objective.passed],
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
