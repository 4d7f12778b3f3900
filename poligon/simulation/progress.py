"""Progress on standard error: a bar on a terminal, now and then a line elsewhere."""

import time
from typing import Final

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from poligon.interruption import heed
from poligon.terminal import LINE_EVERY_S, Terminal
from poligon.texts import PROCESSES, text
from reports.formatting import moment
from reports.texts import NOUNS
from rulebook import Language
from scenarios.completion import CompleteScenario
from sim.experiments.replication import Replication
from sim.experiments.watch import Watch

__all__ = ["Bar", "Lines", "watch_for"]

_NEARLY: Final = 0.95  # cases go on after the last arrival: nobody knows for how long


def watch_for(console: Terminal, lang: Language) -> Watch:
    """What `console` can show."""
    return Bar(console, lang) if console.is_terminal else Lines(console, lang)


class _Running:
    """How far the replications under way are."""

    def __init__(self) -> None:
        self.reached: dict[int, int] = {}
        self.pilots: dict[int, int] = {}
        self.finished = 0
        self.wanted = 0
        self._span_us = 1
        self._scenario: CompleteScenario

    def start(self, scenario: CompleteScenario, replications: int) -> None:
        self._scenario = scenario
        self.wanted = replications
        self._span_us = max(scenario.horizon_us or scenario.arrivals_end_us or 1, 1)

    def pilot(self, number: int, us: int) -> None:
        heed()
        if us > 0:
            self.pilots[number] = us

    def reach(self, number: int, us: int) -> None:
        heed()
        self.pilots.clear()
        if number >= self.finished and us > 0:
            self.reached[number] = us

    def done(self, number: int) -> None:
        self.reached.pop(number, None)
        self.finished = number + 1
        self.wanted = max(self.wanted, self.finished)

    @property
    def completed(self) -> float:
        """Replications, those under way in part."""
        parts = (min(us / self._span_us, _NEARLY) for us in self.reached.values())
        return self.finished + sum(parts)

    def told(self, lang: Language) -> str:
        """The numbers of those under way (from 1) and the model time the slowest has reached."""
        under_way = self.pilots or self.reached
        if not under_way:
            return ""
        slowest = min(under_way, key=under_way.__getitem__)
        when = moment(self._scenario.calendar.local(under_way[slowest]), lang)
        if self.pilots:
            return text("warming_up", lang, number=slowest + 1, moment=when)
        numbers = [str(number + 1) for number in sorted(under_way)]
        if len(numbers) == 1:
            return text("running", lang, number=numbers[0], moment=when)
        return text("running_many", lang, numbers=", ".join(numbers), moment=when)


class Bar(Watch):
    """A bar over replications, with the model time of those under way."""

    def __init__(self, console: Terminal, lang: Language) -> None:
        self._lang = lang
        self._running = _Running()
        self._bar = Progress(
            BarColumn(),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[told]}"),
            console=console,
            transient=True,
        )
        self._console = console

    def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
        """Show the bar."""
        self._console.print(_begins(scenario, replications, workers, self._lang), highlight=False)
        self._running.start(scenario, replications)
        self._task = self._bar.add_task("", total=replications, done="", told="")
        self._show()
        self._bar.start()

    def compile(self) -> None:
        """Say so above the bar."""
        self._bar.console.print(text("compiling", self._lang), highlight=False)

    def pilot(self, number: int, us: int) -> None:
        """Say so beside a bar that still stands."""
        self._running.pilot(number, us)
        self._show()

    def reach(self, number: int, us: int) -> None:
        """Move on."""
        self._running.reach(number, us)
        self._show()

    def replication(self, replication: Replication) -> None:
        """Move on to the next."""
        self._running.done(replication.number)
        self._show()

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def _show(self) -> None:
        running = self._running
        self._bar.update(
            self._task,
            completed=running.completed,
            total=running.wanted,
            done=f"{running.finished}/{running.wanted}",
            told=escape(running.told(self._lang)),
        )


class Lines(Watch):
    """A line at the start, when the first events are simulated, every ten seconds, and after each
    replication.
    """

    def __init__(self, console: Terminal, lang: Language) -> None:
        self._console = console
        self._lang = lang
        self._running = _Running()
        self._next_s = 0.0

    def start(self, scenario: CompleteScenario, replications: int, workers: int) -> None:
        """Say what runs."""
        self._running.start(scenario, replications)
        self._console.say(_begins(scenario, replications, workers, self._lang))

    def compile(self) -> None:
        """Say so."""
        self._console.say(text("compiling", self._lang))

    def pilot(self, number: int, us: int) -> None:
        """Say so if nothing was said for a while."""
        self._running.pilot(number, us)
        self._say_now_and_then()

    def reach(self, number: int, us: int) -> None:
        """Say so if nothing was said for a while."""
        self._running.reach(number, us)
        self._say_now_and_then()

    def replication(self, replication: Replication) -> None:
        """Say how many are done."""
        self._running.done(replication.number)
        running = self._running
        self._console.say(text("done", self._lang, done=running.finished, total=running.wanted))

    def _say_now_and_then(self) -> None:
        told, now = self._running.told(self._lang), time.monotonic()
        if told and now >= self._next_s:
            self._next_s = now + LINE_EVERY_S
            self._console.say(told)


def _begins(scenario: CompleteScenario, replications: int, jobs: int, lang: Language) -> str:
    return text(
        "starts",
        lang,
        name=scenario.scenario.name,
        replications=NOUNS["replication"].counted(replications, lang),
        jobs=PROCESSES.counted(jobs, lang),
    )
