"""The queue of СМЭВ under any order of operations, against a list that says the same slowly."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mocks.smev.queues import Queue

VISIBILITY = 10
KINDS = ("extract", "passport", "permit")
READERS = (None, *KINDS)


@dataclass
class Copy:
    """A message in the list, or its second copy; `until` when it comes back."""

    name: str
    kind: str
    until: int = 0


@dataclass
class Reference:
    """The list: what is late stands apart until something overtakes it or nothing else is left."""

    here: list[Copy] = field(default_factory=list)
    late: list[Copy] = field(default_factory=list)

    def put(self, name: str, kind: str, doubled: bool, late: bool) -> None:
        if late:
            self.late.append(Copy(name, kind))
            return
        self.here += [Copy(name, kind) for _ in range(1 + doubled)] + self.late
        self.late = []

    def get(self, kind: str | None, now: int) -> str | None:
        fitting = [copy for copy in self.here if kind in (None, copy.kind) and copy.until <= now]
        if not fitting and any(kind in (None, copy.kind) for copy in self.late):
            self.here, self.late = self.here + self.late, []
            return self.get(kind, now)
        if not fitting:
            return None
        fitting[0].until = now + VISIBILITY
        return fitting[0].name

    def acknowledge(self, name: str, now: int) -> bool:
        if not any(copy.name == name and copy.until > now for copy in self.here):
            return False
        self.here = [copy for copy in self.here if copy.name != name]
        return True


class QueueMachine(RuleBasedStateMachine):
    """Messages put, got, acknowledged or left, with time passing and the faults of the plan."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: Queue[str, str] = Queue()
        self.reference = Reference()
        self.now = 0
        self.put_names: list[str] = []
        self.acknowledged: list[str] = []
        self.handed_out: list[str] = []

    @rule(kind=st.sampled_from(KINDS), doubled=st.booleans(), late=st.booleans())
    def put(self, kind: str, doubled: bool, late: bool) -> None:
        name = f"{kind} {len(self.put_names)}"
        self.put_names.append(name)
        self.queue.put(name, frozenset({kind}), name, doubled=doubled, late=late)
        self.reference.put(name, kind, doubled, late)

    @rule(kind=st.sampled_from(READERS))
    def get(self, kind: str | None) -> None:
        got = self.queue.get(kind, self.now, VISIBILITY)
        assert got == self.reference.get(kind, self.now)
        if got is not None:
            assert got not in self.acknowledged
            assert kind is None or got.startswith(kind)
            self.handed_out.append(got)

    @rule(data=st.data())
    def acknowledge(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from([*self.put_names, "nobody's"]))
        taken = self.queue.acknowledge(name, self.now)
        assert (taken is not None) == self.reference.acknowledge(name, self.now)
        if taken is not None:
            assert taken == name
            assert name in self.handed_out
            self.acknowledged.append(name)

    @rule(passed=st.sampled_from([1, VISIBILITY - 1, VISIBILITY]))
    def wait(self, passed: int) -> None:
        self.now += passed

    @invariant()
    def nothing_is_lost(self) -> None:
        assert len(self.queue) == len(self.put_names) - len(self.acknowledged)

    def teardown(self) -> None:
        """Whatever has happened, a reader who goes on gets each message, and each once."""
        self.now += VISIBILITY
        for _ in range(len(self.queue)):
            name = self.queue.get(None, self.now, VISIBILITY)
            assert name is not None
            assert self.queue.acknowledge(name, self.now) == name
            self.acknowledged.append(name)
        assert self.queue.get(None, self.now, VISIBILITY) is None
        assert sorted(self.acknowledged) == sorted(self.put_names)


QueueMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
test_any_order_of_operations_is_as_the_list_says = QueueMachine.TestCase


def names(queue: Queue[str, str], kind: str | None, times: int) -> list[str | None]:
    return [queue.get(kind, 0, VISIBILITY) for _ in range(times)]


def filled(*messages: str) -> Queue[str, str]:
    """A queue of messages whose kinds are their first letters."""
    queue: Queue[str, str] = Queue()
    for message in messages:
        queue.put(message, frozenset({message[0]}), message)
    return queue


def test_messages_of_a_kind_and_of_all_come_in_the_order_of_their_coming() -> None:
    queue = filled("a1", "b1", "a2", "b2")
    assert names(queue, "b", 3) == ["b1", "b2", None]
    assert names(queue, None, 3) == ["a1", "a2", None]


def test_message_left_alone_is_in_its_old_place_at_the_end_of_its_visibility_time() -> None:
    queue = filled("a1", "a2", "a3")
    assert queue.get("a", 0, VISIBILITY) == "a1"
    assert queue.get("a", VISIBILITY - 1, VISIBILITY) == "a2"
    assert queue.get("a", VISIBILITY, VISIBILITY) == "a1"


def test_acknowledgement_counts_to_the_last_moment_of_the_visibility_time() -> None:
    queue = filled("a1", "a2")
    assert names(queue, "a", 2) == ["a1", "a2"]
    assert queue.acknowledge("a1", VISIBILITY - 1) == "a1"
    assert queue.acknowledge("a2", VISIBILITY) is None
    assert queue.acknowledge("a1", VISIBILITY - 1) is None
    assert len(queue) == 1


def test_doubled_message_is_handed_out_twice_but_never_after_it_is_acknowledged() -> None:
    queue: Queue[str, str] = Queue()
    queue.put("a1", frozenset("a"), "a1", doubled=True)
    assert names(queue, "a", 3) == ["a1", "a1", None]
    assert queue.acknowledge("a1", 0) == "a1"
    assert queue.get("a", VISIBILITY, VISIBILITY) is None
    assert queue.acknowledge("a1", 0) is None


def test_late_message_comes_after_the_next_one_or_when_nothing_else_is_left() -> None:
    queue: Queue[str, str] = Queue()
    queue.put("a1", frozenset("a"), "a1", late=True)
    queue.put("a2", frozenset("a"), "a2")
    queue.put("a3", frozenset("a"), "a3", late=True)
    assert names(queue, None, 4) == ["a2", "a1", "a3", None]


def test_removed_message_is_nowhere_be_it_handed_out_or_late() -> None:
    queue = filled("a1")
    queue.put("a2", frozenset("a"), "a2", late=True)
    assert queue.get("a", 0, VISIBILITY) == "a1"
    for name in ("a1", "a2", "a1"):
        queue.remove(name)
    assert len(queue) == 0
    assert queue.acknowledge("a1", 0) is None
