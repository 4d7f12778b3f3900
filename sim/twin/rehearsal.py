"""Before a run under a policy of the scenario's own: whether it lets a good applicant pass every
gate, and mistakes be made at all. What is found then is bad input, not a fault of the twin."""

from collections.abc import Collection, Iterator, Mapping

from rulebook import Defect, Policy, RuleBook
from rulebook.kinds import KINDS, Kind
from sim.twin.desk import Desk, Refused
from sim.twin.gates.question import QUESTIONS
from sim.twin.papers import Papers
from sim.twin.places import UnfitPolicy
from sim.twin.registries import Registries
from world.calendar import Calendar
from world.country import World
from world.filings import Filing, filing_of

__all__ = ["rehearse"]

_SEED, _PEOPLE = 1, 10_000  # any country: of the policy alone depends what is found
_KEY = 1


def rehearse(
    book: RuleBook,
    policy: Policy,
    calendar: Calendar,
    gates: Collection[tuple[str, str]],
    made: Mapping[Kind, Collection[Defect]],
) -> None:
    """Ask at the gates (journey and gate, in the order of the graph) about a good applicant of each
    kind, and make each defect of `made`; UnfitPolicy."""
    world = World(_SEED, organizations=_PEOPLE, people=_PEOPLE)
    registries = Registries(world, calendar)
    for kind, good in _good(world, calendar):
        papers = Papers(good, world, policy, _KEY)
        for defect in made[kind]:
            try:
                papers.with_defects((defect,))
            except ValueError as error:
                raise UnfitPolicy(defect.id, (), _named(policy, str(error))) from error
        desk = Desk(registries, book, policy, papers, "small")
        for journey, gate in gates:
            told = _told(desk, journey, gate)
            if told:  # by what was done on another branch of the journey, perhaps
                desk = Desk(registries, book, policy, papers, "small")
                told = _told(desk, journey, gate)
            if told:
                keys = _named(policy, " ".join(f"{rule}." for rule in told))
                raise UnfitPolicy(f"{journey}.{gate}", told, keys)


def _good(world: World, calendar: Calendar) -> Iterator[tuple[Kind, Filing]]:
    """The first organization of each kind."""
    filings = (filing_of(world, index, calendar.date(0)) for index in range(world.organizations))
    for kind in KINDS:
        yield kind, next(filing for filing in filings if filing.kind == kind)


def _told(desk: Desk, journey: str, gate: str) -> list[str]:
    """The rules by which a good application is refused there."""
    question = QUESTIONS[journey, gate]
    desk.seat(question.family, ())
    try:
        told = question.rules(question.ask(desk))
    except Refused as refused:
        return sorted(refused.rules)
    return sorted(told - question.ahead)


def _named(policy: Policy, text: str) -> list[str]:
    """The scenario's own parameters of the rules that `text` names; all of them if it names
    none."""
    own = sorted(policy.overrides)
    return [key for key in own if f"{key.split('.')[0]}." in text] or own
