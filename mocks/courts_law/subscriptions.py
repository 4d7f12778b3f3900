"""Who is told of what: subscriptions, and the feed of events that they make."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, Final

from pydantic import Field

from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.register import Numbered, Register, new_id
from mocks.core.tenant import Tenant
from mocks.courts_law.cases import MOST_FILED, Case
from mocks.courts_law.events import Event, Topic, case_event, events_of
from mocks.courts_law.terms import months_later
from world.microseconds import DAY_US
from world.records import Organization

__all__ = [
    "LATE", "MISADDRESSED", "SERVICE", "Subscription", "SubscriptionRequest", "Subscriptions",
]  # fmt: skip

SERVICE: Final = "courts_law"
LATE, MISADDRESSED = "late_event", "misaddressed"

LATE_US: Final = DAY_US
"""Assumption: a late event comes a day later."""

_MOST_SUBSCRIPTIONS: Final = 1_000
_MOST_REMEMBERED: Final = 10_000  # with those that are ended: the latest


class SubscriptionRequest(Numbered):
    """Topics to be told of; `inn` may be missing if the only one is legislation."""

    inn: str | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=4)]


@dataclass(eq=False)
class Subscription:
    """One subscriber's wish; `organization` is an index, None for legislation of all sorts;
    `month` is what is planned of this month."""

    id: str
    request_id: str
    inn: str | None
    organization: int | None
    topics: tuple[Topic, ...]
    ended: bool = False
    month: list[Appointment] = field(default_factory=list)

    def end(self) -> None:
        """Nothing more is told, nor planned."""
        self.ended = True
        for appointment in self.month:
            appointment.cancel()
        self.month = []


class Subscriptions:
    """The subscriptions of one tenant, at most 1,000. Not locked: its tenant locks.

    The events of a month are planned when it begins, or at the subscription.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._subscriptions: Register[Subscription] = Register(_MOST_REMEMBERED, self._drop)
        self._live = 0
        self._followed: deque[list[Appointment]] = deque()

    def repeated(self, asked: SubscriptionRequest) -> Subscription | None:
        """The subscription that this very request has made; Refusal 409 as of `Register`."""
        return self._subscriptions.repeated(asked)

    def subscribe(
        self,
        asked: SubscriptionRequest,
        organization: Organization | None,
        key: DrawKey,
        now_us: int,
    ) -> Subscription:
        """Tell of these topics from now on; Refusal 507 if there are too many subscriptions."""
        if self._live >= _MOST_SUBSCRIPTIONS:
            raise Refusal(507, "too-many", f"Подписок не больше {_MOST_SUBSCRIPTIONS}")
        index = None if organization is None else organization.index
        subscription_id = new_id(key, "subscription")
        topics = tuple(dict.fromkeys(asked.topics))
        subscription = Subscription(subscription_id, asked.request_id, asked.inn, index, topics)
        self._subscriptions.keep(subscription_id, subscription, asked)
        self._live += 1
        self._plan_month(subscription, now_us)
        return subscription

    def find(self, subscription_id: str) -> Subscription:
        """The subscription of that id; Refusal 404 if there is none or it is ended."""
        found = self._subscriptions.find(subscription_id)
        if found is None or found.ended:
            raise Refusal(404, "no-such-subscription", f"Нет подписки {subscription_id}")
        return found

    def end(self, subscription_id: str) -> None:
        """Tell nothing more; Refusal 404 if there is no such subscription."""
        self.find(subscription_id).end()
        self._live -= 1

    def file(self, event: Event, parties: Iterable[int], now_us: int) -> int:
        """Tell an event to whom it concerns, at its time; how many subscriptions that are.

        Legislation without parties concerns everybody.
        """
        wanted = set(parties)
        concerned = [
            one
            for one in self._subscriptions
            if not one.ended
            and event.topic in one.topics
            and (one.organization in wanted or (event.topic == "legislation" and not wanted))
        ]
        for one in concerned:
            self._plan(one, event, now_us)
        return len(concerned)

    def follow(self, case: Case, now_us: int) -> None:
        """Tell the parties of a filed case of every step as it comes, while the case is kept."""
        events = [case_event(self._tenant, case, step) for step in case.steps]
        agenda = self._tenant.agenda
        self._followed.append(
            [
                agenda.at(max(event.at_us, now_us), partial(self._tell_parties, case, event))
                for event in events
            ]
        )
        if len(self._followed) > MOST_FILED:
            for appointment in self._followed.popleft():
                appointment.cancel()

    def _tell_parties(self, case: Case, event: Event, now_us: int) -> None:
        self.file(event, (case.plaintiff, case.defendant), now_us)

    def _drop(self, subscription: Subscription) -> None:
        """The oldest gives way, as a rule an ended one."""
        if not subscription.ended:
            subscription.end()
            self._live -= 1

    # --- what happens by itself

    def _plan_month(self, subscription: Subscription, now_us: int) -> None:
        """Plan what is still to come of this month, and the planning of the next; nothing comes
        to an organization that a test has added and taken back."""
        calendar, records = self._tenant.clock.calendar, self._tenant.records
        first = calendar.date(now_us).replace(day=1)
        index = subscription.organization
        organization = None if index is None else records.known_organization(index)
        following = calendar.midnight(months_later(first, 1))
        subscription.month = [
            self._plan(subscription, event, now_us)
            for topic in subscription.topics
            for event in events_of(self._tenant, organization, topic, first)
            if event.at_us >= now_us and (organization is None) == (index is None)
        ]
        plan_next = partial(self._plan_month, subscription)
        subscription.month.append(self._tenant.agenda.at(following, plan_next))

    def _plan(self, subscription: Subscription, event: Event, now_us: int) -> Appointment:
        key = self._tenant.keys.made(SERVICE, f"{subscription.id}/{event.id}")
        at_us = max(event.at_us, now_us)
        return self._tenant.agenda.at(at_us, partial(self._publish, subscription, event, key))

    def _publish(
        self,
        subscription: Subscription,
        event: Event,
        key: DrawKey,
        now_us: int,
        late: bool = False,
    ) -> None:
        if subscription.ended:
            return
        if not late and self._tenant.hit(LATE, SERVICE, key):
            publish_late = partial(self._publish, subscription, event, key, late=True)
            self._tenant.agenda.at(now_us + LATE_US, publish_late)
            return
        inn = subscription.inn
        if inn is not None and self._tenant.hit(MISADDRESSED, SERVICE, key):
            inn = self._other_inn(subscription)
        payload: dict[str, Any] = {
            "subscription_id": subscription.id,
            "topic": event.topic,
            "inn": inn,
            "title": event.title,
            "details": event.details,
        }
        event_id = f"{subscription.id}/{event.id}"
        self._tenant.feed(SERVICE).publish(event_id, payload, key, now_us)

    def _other_inn(self, subscription: Subscription) -> str:
        """The ИНН of the country's next organization, whom the event does not concern."""
        world = self._tenant.records.world
        return world.organization(((subscription.organization or 0) + 1) % world.organizations).inn

    @staticmethod
    def view(subscription: Subscription) -> dict[str, Any]:
        """The subscription as answers show it."""
        return {
            "subscription_id": subscription.id,
            "request_id": subscription.request_id,
            "inn": subscription.inn,
            "topics": list(subscription.topics),
        }
