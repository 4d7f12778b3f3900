"""The plan of faults: who is hit, when, how often, and that chances are keyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mocks.core.country import Country
from mocks.core.draw_keys import DrawKey
from mocks.core.faults import KINDS, Fault, FaultError
from mocks.core.http import Request
from mocks.core.service import Service
from mocks.core.tenant import Tenant

SECOND_US = 1_000_000
ASK = Request("GET", "/v1/things")


def tenant() -> Tenant:
    country = Country(
        [Service("egrul", own_faults={"stale": "старые сведения"}), Service("mvd"), Service("pfr")],
    )
    return country.tenant()


def fault(**fields: object) -> Fault:
    return Fault.model_validate({"id": "f", "service": "egrul", "kind": "slow", **fields})


def key(number: int) -> DrawKey:
    return DrawKey(number, 7, 0, 0)


def hits(of: Tenant, service: str = "egrul", request: Request = ASK, count: int = 1000) -> int:
    return sum(
        bool(of.faults.effects(service, request, key(n), of.now_us).applied) for n in range(count)
    )


def test_a_fault_holds_from_its_beginning_included_to_its_end_excluded() -> None:
    # Clocks begin at 10:00 on 2 February 2026.
    of = tenant()
    of.plan_fault(fault(kind="truncated", **{"from": "2026-02-02T11:00", "for": "30m"}))
    seen = []
    for us in (3600 * SECOND_US - 1, 1, 1800 * SECOND_US - 1, 1):
        of.advance(us)
        seen.append(of.faults.effects("egrul", ASK, key(1), of.now_us).truncated)
    assert seen == [False, True, True, False]


def test_without_times_a_fault_holds_at_once_and_for_ever() -> None:
    of = tenant()
    of.plan_fault(fault(kind="malformed"))
    of.advance(10**15)
    assert of.faults.effects("egrul", ASK, key(1), of.now_us).malformed


def test_a_fault_hits_its_service_by_any_name_and_no_other() -> None:
    of = tenant()
    of.plan_fault(fault(service="egrul", kind="reset"))
    assert (hits(of, "egrul", count=1), hits(of, "mvd", count=1)) == (1, 0)


def test_a_fault_of_every_service_hits_all() -> None:
    of = tenant()
    of.plan_fault(fault(service="*", kind="timeout"))
    assert [hits(of, service, count=1) for service in ("egrul", "mvd", "pfr")] == [1, 1, 1]


def test_match_narrows_a_fault_to_methods_and_paths() -> None:
    of = tenant()
    of.plan_fault(fault(kind="reset", match={"method": "post", "path": "/v1/*"}))
    requests = [Request("POST", "/v1/a"), Request("GET", "/v1/a"), Request("POST", "/v2/a")]
    assert [hits(of, request=request, count=1) for request in requests] == [1, 0, 0]


def test_times_ends_a_fault_after_so_many_hits() -> None:
    of = tenant()
    of.plan_fault(fault(kind="truncated", times=3))
    assert hits(of) == 3
    assert of.faults.hits["f"] == 3


def test_the_share_of_hits_is_p_and_the_same_keys_are_hit_again() -> None:
    of = tenant()
    of.plan_fault(fault(kind="truncated", p=0.2))
    first = [of.faults.effects("egrul", ASK, key(n), 0).truncated for n in range(5000)]
    again = [of.faults.effects("egrul", ASK, key(n), 0).truncated for n in range(5000)]
    assert first == again
    assert 900 <= sum(first) <= 1100  # 1000 expected, sd 28


def test_two_faults_of_one_chance_hit_independently() -> None:
    of = tenant()
    of.plan_fault(fault(id="a", kind="truncated", p=0.5))
    of.plan_fault(fault(id="b", kind="malformed", p=0.5))
    effects = [of.faults.effects("egrul", ASK, key(n), 0) for n in range(4000)]
    both = sum(e.truncated and e.malformed for e in effects)
    assert 900 <= both <= 1100  # 1000 expected, sd 27


def test_slowness_multiplies_in_the_order_of_ids_and_delay_adds() -> None:
    of = tenant()
    of.plan_fault(fault(id="b", factor=2))
    of.plan_fault(fault(id="a", factor=1.5))
    of.plan_fault(fault(id="c", kind="delay", delay={"constant": "7ms"}))
    effects = of.faults.effects("egrul", ASK, key(1), 0)
    assert effects.slow == (1.5, 2.0)
    # 3 µs: round(4.5) is 4 (half to even, as in the model), twice that is 8.
    assert effects.service_us(3) == 8 + 7000


def test_errors_combine_as_in_the_model_and_name_the_longest_pause() -> None:
    of = tenant()
    of.plan_fault(fault(id="a", kind="error", p=0.3, status=500, retry_after="1s"))
    of.plan_fault(fault(id="b", kind="error", p=0.2, status=429, retry_after="1500ms"))
    effects = [of.faults.effects("egrul", ASK, key(n), 0) for n in range(5000)]
    wrong = [e for e in effects if e.error is not None]
    assert 2090 <= len(wrong) <= 2310  # 1 - 0.7 * 0.8 = 0.44: 2200 expected, sd 35
    assert {(e.status, e.retry_after_s) for e in wrong} == {(500, 2)}


def test_an_own_kind_is_known_only_to_its_service() -> None:
    of = tenant()
    of.plan_fault(fault(kind="stale"))
    assert of.hit("stale", "egrul", key(1))
    with pytest.raises(FaultError, match="kind: stale is none of"):
        of.plan_fault(fault(id="g", service="mvd", kind="stale"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "slow"}, "factor: kind slow needs it"),
        ({"kind": "delay"}, "delay: kind delay needs it"),
        ({"kind": "reset", "factor": 2}, "factor: not for kind reset"),
        ({"kind": "outage", "p": 0.5}, "an outage hits everything"),
    ],
)
def test_fields_that_do_not_fit_the_kind_are_named(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        fault(**fields)


def test_an_unknown_service_and_a_taken_id_are_refused() -> None:
    of = tenant()
    of.plan_fault(fault(factor=2))
    with pytest.raises(FaultError, match="service: nobody is none of egrul, mvd, pfr"):
        of.plan_fault(fault(id="g", service="nobody", factor=2))
    with pytest.raises(FaultError, match="id: a fault f is planned already"):
        of.plan_fault(fault(factor=2))


def test_a_removed_fault_hits_no_more_and_its_id_is_free() -> None:
    of = tenant()
    of.plan_fault(fault(kind="reset"))
    of.remove_fault("f")
    assert hits(of, count=1) == 0
    of.plan_fault(fault(kind="timeout"))
    assert hits(of, count=1) == 1


@given(kind=st.sampled_from(sorted(set(KINDS) - {"outage"})), number=st.integers(0, 2**64 - 1))
def test_a_fault_of_chance_0_never_hits(kind: str, number: int) -> None:
    of = tenant()
    needed: dict[str, dict[str, object]] = {
        "slow": {"factor": 2},
        "delay": {"delay": {"constant": "1s"}},
    }
    of.plan_fault(fault(kind=kind, p=0, **needed.get(kind, {})))
    assert not of.faults.effects("egrul", ASK, key(number), 0).applied
    assert not of.hit(kind, "egrul", key(number))


def test_a_fault_planned_anew_under_a_freed_id_hits_as_often_as_it_says() -> None:
    of = tenant()
    for _ in range(2):
        of.plan_fault(fault(kind="reset", times=1))
        assert hits(of, count=5) == 1
        of.remove_fault("f")
