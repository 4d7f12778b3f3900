"""Overrides of parameters: what a policy takes, and what it refuses with every reason."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook import PolicyError, PolicyProblem, UnknownEntryError, load

BOOK = load()
WHOLE = "a whole number, 0 or more"
NUMBER = "a number, 0 or more"
RANGE = "two numbers [low, high], 0 or more, low not above high"
LIST = "a list of different non-empty texts"
TABLE = "a mapping of high, normal to whole numbers, 0 or more"


def test_without_overrides_every_parameter_has_the_books_value() -> None:
    policy = BOOK.policy()
    assert policy.overrides == {}
    assert {key: policy[key] for key in BOOK.parameters} == {
        key: parameter.value for key, parameter in BOOK.parameters.items()
    }


def test_override_changes_its_parameter_and_no_other() -> None:
    policy = BOOK.policy({"VER-02.guarantee_working_days": 3, "BND.confirmation": "signature"})
    assert policy.overrides == {"VER-02.guarantee_working_days": 3, "BND.confirmation": "signature"}
    changed = [key for key in BOOK.parameters if policy[key] != BOOK.parameter(key).value]
    assert changed == ["VER-02.guarantee_working_days", "BND.confirmation"]


@pytest.mark.parametrize(
    ("key", "given_value", "kept"),
    [
        ("AUTH-11.max_sessions_per_org", 0, 0),
        ("AUTH-11.max_sessions_per_org", 1, 1),
        ("AUTH-03.lock_min", 0.5, 0.5),
        ("VER-02.typical_h", [12, 36.5], (12, 36.5)),
        ("VER-02.typical_h", [24, 24], (24, 24)),
        ("CERT-11.remind_days_before", [60, 0], (60, 0)),
        ("CERT-11.remind_days_before", [], ()),
        ("DOC-01.formats", ["pdf", "docx", "jpg"], ("pdf", "docx", "jpg")),
        ("AUTH-04.required_for", [], ()),
        ("SEC-02.symmetric", "AES-128", "AES-128"),
        ("SEC-01.tls_floor", "1.3", "1.3"),
        ("BND.confirmation", "by_kind", "by_kind"),
        ("ROLE-10.audit_every_days", {"normal": 60, "high": 14}, {"high": 14, "normal": 60}),
    ],
)
def test_fitting_value_is_taken(key: str, given_value: object, kept: object) -> None:
    policy = BOOK.policy({key: given_value})
    assert policy[key] == kept
    assert policy.overrides == {key: kept}


@pytest.mark.parametrize(
    ("key", "wrong", "expected"),
    [
        ("VER-02.guarantee_working_days", 2.5, WHOLE),
        ("VER-02.guarantee_working_days", "5", WHOLE),
        ("VER-02.guarantee_working_days", -1, WHOLE),
        ("VER-02.guarantee_working_days", True, WHOLE),
        ("VER-02.guarantee_working_days", None, WHOLE),
        ("AUTH-03.lock_min", float("inf"), NUMBER),
        ("AUTH-03.lock_min", -0.1, NUMBER),
        ("AUTH-03.lock_min", "30m", NUMBER),
        ("VER-02.typical_h", [48, 24], RANGE),
        ("VER-02.typical_h", [24], RANGE),
        ("VER-02.typical_h", [1, 2, 3], RANGE),
        ("VER-02.typical_h", 24, RANGE),
        ("CERT-11.remind_days_before", [30, 1.5], "a list of whole numbers, 0 or more"),
        ("CERT-11.remind_days_before", 30, "a list of whole numbers, 0 or more"),
        ("DOC-01.formats", "pdf", LIST),
        ("DOC-01.formats", ["pdf", "pdf"], LIST),
        ("DOC-01.formats", ["pdf", ""], LIST),
        ("SEC-02.symmetric", "", "a non-empty text"),
        ("SEC-01.tls_floor", 1.3, "one of 1.2, 1.3"),
        ("BND.confirmation", "letter", "one of by_kind, sms, signature, head"),
        ("ROLE-10.audit_every_days", {"high": 14}, TABLE),
        ("ROLE-10.audit_every_days", {"high": 14, "normal": "90"}, TABLE),
        ("ROLE-10.audit_every_days", 90, TABLE),
    ],
)
def test_value_of_another_type_is_refused(key: str, wrong: object, expected: str) -> None:
    with pytest.raises(PolicyError) as caught:
        BOOK.policy({key: wrong})
    assert caught.value.problems == (PolicyProblem("wrong-type", key, expected, wrong),)


def test_not_a_number_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"AUTH-03\.lock_min: expected a number, 0 or more"):
        BOOK.policy({"AUTH-03.lock_min": float("nan")})


def test_all_wrong_overrides_are_reported_at_once_with_near_names() -> None:
    with pytest.raises(PolicyError) as caught:
        BOOK.policy(
            {
                "binding.confirmation": "sms",
                "AUTH-03.lock_min": 45,
                "AUTH-11.max_sessions_per_org": "many",
                "bnd-11.lock_min": 5,
                "weather": 1,
            }
        )
    assert str(caught.value).splitlines() == [
        "binding.confirmation: expected a parameter of the rule book; "
        "did you mean BND.confirmation? [unknown-parameter]",
        "AUTH-11.max_sessions_per_org: expected a whole number, 0 or more, got 'many' [wrong-type]",
        "bnd-11.lock_min: expected a parameter of the rule book; "
        "did you mean BND-11.lock_min or AUTH-03.lock_min? [unknown-parameter]",
        "weather: expected a parameter of the rule book [unknown-parameter]",
    ]
    assert [(each.key, each.got) for each in caught.value.problems] == [
        ("binding.confirmation", "sms"),
        ("AUTH-11.max_sessions_per_org", "many"),
        ("bnd-11.lock_min", 5),
        ("weather", 1),
    ]


def test_confirmation_of_binding_depends_on_the_kind_by_default() -> None:
    policy = BOOK.policy()
    assert policy.choice("BND.confirmation", "legal") == "signature"
    assert policy.choice("BND.confirmation", "sole_proprietor") == "sms"


@pytest.mark.parametrize("word", ["sms", "signature", "head"])
def test_confirmation_of_binding_is_one_for_all_when_overridden(word: str) -> None:
    policy = BOOK.policy({"BND.confirmation": word})
    assert policy.choice("BND.confirmation", "legal") == word
    assert policy.choice("BND.confirmation", "sole_proprietor") == word


def test_typed_readers_give_the_value_in_its_type() -> None:
    policy = BOOK.policy({"AUTH-03.lock_min": 45, "VER-02.typical_h": [1, 2]})
    assert policy.count("VER-02.guarantee_working_days") == 5
    assert policy.number("AUTH-03.lock_min") == 45.0
    assert policy.range("VER-02.typical_h") == (1.0, 2.0)
    assert policy.texts("DOC-02.formats") == ("pdf", "jpg")
    assert policy.counts("CERT-11.remind_days_before") == (30, 14, 7, 1)
    assert policy.text("SEC-02.symmetric") == "AES-256"


def test_typed_reader_refuses_a_parameter_of_another_type() -> None:
    policy = BOOK.policy()
    with pytest.raises(TypeError, match=r"VER-02.typical_h is a range, not a count"):
        policy.count("VER-02.typical_h")
    with pytest.raises(TypeError, match=r"AUTH-03.lock_min is a number, not a count"):
        policy.count("AUTH-03.lock_min")
    with pytest.raises(TypeError, match=r"VER-02.typical_h is a range, not a number"):
        policy.number("VER-02.typical_h")
    with pytest.raises(TypeError, match=r"CERT-11.remind_days_before is a counts, not a range"):
        policy.range("CERT-11.remind_days_before")
    with pytest.raises(TypeError, match=r"VER-02.typical_h is a range, not a list"):
        policy.texts("VER-02.typical_h")
    with pytest.raises(TypeError, match=r"VER-02.typical_h is a range, not a counts"):
        policy.counts("VER-02.typical_h")
    with pytest.raises(TypeError, match=r"BND.confirmation is a choice, not a text"):
        policy.text("BND.confirmation")
    with pytest.raises(TypeError, match=r"SEC-02.symmetric is a text, not a choice"):
        policy.choice("SEC-02.symmetric", "legal")


def test_reading_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(UnknownEntryError, match=r"did you mean BND.confirmation\?"):
        BOOK.policy()["BND.confirmations"]


def test_policy_contains_exactly_the_parameters_of_the_book() -> None:
    policy = BOOK.policy({"AUTH-03.lock_min": 45})
    assert "AUTH-03.lock_min" in policy
    assert "BND.confirmation" in policy
    assert "BND-01" not in policy


def test_policy_survives_a_trip_to_another_process() -> None:
    policy = BOOK.policy({"ROLE-10.audit_every_days": {"high": 7, "normal": 90}})
    arrived = pickle.loads(pickle.dumps(policy))
    assert arrived == policy
    assert hash(arrived) == hash(policy)


def test_policy_error_survives_a_trip_to_another_process() -> None:
    with pytest.raises(PolicyError) as caught:
        BOOK.policy({"weather": 1})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_later_change_of_the_given_mapping_does_not_reach_the_policy() -> None:
    formats = ["pdf"]
    overrides: dict[str, object] = {"DOC-01.formats": formats}
    policy = BOOK.policy(overrides)
    formats.append("exe")
    overrides.clear()
    assert policy["DOC-01.formats"] == ("pdf",)


@given(st.dictionaries(st.sampled_from(sorted(BOOK.parameters)), st.none()))
def test_values_read_from_the_book_are_always_accepted_back(keys: dict[str, None]) -> None:
    defaults = {key: BOOK.parameter(key).value for key in keys}
    policy = BOOK.policy(defaults)
    assert policy.overrides == defaults
    assert BOOK.policy(policy.overrides) == policy
