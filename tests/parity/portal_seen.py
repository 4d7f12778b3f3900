"""What the portal is asked at each gate, seen at its own door."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest import mock

from portal.portal import Portal
from portal.rules.rule import Violation
from sim.twin.desk import Desk
from sim.twin.gates.question import QUESTIONS, Question

__all__ = ["Seen"]

Place = tuple[str, str]  # journey and gate


def _names() -> defaultdict[Place, set[str]]:
    return defaultdict(set)


@dataclass
class Seen:
    """Use cases, views and planned tasks that were done at each gate, and the rules told there, as
    the model names them; an answer that was kept from an earlier gate is asked for there alone."""

    asked: defaultdict[Place, set[str]] = field(default_factory=_names)
    told: defaultdict[Place, set[str]] = field(default_factory=_names)
    _at: Place = ("", "")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what twins that are made inside do."""
        watched = {place: self._watched(each) for place, each in QUESTIONS.items()}
        act, read, tried = Portal.act, Portal.read, Portal._tried

        def acting(portal: Portal, name: str, *given: Any, **more: Any) -> Any:
            self.asked[self._at].add(name)
            return act(portal, name, *given, **more)

        def reading(portal: Portal, name: str, *given: Any, **more: Any) -> Any:
            self.asked[self._at].add(name)
            return read(portal, name, *given, **more)

        def trying(portal: Portal, planned: Any) -> Any:
            self.asked[self._at].add(planned.name)
            return tried(portal, planned)

        with (
            mock.patch("sim.twin.judging.QUESTIONS", watched),
            mock.patch.object(Portal, "act", acting),
            mock.patch.object(Portal, "read", reading),
            mock.patch.object(Portal, "_tried", trying),
        ):
            yield

    def _watched(self, question: Question) -> Question:
        def ask(desk: Desk) -> list[Violation]:
            self._at = question.journey, question.gate
            told = list(question.ask(desk))
            self.told[self._at] |= question.rules(told)
            return told

        return replace(question, ask=ask)
