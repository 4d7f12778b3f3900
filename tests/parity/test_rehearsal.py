"""A policy under which nobody can pass, or a mistake cannot be made, is named before the run."""

from typing import Any

import pytest

from scenarios.builtin_models import BUILTIN_JOURNEYS
from sim.model.model import compile_model
from sim.twin.judging import twin_of
from sim.twin.places import UnfitPolicy
from tests.parity.running import BOOK, scenario_of

EVERY_FORMAT = ["pdf", "docx", "xlsx", "jpg", "png", "xml"]


def rehearsed(journey: str, policy: dict[str, Any], defects: dict[str, float]) -> None:
    scenario = scenario_of(journey, 1, defects, policy=policy)
    twin_of(scenario, compile_model(scenario).graph)


@pytest.mark.parametrize("journey", BUILTIN_JOURNEYS)
def test_a_policy_that_lets_good_applicants_pass_is_fit(journey: str) -> None:
    rehearsed(journey, {"CERT-10.max_clock_skew_s": 60}, dict.fromkeys(BOOK.defects, 0.1))


@pytest.mark.parametrize(
    ("journey", "policy", "place", "rule"),
    [
        ("registration", {"DOC-01.max_mb": 0}, "registration.document_gate", "DOC-10"),
        ("head_change", {"DOC-01.formats": ["docx"]}, "head_change.document_gate", "DOC-01"),
        ("account", {"PWD-01.min_length": 40}, "account.form_gate", "PWD-01"),
        ("account", {"DOC-03.formats": ["pdf"]}, "account.identity_gate", "DOC-03"),
        ("sign_in", {"AUTH-05.code_ttl_s": 0}, "sign_in.certificate_gate", "AUTH-07"),
        ("application", {"APP-09.kinds": []}, "application.licence_gate", "APP-09"),
        ("application", {"APP-07.kinds": ["УСН"]}, "application.report_gate", "APP-07"),
    ],
)
def test_a_policy_that_refuses_good_applicants_names_gate_rule_and_parameter(
    journey: str, policy: dict[str, Any], place: str, rule: str
) -> None:
    with pytest.raises(UnfitPolicy) as unfit:
        rehearsed(journey, {**policy, "CERT-10.max_clock_skew_s": 60}, {})
    assert (unfit.value.place, unfit.value.rules) == (place, (rule,))
    assert set(policy) <= set(unfit.value.parameters)


@pytest.mark.parametrize(("share", "fits"), [(0.0, True), (0.01, False)])
def test_a_mistake_that_cannot_be_made_is_named_if_somebody_is_to_make_it(
    share: float, fits: bool
) -> None:
    policy = {"DOC-01.formats": EVERY_FORMAT}
    if fits:
        rehearsed("registration", policy, {"document_wrong_format": share})
        return
    with pytest.raises(UnfitPolicy) as unfit:
        rehearsed("registration", policy, {"document_wrong_format": share})
    assert unfit.value.args == ("document_wrong_format", (), ("DOC-01.formats",))
