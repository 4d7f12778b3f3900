"""The driver `in_process`: the portal's own code and the country's registries in this process, on
one virtual clock. Only the socket between them is replaced."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

import portal.registry_of_use_cases  # noqa: F401 - registers every use case
from features.driver import Broken, Capability, Outcome, Received, Settings
from features.drivers.scenario_names import area_name
from features.personas import Persona
from mocks import running
from mocks.controls import TenantControls
from mocks.core.journal import listing
from mocks.in_process import RunningCountry
from mocks.smev.settings import Settings as SmevSettings
from portal import use_case
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.accounts.session import SignedIn, actor_of
from portal.adapters.given_clock import GivenClock
from portal.adapters.seeded_entropy import SeededEntropy
from portal.http.admission import Limits, RateLimiter
from portal.http.problems import Refused
from portal.portal import Portal
from portal.registries.wiring import ports_at, virtual
from portal.rules.rule import Violation
from portal.store.memory import MemoryStore
from portal.use_case import Actor
from rulebook import RuleBook, Text
from scenarios.durations import WorkingDays, parse_deadline
from world.country import World

__all__ = ["InProcessPortal", "InProcessStand", "open_stand"]

_SEED: Final = 1
# A signature of RSA takes ten times as long; over HTTP СМЭВ signs by it, as from the start.
_SMEV_SIGNS_BY: Final = "ecc"
# Scenarios enter passwords by the dozen: argon2id at its cheapest.
_PASSWORDS: Final = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)


class InProcessStand:
    """Portals in this process, a tenant of one country each."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._open = ExitStack()
        self._country: RunningCountry = self._open.enter_context(running(seed=_SEED, loopback=True))

    def portal(self, scenario: str) -> "InProcessPortal":
        """As the protocol says."""
        tenant = self._country.tenant(area_name(scenario))
        return InProcessPortal(self._country, tenant, self._book)

    def close(self) -> None:
        """As the protocol says."""
        self._open.close()


class InProcessPortal:
    """A portal over a memory store, whose registries are a tenant's."""

    capabilities: frozenset[Capability] = frozenset(
        {"time", "faults", "records", "policy", "inbox", "outside", "load", "keys"}
    )

    def __init__(self, country: RunningCountry, tenant: TenantControls, book: RuleBook) -> None:
        self._country = country
        self._tenant = tenant
        self._book = book
        self._overrides: dict[str, Any] = {}
        self._tokens: dict[str, str] = {}
        self._rates: RateLimiter | None = None
        with tenant.state.lock:
            tenant.state.state(SmevSettings).algorithm = _SMEV_SIGNS_BY
        clock = GivenClock(country.core.calendar, lambda: tenant.clock.now)
        ports = ports_at(
            tenant.url,
            clock=clock,
            entropy=SeededEntropy(tenant.name),
            passwords=_PASSWORDS,
            store=MemoryStore(),
            conditions=virtual(clock),
        )
        self.portal = Portal(ports, book, book.policy())

    @property
    def world(self) -> World:
        """As the protocol says."""
        return self._country.world

    def now(self) -> dt.datetime:
        """As the protocol says."""
        return self._tenant.clock.now

    def act(
        self,
        persona: Persona,
        use_case: str,
        payload: Mapping[str, Any],
        key: str | None = None,
    ) -> Outcome:
        """As the protocol says; what is due by now is done afterwards."""
        who = self._who(persona)
        crowded = self._crowded(who)
        if crowded is not None:
            return crowded
        outcome = self.portal.act(use_case, who.actor, payload, key)
        self.portal.tick()
        token = outcome.data.get("token")
        if outcome.refusal is None and isinstance(token, str):
            self._tokens[persona.name] = token
        return self._told(outcome, who)

    def read(self, persona: Persona, view: str, query: Mapping[str, Any]) -> Outcome:
        """As the protocol says."""
        who = self._who(persona)
        crowded = self._crowded(who)
        return crowded or self._told(self.portal.read(view, who.actor, query), who)

    def inbox(self, contact: str) -> Sequence[Received]:
        """As the protocol says."""
        return [
            Received(channel=each.channel, subject=each.subject, text=each.text)
            for each in self._tenant.inbox(contact)
        ]

    def advance(self, by: str) -> None:
        """As the protocol says: the clock stops at each moment for which the portal has planned
        something."""
        end = self._end_of(by)
        while (due := self.portal.next_due()) is not None and due <= end:
            self._tenant.clock.advance(max(due - self.now(), dt.timedelta()))
            self.portal.tick()
            if self.portal.next_due() == due:
                break  # it is not to be done: time must not stand still for it
        self._tenant.clock.advance(end - self.now())
        self.portal.tick()

    def override(self, parameter: str, value: Any) -> None:
        """As the protocol says, for the portal and the registries alike."""
        self._overrides[parameter] = value
        policy = self._book.policy(self._overrides)
        self.portal.policy = policy
        tenant = self._tenant.state
        with tenant.lock:
            tenant.policy = policy

    def limit(self, burst: int, per_second: float) -> None:
        """As the protocol says."""
        limits = Limits(burst=burst, per_second=per_second)
        self._rates = RateLimiter(limits, lambda: self.now().timestamp())

    def plan_fault(self, fault: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._tenant.faults.add(fault)

    def end_fault(self, fault_id: str) -> None:
        """As the protocol says."""
        self._tenant.faults.remove(fault_id)

    def change_organization(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._tenant.records.change_organization(index, changes)

    def change_person(self, index: int, changes: Mapping[str, Any]) -> None:
        """As the protocol says."""
        self._tenant.records.change_person(index, changes)

    def outside(self, service: str) -> str:
        """As the protocol says."""
        return f"{self._tenant.url}/{service}"

    def calls(self) -> str:
        """As the protocol says."""
        return listing(self._tenant.journal, none="нет")

    def close(self) -> None:
        """As the protocol says."""
        self._country.core.delete_tenant(self._tenant.name)

    # --- inside

    def _who(self, persona: Persona) -> SignedIn:
        if persona.kind == "operator":
            return SignedIn(actor=Actor(operator=persona.name))
        token = self._tokens.get(persona.name, "")
        where = {"ip": persona.ip, "device": persona.device, "region": persona.region}
        return actor_of(self.portal, token, **where)

    def _crowded(self, who: SignedIn) -> Outcome | None:
        """The refusal of one request too many, as the portal over HTTP decides it."""
        if self._rates is None:
            return None
        try:
            self._rates.admit(who.actor.session or who.actor.ip, self.portal.policy)
        except Refused as refused:
            named = self._named(refused.violations)
            return Outcome(state="refused", refusal=refused.code, violations=named)
        return None

    def _told(self, outcome: use_case.Outcome, who: SignedIn) -> Outcome:
        """Whoever is refused as nobody is told why their session has ended."""
        is_nobody = outcome.refusal == "unauthenticated" and not outcome.violations
        also = who.violations if is_nobody else ()
        return Outcome(
            state=outcome.state,
            refusal=outcome.refusal,
            data=outcome.data,
            violations=self._named((*also, *outcome.violations)),
        )

    def _named(self, violations: Sequence[Violation]) -> tuple[Broken, ...]:
        return tuple(
            Broken(each.rule, each.field, self._message(each.rule, each.reason))
            for each in violations
        )

    def _message(self, rule: str, reason: Text | None) -> str:
        message = self._book.rule(rule).message.ru
        return message if reason is None else f"{message} ({reason.ru})"

    def _end_of(self, by: str) -> dt.datetime:
        term = parse_deadline(by)
        calendar, now_us = self._country.core.calendar, self._tenant.state.now_us
        if isinstance(term, WorkingDays):
            return calendar.local(calendar.deadline_working_days(now_us, term.days))
        return calendar.local(now_us + term)


def open_stand(settings: Settings) -> InProcessStand:
    """The stand of the driver `in_process`; ValueError for an address, it has none."""
    if settings.base_url is not None:
        raise ValueError("--base-url: the driver in_process has no address")
    return InProcessStand(settings.book)
