"""A scenario at work: its portal, its personas, what they did and what came of it."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from features.acts.act import Act
from features.driver import Outcome, PortalDriver
from features.personas import Cast, Persona
from rulebook import RuleBook

__all__ = ["UNKNOWN", "Asserted", "Deed", "Lost", "Scene", "shown"]

Lost: TypeAlias = Literal["request", "answer"]
"""What does not arrive: the request, so that nothing is done, or the answer to it."""

UNKNOWN: Final = Outcome(state="unknown", refusal="unknown")
"""What somebody knows of a deed whose answer has not come."""

_LONGEST_VALUE: Final = 200  # characters of a value in a report: files are longer


@dataclass(frozen=True, slots=True)
class Deed:
    """An act of the scenario and its outcome; under the idempotency `key`, if it had one."""

    persona: str
    act: Act
    payload: Mapping[str, Any]
    outcome: Outcome
    key: str | None = None


@dataclass(slots=True)
class Asserted:
    """What a scenario has asserted so far: that something was accepted or seen, and which rules an
    outcome named as broken. The matrix counts by it."""

    accepted: bool = False
    refused: list[str] = field(default_factory=list)


class Scene:
    """A scenario at work."""

    def __init__(self, driver: PortalDriver, cast: Cast, book: RuleBook) -> None:
        self.driver = driver
        self.cast = cast
        self.book = book
        self.deeds: list[Deed] = []
        self.asserted = Asserted()
        self.faults: dict[str, str] = {}
        """Ids of the faults that steps have planned, by service."""
        self.programs: dict[str, str] = {}
        """Addresses of the programs that personas run themselves, by persona."""

    @property
    def last(self) -> Deed:
        """What was done last; AssertionError if nothing was."""
        assert self.deeds, "в сценарии ещё ничего не сделано"
        return self.deeds[-1]

    def do(
        self,
        persona: Persona,
        act: Act,
        changes: Mapping[str, Any] | None = None,
        key: str | None = None,
        lost: Lost | None = None,
    ) -> Outcome:
        """Let the persona do it, with `changes` (values by dotted field) in the good payload; a
        change of None leaves the field out. Of what is `lost` on the way they learn nothing."""
        payload = act.payload(persona, self)
        for place, value in (changes or {}).items():
            _change(payload, place, value)
        if act.seal is not None:
            act.seal(payload, persona, self)
        return self._sent(Deed(persona.name, act, payload, UNKNOWN, key), persona, lost)

    def repeat(self, persona: Persona, changes: Mapping[str, Any] | None = None) -> Outcome:
        """Let the persona send the very same as last, under the same key, with `changes` in it."""
        deed = next(each for each in reversed(self.deeds) if each.persona == persona.name)
        payload = copy.deepcopy(dict(deed.payload))
        for place, value in (changes or {}).items():
            _change(payload, place, value)
        return self._sent(replace(deed, payload=payload), persona)

    def see(self, persona: Persona, view: Act, changes: Mapping[str, Any] | None = None) -> Outcome:
        """Let the persona look at a view."""
        query = view.payload(persona, self)
        for place, value in (changes or {}).items():
            _change(query, place, value)
        return self.driver.read(persona, view.name, query)

    def _sent(self, deed: Deed, persona: Persona, lost: Lost | None = None) -> Outcome:
        outcome = UNKNOWN
        if lost != "request":
            outcome = self.driver.act(persona, deed.act.name, deed.payload, deed.key)
        told_of = UNKNOWN if lost else outcome
        self.deeds.append(replace(deed, outcome=told_of))
        return told_of

    def known(self, persona: Persona, name: str) -> Any:
        """The latest value of that name in what the persona's acts have given; LookupError."""
        for deed in reversed(self.deeds):
            if deed.persona == persona.name and name in deed.outcome.data:
                return deed.outcome.data[name]
        raise LookupError(f"{name}: «{persona.name}» такого ещё не получал")

    def story(self) -> str:
        """Who they are, what they did, what registries were asked: a failure is read by it."""
        lines = [f"время портала: {self.driver.now():%Y-%m-%d %H:%M:%S}", "персоны:"]
        lines += [f"  «{each.name}»: {_told(each)}" for each in self.cast] or ["  нет"]
        lines.append("что сделано:")
        for number, deed in enumerate(self.deeds, 1):
            lines.append(f"  {number}. «{deed.persona}» {deed.act.phrase} ({deed.act.name})")
            lines.append(f"     отправлено: {shown(deed.payload)}")
            lines.append(f"     получено: {told(deed.outcome)}")
        return "\n".join([*lines, "вызовы реестров:", self.driver.calls()])


def told(outcome: Outcome) -> str:
    """An outcome in a line."""
    broken = "; ".join(
        f"{b.rule} [{b.field or 'вся форма'}] {b.message}" for b in outcome.violations
    )
    if outcome.accepted:
        warned = f", предупреждение: {broken}" if broken else ""
        return f"принято, состояние {outcome.state}, {shown(outcome.data)}{warned}"
    return f"отказ ({outcome.refusal}): {broken or 'ни одно правило не названо'}"


def shown(value: Mapping[str, Any]) -> str:
    """JSON values in a line, long texts cut."""
    return json.dumps(_cut(value), ensure_ascii=False, default=str)


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        return f"{value[:_LONGEST_VALUE]}… ({len(value)} знаков)"
    if isinstance(value, Mapping):
        return {key: _cut(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(each) for each in value]
    return value


def _told(persona: Persona) -> str:
    person, organization = persona.person, persona.organization
    return (
        f"{persona.kind}, {person.name}, ИНН {person.inn}, СНИЛС {person.snils}, {person.phone}, "
        f"{person.email}; {organization.short_name} (номер {organization.index}), "
        f"ИНН {organization.inn}, ОГРН {organization.ogrn}"
    )


def _change(payload: dict[str, Any], place: str, value: Any) -> None:
    """Set a field by its dotted place; numbers are places of a list."""
    *way, last = place.split(".")
    holder: Any = payload
    for step in way:
        holder = holder[int(step)] if isinstance(holder, list) else holder.setdefault(step, {})
    if isinstance(holder, list):
        holder[int(last)] = value
    elif value is None:
        holder.pop(last, None)
    else:
        holder[last] = value
