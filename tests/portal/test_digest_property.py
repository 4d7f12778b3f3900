"""Whatever happens, whatever fails and whatever is paused, every event comes once or is listed."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.use_case import Actor
from tests.portal.cabinets import Cabinet
from tests.portal.subscribers import change, happen, subscribed
from tests.portal.wiring import portal_with

CHANNELS = ("email", "sms", "push")
KINDS = ("payment", "document")


@dataclass(frozen=True)
class Happens:
    """An event, of a kind that may not be subscribed to."""

    kind: str
    is_critical: bool


@dataclass(frozen=True)
class Passes:
    """Minutes go by."""

    minutes: int


@dataclass(frozen=True)
class Works:
    """What becomes of a channel."""

    channel: str
    how: Literal["refusing", "losing", "slow", "well"]


@dataclass(frozen=True)
class Changes:
    """Other settings; what is None stays."""

    channels: tuple[str, ...] | None = None
    frequency: str | None = None
    paused: bool | None = None


@dataclass(frozen=True)
class SentAgain:
    """The recipient has everything sent again that did not arrive."""


Step: TypeAlias = Happens | Passes | Works | Changes | SentAgain

channel_lists = st.permutations(CHANNELS).flatmap(
    lambda order: st.integers(1, 3).map(lambda number: tuple(order[:number]))
)
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(Happens, st.sampled_from(KINDS), st.booleans()),
    st.builds(Passes, st.sampled_from([0, 1, 10, 60, 60 * 24, 60 * 24 * 8])),
    st.builds(
        Works, st.sampled_from(CHANNELS), st.sampled_from(["refusing", "losing", "slow", "well"])
    ),
    st.builds(
        Changes,
        st.none() | channel_lists,
        st.sampled_from([None, "at_once", "daily", "weekly"]),
        st.sampled_from([None, True, False]),
    ),
    st.builds(SentAgain),
)


@dataclass
class World:
    """A head who has subscribed to payments, and what came of everything so far."""

    cabinet: Cabinet = field(default_factory=lambda: Cabinet(portal_with()))
    wanted: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.head: Actor = self.cabinet.member("head")
        subscribed(self.cabinet, self.head)

    def do(self, step: Step) -> None:
        """Let it happen."""
        messenger = self.cabinet.stand.messenger
        match step:
            case Happens():
                self.count += 1
                title = f"Событие {self.count}"
                (self.wanted if step.kind == "payment" else self.others).append(title)
                happen(self.cabinet, title, kind=step.kind, is_critical=step.is_critical)
            case Passes():
                self.cabinet.stand.after(minutes=step.minutes)
            case Works():
                for how in ("refusing", "losing", "slow"):
                    getattr(messenger, how).discard(step.channel)
                if step.how != "well":
                    getattr(messenger, step.how).add(step.channel)
            case Changes():
                wanted = {name: value for name, value in vars(step).items() if value is not None}
                assert change(self.cabinet, self.head, **wanted).refusal is None
            case SentAgain():
                for each in self.notices("undelivered"):
                    self.cabinet.stand.act(
                        "resend_notification",
                        self.head,
                        organization=self.cabinet.id,
                        notice=each["notice"],
                    )

    def come_to_rest(self) -> None:
        """The mailing goes on, and nothing stays on its way for ever."""
        slow = self.cabinet.stand.messenger.slow
        self.cabinet.stand.messenger.losing |= slow
        slow.clear()
        change(self.cabinet, self.head, paused=False)
        for _ in range(7 + len(CHANNELS) * 6):  # until the digest, then five attempts by each
            self.cabinet.stand.after(days=1)

    def notices(self, state: str) -> list[dict[str, str]]:
        """What the recipient sees in a state."""
        shown = self.cabinet.stand.read(
            "notifications", self.head, organization=self.cabinet.id, state=state
        )
        return list(shown.data["items"])

    def received(self) -> list[str]:
        """The titles that messages bear, each as often as it came."""
        return [
            line.split(".")[0]
            for letter in self.cabinet.stand.messenger.letters.values()
            if not letter.text.startswith("Код")
            for line in letter.text.split("\n")
        ]


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_every_event_comes_once_or_is_listed_as_undeliverable(story: list[Step]) -> None:
    world = World()
    for step in story:
        world.do(step)
    world.come_to_rest()
    listed = [each["title"] for each in world.notices("undelivered")]
    assert sorted(world.received() + listed) == sorted(world.wanted)
    assert sorted(each["title"] for each in world.notices("delivered")) == sorted(world.received())
