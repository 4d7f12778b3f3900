"""A driver whose portal knows one rule, and no time."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from features.driver import Broken, Outcome, Settings, Unsupported
from features.personas import Persona
from world.country import World


class Portal:
    """It takes any ИНН of ten characters."""

    capabilities: frozenset[str] = frozenset()
    world = World(1)

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        if len(payload["inn"]) == 10:
            return Outcome(state="checked")
        broken = Broken("ID-01", "inn", "В ИНН ошибка")
        return Outcome(state="refused", refusal="wrong", violations=(broken,))

    def advance(self, by: str) -> None:
        raise Unsupported("time")

    def calls(self) -> str:
        return "  1. egrul GET /v1/organizations/1 -> 200"

    def close(self) -> None:
        """Nothing is open."""


class Stand:
    """One portal is enough: it remembers nothing."""

    def portal(self, scenario: str) -> Portal:
        return Portal()

    def close(self) -> None:
        """Nothing is open."""


def open_stand(settings: Settings) -> Stand:
    return Stand()
