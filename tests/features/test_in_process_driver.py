"""The driver `in_process`: one clock, one tenant for a scenario, the portal's own work done."""

from collections.abc import Iterator

import pytest

import rulebook
from features.acts.act import Act
from features.driver import Settings, Stand, opened
from features.drivers.in_process import InProcessPortal, open_stand
from features.personas import Cast, Persona
from features.scene import Scene
from portal.ports.messenger import Letter
from portal.store.unit import Unit
from portal.tasks import Task, schedule
from portal.use_case import Actor, Context, task

BOOK = rulebook.load()
DONE: list[str] = []


@task
def probe_of_the_driver(context: Context, planned: Task) -> None:
    """Note when it is done, and plan itself once more an hour later."""
    DONE.append(f"{planned.details['name']} {context.now:%H:%M:%S}")
    if "again" in planned.details:
        again = context.now.replace(hour=context.now.hour + 1)
        schedule(context.unit, "probe_of_the_driver", "again", again, {"name": "again"})


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    found = open_stand(Settings(book=BOOK))
    yield found
    found.close()


@pytest.fixture
def driver(stand: Stand, request: pytest.FixtureRequest) -> Iterator[InProcessPortal]:
    DONE.clear()
    found = stand.portal(request.node.nodeid)
    assert isinstance(found, InProcessPortal)
    yield found
    found.close()


def persona(driver: InProcessPortal, name: str = "Анна") -> Persona:
    cast = Cast(driver.world, driver.now().date(), BOOK, BOOK.policy())
    return cast.introduce(name, "representative")


def plan(driver: InProcessPortal, name: str, after_s: int, **details: str) -> None:
    unit = Unit(driver.portal.ports.store)
    due = driver.now().replace(second=after_s)
    schedule(unit, "probe_of_the_driver", name, due, {"name": name, **details})
    unit.commit()


def test_work_is_done_at_its_own_moments_while_time_passes(driver: InProcessPortal) -> None:
    plan(driver, "second", 20)
    plan(driver, "first", 10, again="yes")
    driver.advance("2h")
    assert DONE == ["first 10:00:10", "second 10:00:20", "again 11:00:10"]
    assert f"{driver.now():%H:%M:%S}" == "12:00:00"


def test_work_beyond_the_time_that_passes_waits(driver: InProcessPortal) -> None:
    plan(driver, "later", 59)
    driver.advance("58s")
    assert DONE == []
    driver.advance("1s")
    assert DONE == ["later 10:00:59"]


def test_a_term_of_working_days_ends_with_the_last_moment_of_the_last(
    driver: InProcessPortal,
) -> None:
    driver.advance("5wd")
    assert f"{driver.now():%Y-%m-%d %H:%M:%S.%f}" == "2026-02-09 23:59:59.999999"


def test_a_letter_that_no_gateway_took_goes_when_it_works_again(driver: InProcessPortal) -> None:
    phone = persona(driver).person.phone
    driver.plan_fault({"id": "sms", "service": "sms_gateway", "kind": "outage", "for": "1h"})
    context = driver.portal._context(Actor(), "test")
    context.send(Letter(id="1", channel="sms", to=phone, text="Статус изменён"))
    driver.portal._commit(context)
    assert driver.inbox(phone) == []
    driver.advance("3h")
    assert [each.text for each in driver.inbox(phone)] == ["Статус изменён"]


def test_a_form_is_checked_and_every_rule_told_in_russian(driver: InProcessPortal) -> None:
    outcome = driver.act(persona(driver), "check_form", {"kind": "legal", "inn": "123"})
    (broken,) = outcome.violations
    assert (outcome.refusal, broken.rule, broken.field) == ("wrong", "ID-01", "inn")
    assert broken.message == f"{BOOK.rule('ID-01').message.ru} (знаков 3, а нужно 10)"


def test_two_scenarios_do_not_meet(stand: Stand, driver: InProcessPortal) -> None:
    other = stand.portal("features/other.feature::test_x")
    driver.advance("1h")
    driver.change_organization(0, {"full_name": "НОВОЕ"})
    assert (other.now() - driver.now()).total_seconds() == -3600
    assert isinstance(other, InProcessPortal)
    ogrn = driver.world.organization(0).ogrn
    mine = driver.portal.ports.registers.find("legal", ogrn)
    theirs = other.portal.ports.registers.find("legal", ogrn)
    assert mine is not None
    assert theirs is not None
    assert (mine.full_name, theirs.full_name == mine.full_name) == ("НОВОЕ", False)
    other.close()


def test_a_parameter_holds_for_portal_and_registries(driver: InProcessPortal) -> None:
    driver.override("VER-02.guarantee_working_days", 7)
    assert driver.portal.policy.count("VER-02.guarantee_working_days") == 7
    assert driver._tenant.state.policy.count("VER-02.guarantee_working_days") == 7


def test_an_act_under_a_key_is_done_once(driver: InProcessPortal) -> None:
    anna, form = persona(driver), {"kind": "legal", "inn": "123"}
    first = driver.act(anna, "check_form", form, key="k")
    assert driver.act(anna, "check_form", form, key="k") == first
    other = driver.act(anna, "check_form", {**form, "inn": "124"}, key="k")
    assert (other.refusal, [each.rule for each in other.violations]) == ("key-taken", ["OPS-01"])


def test_whoever_asks_for_more_than_the_limit_waits_in_the_portals_time(
    driver: InProcessPortal,
) -> None:
    anna = persona(driver)
    driver.limit(burst=2, per_second=0.5)

    def asked() -> tuple[str | None, list[str]]:
        outcome = driver.read(anna, "service_status", {})
        return outcome.refusal, [each.rule for each in outcome.violations]

    assert [asked(), asked(), asked()] == [(None, []), (None, []), ("too-many", ["OPS-05"])]
    driver.advance("1999ms")
    assert asked() == ("too-many", ["OPS-05"])
    driver.advance("1ms")
    assert asked() == (None, [])


def test_calls_of_the_portal_are_told(driver: InProcessPortal) -> None:
    ogrn = driver.world.organization(0).ogrn
    assert driver.calls() == "  нет"
    driver.portal.ports.registers.find("legal", ogrn)
    assert driver.calls() == f"  1. egrul GET /v1/organizations/{ogrn} -> 200"


def test_a_failing_scenario_has_its_whole_story(driver: InProcessPortal) -> None:
    cast = Cast(driver.world, driver.now().date(), BOOK, BOOK.policy())
    anna = cast.introduce("Анна", "representative")
    scene = Scene(driver, cast, BOOK)
    act = Act("проверяет анкету", "check_form", lambda who, where: {"kind": "legal", "inn": ""})
    scene.do(anna, act, {"inn": "12", "kpp": "x" * 300})
    story = scene.story()
    for told in (
        "время портала: 2026-02-02 10:00:00",
        f"ИНН {anna.person.inn}",
        "1. «Анна» проверяет анкету (check_form)",
        '"inn": "12"',
        "(300 знаков)",
        "отказ (wrong): ID-01 [inn]",
    ):
        assert told in story


def test_it_has_no_address() -> None:
    with pytest.raises(ValueError, match="--base-url"):
        opened("in_process", Settings(book=BOOK, base_url="http://portal.test"))
