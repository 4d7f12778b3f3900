"""Chapter ACT: activation, its link, functions by size of business, services by choice."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from portal.ports.verification import Agency, CaseState
from portal.rules import activation
from portal.rules.activation import (
    Activation,
    ActivationLink,
    AfterActivation,
    ChecksSoFar,
    FunctionUse,
    ServiceUse,
)
from rulebook import Text, Tier
from tests.portal.findings import BOOK, found

T0 = dt.datetime(2026, 2, 2, 10, tzinfo=dt.UTC)
TICK = dt.timedelta(microseconds=1)

GOOD = Activation(
    inn="7707083893",
    ogrn="1027700132195",
    phone="+79160000001",
    known_inn="7707083893",
    known_ogrn="1027700132195",
    phones=["+74950000000", "+79160000001"],
    wrong_code=None,
    terms_accepted=True,
)


def fields(rule: Any, claim: Any, **overrides: Any) -> list[str]:
    return [field for field, _ in found(rule, claim, **overrides)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"phone": "+74950000000"}, []),
        ({"inn": "7736050003"}, ["inn"]),
        ({"ogrn": ""}, ["ogrn"]),
        ({"phone": "+79160000002"}, ["phone"]),
        ({"wrong_code": Text("код неверен", "wrong")}, ["code"]),
        ({"terms_accepted": False}, ["terms_accepted"]),
        ({"inn": "", "ogrn": "", "phone": ""}, ["inn", "ogrn", "phone"]),
    ],
)
def test_a_cabinet_is_activated_by_numbers_phone_code_and_terms(
    changes: dict[str, Any], expected: list[str]
) -> None:
    assert fields(activation.activation_form, replace(GOOD, **changes)) == expected


@pytest.mark.parametrize(
    ("fns", "pfr", "expected"),
    [
        ("completed", "completed", []),
        ("completed", "in_progress", ["checks.pfr"]),
        ("waiting", "completed", ["checks.fns"]),
        ("remarks", "clarification", ["checks.fns", "checks.pfr"]),
    ],
)
def test_both_checks_come_before_activation(
    fns: CaseState, pfr: CaseState, expected: list[str]
) -> None:
    states: dict[Agency, CaseState] = {"fns": fns, "pfr": pfr}
    assert fields(activation.after_checks, ChecksSoFar(states=states)) == expected
    assert fields(activation.after_checks, ChecksSoFar(states={})) == ["checks.fns", "checks.pfr"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (AfterActivation(active=True, told=["email"]), []),
        (AfterActivation(active=True, employee_wants_in=True), []),
        (AfterActivation(active=False), []),
        (AfterActivation(active=True), ["notice"]),
        (AfterActivation(active=False, employee_wants_in=True), ["organization"]),
    ],
)
def test_activation_is_told_and_lets_employees_in(
    claim: AfterActivation, expected: list[str]
) -> None:
    assert fields(activation.opened_for_employees, claim) == expected


@pytest.mark.parametrize(
    ("later", "used", "expected"),
    [
        (dt.timedelta(0), False, []),
        (dt.timedelta(hours=24) - TICK, False, []),
        (dt.timedelta(hours=24), False, [("token", "срок ссылки истёк")]),
        (dt.timedelta(0), True, [("token", "ссылка уже использована")]),
    ],
)
def test_a_link_works_once_within_a_day(
    later: dt.timedelta, used: bool, expected: list[tuple[str, str]]
) -> None:
    claim = ActivationLink(sent=T0, used=used, now=T0 + later)
    assert found(activation.by_link, claim) == expected


def test_a_link_that_was_never_sent_is_none_and_its_term_is_the_policys() -> None:
    unknown = ActivationLink(sent=None, used=False, now=T0)
    assert found(activation.by_link, unknown) == [("token", "такой ссылки нет")]
    hour_old = ActivationLink(sent=T0, used=False, now=T0 + dt.timedelta(hours=1))
    assert fields(activation.by_link, hour_old, **{"ACT-04.link_ttl_h": 1}) == ["token"]


TIERS: list[Tier] = ["small", "medium", "large"]


@pytest.mark.parametrize("tier", TIERS)
def test_each_size_has_the_functions_of_the_smaller_and_what_all_have(tier: Tier) -> None:
    every = {name for each in TIERS for name in BOOK.features(each)} | {*activation.FOR_ALL}
    of_tier = BOOK.features(tier)
    open_to = {
        name
        for name in every
        if not fields(activation.function_of_tier, FunctionUse(function=name, of_tier=of_tier))
    }
    assert open_to == {*of_tier, *activation.FOR_ALL}
    smaller = TIERS[: TIERS.index(tier)]
    assert all({*BOOK.features(each)} < open_to for each in smaller)
    unknown = FunctionUse(function="teleport", of_tier=of_tier)
    assert fields(activation.function_of_tier, unknown) == ["function"]


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (ServiceUse(service="licence", switched_on=["licence"]), []),
        (ServiceUse(service="licence", switched_on=["extract"]), ["service"]),
        (ServiceUse(service="licence", switched_on=[]), ["service"]),
        (
            ServiceUse(service="licence", switched_on=["licence"], terms_accepted=False),
            ["terms_accepted"],
        ),
    ],
)
def test_a_service_is_used_once_it_is_switched_on(claim: ServiceUse, expected: list[str]) -> None:
    assert fields(activation.service_is_on, claim) == expected
