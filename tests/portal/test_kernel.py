"""Forms are read strictly, keys stand for one doing, who is overtaken does it again."""

import datetime as dt
import json

import pytest

from portal.payload import UnreadablePayload
from portal.portal import Done, UnknownAct
from portal.ports.store import Conflict, Store
from portal.store.journal_chain import broken_at
from portal.store.unit import Unit
from portal.tasks import Task
from portal.use_case import Actor, Context, HeldKey, Outcome, UseCase
from tests.portal.probe_acts import Note, Runs, Writing, install
from tests.portal.stores import OvertakingStore
from tests.portal.wiring import Stand, broken, portal_with


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.fixture(name="runs")
def _runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    return install(monkeypatch)


def note(stand: Stand, name: str) -> Note | None:
    return Unit(stand.store).get(Note, name)


def tasks(stand: Stand) -> list[str]:
    return [each.id for each in stand.store.up_to(Task.KIND, "due", "9999", 100)]


# --- forms and people


def test_an_unknown_name_is_told(runs: Runs) -> None:
    with pytest.raises(UnknownAct, match="fly"):
        portal_with().act("fly")
    with pytest.raises(UnknownAct, match="fly"):
        portal_with().read("fly")


def test_every_unreadable_field_is_named_with_what_was_expected(runs: Runs) -> None:
    with pytest.raises(UnreadablePayload) as caught:
        portal_with().act("write", text=1, day="tomorrow")
    assert [place for place, _ in caught.value.problems] == ["name", "text", "day"]
    assert runs.names == []


def test_a_number_is_not_taken_for_a_text_nor_a_text_for_a_date_of_another_form(
    stand: Stand, runs: Runs
) -> None:
    stand.act("write", name="a", day="2026-02-02")
    for wrong in ({"name": 5}, {"name": "a", "day": "02.02.2026"}, {"name": None}):
        with pytest.raises(UnreadablePayload):
            stand.act("write", **wrong)


def test_what_needs_somebody_signed_in_is_refused_to_others_before_the_form_is_read(
    stand: Stand,
    runs: Runs,
) -> None:
    assert stand.act("write_own").refusal == "unauthenticated"
    assert stand.read("look_own").refusal == "unauthenticated"
    assert stand.act("write_own", Actor(account="p"), name="a").state == "written"
    assert stand.read("look_own", Actor(account="p"), name="a").state == "shown"


def test_what_is_for_staff_is_refused_to_everybody_else(stand: Stand, runs: Runs) -> None:
    operator = Actor(operator="Петрова")
    for actor in (Actor(), Actor(account="p")):
        assert stand.act("write_staff", actor, name="a").refusal == "forbidden"
        assert stand.read("look_staff", actor, name="a").refusal == "forbidden"
    assert stand.act("write_staff", operator, name="a").state == "written"
    assert stand.read("look_staff", operator, name="a").state == "shown"
    assert json.loads(stand.store.journal("a")[0].body)["operator"] == "Петрова"


# --- what is kept


def test_a_refused_attempt_leaves_its_trace(stand: Stand, runs: Runs) -> None:
    outcome = stand.act("refuse", name="a")
    assert (outcome.refusal, [each.rule for each in outcome.violations]) == ("wrong", ["ID-01"])
    assert note(stand, "a") is not None


def test_a_line_of_the_journal_says_when_from_where_who_what_and_how_it_ended(
    stand: Stand, runs: Runs
) -> None:
    stand.act("write", Actor(account="p", ip="10.1.2.3"), name="a")
    (line,) = stand.store.journal("a")
    assert json.loads(line.body) == {
        "at": "2026-02-02T10:00:00+03:00",
        "ip": "10.1.2.3",
        "account": "p",
        "action": "write",
        "result": "done",
    }


def test_reading_leaves_its_line_too(stand: Stand, runs: Runs) -> None:
    stand.read("look", Actor(account="p"), name="a")
    assert [json.loads(line.body)["action"] for line in stand.store.journal("a")] == ["look"]


def test_the_chain_of_the_journal_holds_over_all_acts(stand: Stand, runs: Runs) -> None:
    for name in ("a", "b", "a"):
        stand.act("write", name=name)
    lines = stand.store.journal()
    assert [line.number for line in lines] == [1, 2, 3]
    assert broken_at(lines) is None


# --- idempotency keys


def test_the_same_key_does_it_once_and_tells_the_first_outcome(stand: Stand, runs: Runs) -> None:
    first = stand.act("write", key="k", name="a", text="1")
    assert stand.act("write", key="k", name="a", text="1") == first
    assert runs.names == ["write"]


def test_a_refusal_is_remembered_as_well(stand: Stand, runs: Runs) -> None:
    first = stand.act("refuse", key="k", name="a")
    assert stand.act("refuse", key="k", name="a") == first
    assert runs.names == ["refuse"]


def test_the_key_of_another_content_is_refused(stand: Stand, runs: Runs) -> None:
    stand.act("write", key="k", name="a", text="1")
    taken = stand.act("write", key="k", name="a", text="2")
    assert (taken.refusal, broken(taken)) == ("key-taken", ["OPS-01 idempotency_key"])
    assert runs.names == ["write"]


def test_of_two_at_once_under_one_key_the_later_gets_the_outcome_of_the_first(
    stand: Stand, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner: list[Outcome] = []
    entered: list[str] = []

    def write_slowly(context: Context, form: Writing) -> Outcome:
        entered.append(form.name)
        if len(entered) == 1:
            inner.append(stand.act("write_slowly", key="k", name="a"))
        return runs.write(context, form)

    case = UseCase("write_slowly", Writing, write_slowly, signed_in=False)
    monkeypatch.setattr("portal.portal.USE_CASES", {case.name: case})
    assert stand.act("write_slowly", key="k", name="a") == inner[0]
    note = Unit(stand.store).get(Note, "a")
    assert note is not None
    assert note.version == 1


@pytest.mark.parametrize(
    ("name", "actor"), [("write", Actor(account="q")), ("write_own", Actor(account="p"))]
)
def test_keys_are_apart_by_person_and_by_use_case(
    stand: Stand, runs: Runs, name: str, actor: Actor
) -> None:
    stand.act("write", Actor(account="p"), key="k", name="a")
    stand.act(name, actor, key="k", name="a")
    assert runs.names == ["write", "write"]


@pytest.mark.parametrize(
    "actors",
    [
        [Actor(operator="Ольга"), Actor(operator="Олег")],
        [
            Actor(account="p"),
            Actor(account="p", key=HeldKey("1", frozenset())),
            Actor(account="p", key=HeldKey("2", frozenset())),
        ],
    ],
)
def test_keys_are_apart_by_member_of_the_staff_and_by_program(
    stand: Stand, runs: Runs, actors: list[Actor]
) -> None:
    for actor in [*actors, *actors]:
        stand.act("write", actor, key="k", name="a")
    assert runs.names == ["write"] * len(actors)


def test_a_key_is_remembered_for_a_day(stand: Stand, runs: Runs) -> None:
    stand.act("write", key="k", name="a")
    stand.after(hours=23, minutes=59, seconds=59)
    stand.act("write", key="k", name="a")
    assert runs.names == ["write"]
    stand.after(seconds=1)
    stand.act("write", key="k", name="a")
    assert runs.names == ["write", "write"]


def test_what_could_not_be_done_for_now_is_done_under_the_same_key_later(
    stand: Stand, runs: Runs
) -> None:
    runs.down = True
    assert stand.act("ask", key="k").refusal == "later"
    runs.down = False
    assert stand.act("ask", key="k").state == "asked"
    assert runs.names == ["ask", "ask"]


def test_of_a_form_with_a_secret_only_a_slow_hash_is_remembered(stand: Stand, runs: Runs) -> None:
    first = stand.act("whisper", key="k", word="Sesame-1")
    assert stand.act("whisper", key="k", word="Sesame-1") == first
    assert stand.act("whisper", key="k", word="Sesame-2").refusal == "key-taken"
    assert runs.names == ["whisper"]
    done = Unit(stand.store).get(Done, "-/whisper/k")
    assert done is not None
    assert done.digest.startswith("$argon2id$")


def test_an_outcome_that_bears_a_secret_is_not_remembered(stand: Stand, runs: Runs) -> None:
    tokens = {stand.act("give", key="k").data["token"] for _ in range(2)}
    assert len(tokens) == 2
    assert stand.store.get(Done.KIND, "-/give/k") is None


# --- conflicts


def test_who_is_overtaken_does_it_again_on_what_is_there_then(runs: Runs) -> None:
    stand = portal_with(store=OvertakingStore(7))
    assert stand.act("write", name="a", text="1").state == "written"
    assert runs.names == ["write"] * 8
    written = note(stand, "a")
    assert written is not None
    assert written.text == "1"


def test_who_is_overtaken_eight_times_is_told(runs: Runs) -> None:
    with pytest.raises(Conflict):
        portal_with(store=OvertakingStore(8)).act("write", name="a")
    assert runs.names == ["write"] * 8


def test_an_overtaken_attempt_sends_nothing_and_leaves_no_line(runs: Runs) -> None:
    stand = portal_with(store=OvertakingStore(1))
    stand.act("write", name="a")
    stand.act("post", name="l", text="1")
    assert len(stand.store.journal()) == 1
    assert stand.messenger.attempts == ["l"]


# --- letters


def test_a_letter_goes_at_once_and_nothing_stays_to_do(stand: Stand, runs: Runs) -> None:
    stand.act("post", name="l", text="Здравствуйте")
    assert stand.messenger.sent_to("a@b.test") == ["Здравствуйте"]
    assert stand.portal.next_due() is None
    assert stand.portal.tick() == 0
    assert tasks(stand) == []
    assert stand.messenger.attempts == ["l"]


def test_a_letter_that_did_not_go_is_sent_when_the_gateway_is_back(
    stand: Stand, runs: Runs
) -> None:
    stand.messenger.refusing.add("email")
    assert stand.act("post", name="l", text="1").state == "posted"
    assert stand.portal.tick() == 0
    stand.after(seconds=9, milliseconds=999)
    assert stand.messenger.attempts == ["l", "l"]
    stand.messenger.refusing.clear()
    stand.after(milliseconds=1)
    assert stand.messenger.sent_to("a@b.test") == ["1"]
    assert tasks(stand) == []
    stand.after(days=1)
    assert stand.messenger.attempts == ["l", "l", "l"]


def test_a_secret_letter_goes_through_the_first_gateway_that_takes_it(
    stand: Stand, runs: Runs
) -> None:
    stand.act("post_secret", name="c", text="123456")
    assert stand.messenger.attempts == ["c"]
    stand.messenger.refusing.add("sms")
    stand.act("post_secret", name="d", text="654321")
    assert stand.messenger.sent_to("a@b.test") == ["654321"]


def test_a_secret_letter_is_never_kept(stand: Stand, runs: Runs) -> None:
    stand.messenger.refusing.update(("sms", "email"))
    assert stand.act("post_secret", name="c", text="123456").state == "posted"
    assert tasks(stand) == []
    stand.messenger.refusing.clear()
    stand.after(hours=1)
    assert stand.messenger.letters == {}


def test_time_is_one_and_the_same_during_an_act(stand: Stand, runs: Runs) -> None:
    stand.clock.move(dt.timedelta(hours=1))
    stand.act("write", name="a")
    assert json.loads(stand.store.journal()[0].body)["at"] == "2026-02-02T11:00:00+03:00"
