"""Biometric confirmation: samples that are really compared, terms, locks, consent."""

import io
import json
import wave
from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.biometry.matching import confidence, similarity
from mocks.biometry.samples import Modality, NotASampleError, read_take, take
from mocks.biometry.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from tests.mocks.asking import ask, ask_json
from world.records import Person

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
COUNTRY = Country([service])
SNILS = COUNTRY.tenant().records.person(2).snils
OTHER = COUNTRY.tenant().records.person(3).snils


def country(*kinds: str) -> Country:
    COUNTRY.reset_tenant("main")
    for kind in kinds:
        fault = {"id": kind, "service": "biometry", "kind": kind}
        COUNTRY.tenant().plan_fault(Fault.model_validate(fault))
    return COUNTRY


def challenge(of: Country, purpose: str = "verification", snils: str = SNILS) -> str:
    body = {"snils": snils, "purpose": purpose}
    asked: str = ask_json(of, "POST", "/biometry/v1/challenges", body)["challenge"]
    return asked


def sample(of: Country, asked: str, snils: str = SNILS, **presence: Any) -> str:
    body = {"modality": "face", "challenge": asked, **presence}
    path = f"/biometry/v1/people/{snils}/samples"
    taken: str = ask_json(of, "POST", path, body)["sample"]
    return taken


def enrolment(of: Country, request_id: str = "e-1", **changes: Any) -> dict[str, Any]:
    asked = challenge(of, "enrolment")
    samples = {
        "face": sample(of, asked),
        "voice": sample(of, asked, modality="voice"),
    }
    body = {
        "request_id": request_id,
        "snils": SNILS,
        "level": "confirmed",
        "consent": True,
        "challenge": asked,
        "samples": samples,
    }
    return {**body, **changes}


def enrolled(of: Country, **changes: Any) -> Any:
    return ask_json(of, "POST", "/biometry/v1/templates", enrolment(of, **changes))


def verification(of: Country, request_id: str = "v-1", by: str = SNILS, **presence: Any) -> Any:
    asked = challenge(of)
    samples = {"face": sample(of, asked, by, **presence)}
    return {"request_id": request_id, "snils": SNILS, "challenge": asked, "samples": samples}


def verified(of: Country, request_id: str = "v-1", by: str = SNILS, **presence: Any) -> Any:
    body = verification(of, request_id, by, **presence)
    return ask_json(of, "POST", "/biometry/v1/verifications", body)


def refused(of: Country, path: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = ask(of, "POST", path, body)
    return answer.status, json.loads(answer.body)["error"]


# --- samples


def features(snils: str, number: int, modality: Modality = "face", noise: float = 0.35) -> bytes:
    return read_take(modality, take(1, snils, modality, number, "c", noise)).features


def test_takes_of_one_person_are_alike_by_their_noise_and_strangers_are_not() -> None:
    alike = [similarity(features(SNILS, n), features(SNILS, n + 50)) for n in range(50)]
    # 1 / (1 + 0.35²) = 0.891, give or take 1/16 of the noise
    assert sum(alike) / 50 == pytest.approx(0.891, abs=0.02)
    strangers = [
        similarity(features(SNILS, 0), features(COUNTRY.world.person(i).snils, 0))
        for i in range(3, 203)
    ]
    mean = sum(strangers) / 200
    deviation = (sum((one - mean) ** 2 for one in strangers) / 200) ** 0.5
    assert mean == pytest.approx(0.0, abs=0.015)  # 3.4 times 1/16/√200
    assert deviation == pytest.approx(1 / 16, rel=0.15)


@pytest.mark.parametrize(
    ("similarities", "degree"),
    [([0.0], 0.5), ([1 / 16], 0.841345), ([3 / 16], 0.99865), ([1 / 16, 1 / 16], 0.92135)],
)
def test_confidence_is_the_normal_law_of_strangers(
    similarities: list[float], degree: float
) -> None:
    assert confidence(similarities) == degree  # Φ(0), Φ(1), Φ(3), Φ(√2)


@pytest.mark.parametrize("modality", ["face", "voice"])
def test_a_take_is_read_from_its_container_as_it_was_made(modality: Modality) -> None:
    container = take(1, SNILS, modality, 0, "c", 0.35)
    assert container == take(1, SNILS, modality, 0, "c", 0.35)
    if modality == "voice":  # an independent reader
        with wave.open(io.BytesIO(container)) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (
                1,
                1,
                8000,
            )
            assert sound.readframes(1000) == container[-272:]
    else:
        assert container[:8] == b"\x89PNG\r\n\x1a\n"
    taken = read_take(modality, container)
    assert (taken.answers("c"), taken.answers("d"), len(taken.features)) == (True, False, 256)


CONTAINERS: dict[Modality, bytes] = {
    modality: take(1, SNILS, modality, 0, "c", 0.35) for modality in get_args(Modality)
}


@given(st.sampled_from(["face", "voice"]), st.data())
def test_damaged_containers_are_no_samples_or_samples_and_nothing_else(
    modality: Modality, data: st.DataObject
) -> None:
    container = bytearray(CONTAINERS[modality])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(container) - 1))
        container[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(container)))
    with suppress(NotASampleError):
        assert len(read_take(modality, bytes(container[:cut])).features) == 256


# --- enrolment and verification


def test_an_enrolled_person_is_confirmed_by_another_take() -> None:
    of = country()
    template = enrolled(of)
    assert (template["level"], template["modalities"]) == ("confirmed", ["face", "voice"])
    assert template["expires"] == "2031-02-02T00:00:00.000+03:00"
    found = verified(of, number=7)
    assert (found["result"], found["threshold"], found["attempts_left"]) == ("match", 0.9999, 5)
    assert found["confidence"] >= 0.9999
    shown = ask_json(of, "GET", f"/biometry/v1/verifications/{found['verification_id']}")
    assert shown == found


def test_a_stranger_with_a_living_face_is_not_confirmed() -> None:
    of = country()
    enrolled(of)
    found = verified(of, by=OTHER)
    assert (found["result"], found["attempts_left"]) == ("no_match", 4)
    assert found["confidence"] < 0.9999


def test_a_sample_taken_earlier_fails_liveness() -> None:
    of = country()
    enrolled(of)
    stolen = sample(of, challenge(of))
    body = {**verification(of), "samples": {"face": stolen}}
    found = ask_json(of, "POST", "/biometry/v1/verifications", body)
    assert (found["result"], found["confidence"], found["attempts_left"]) == (
        "liveness_failed",
        None,
        4,
    )


def test_a_challenge_is_good_once_for_its_purpose_and_five_minutes() -> None:
    of = country()
    enrolled(of)
    path = "/biometry/v1/verifications"
    body = verification(of)
    ask_json(of, "POST", path, body)
    assert refused(of, path, {**body, "request_id": "v-2"}) == (409, "no-challenge")
    other = challenge(of, "enrolment")
    assert refused(of, path, {**verification(of), "request_id": "v-3", "challenge": other}) == (
        409,
        "no-challenge",
    )
    late = verification(of, "v-4")
    of.tenant().advance(5 * MINUTE_US)
    assert refused(of, path, late) == (409, "challenge-expired")
    last = verification(of, "v-5")
    of.tenant().advance(5 * MINUTE_US - 1)
    assert ask(of, "POST", path, last).status == 201


def test_repeated_requests_count_once() -> None:
    of = country()
    enrol = enrolment(of)
    first = ask(of, "POST", "/biometry/v1/templates", enrol)
    again = ask(of, "POST", "/biometry/v1/templates", enrol)
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    body = verification(of, by=OTHER)
    for _ in range(7):
        answer = ask(of, "POST", "/biometry/v1/verifications", body)
    assert json.loads(answer.body)["attempts_left"] == 4


def test_the_fifth_failure_in_a_row_locks_for_half_an_hour() -> None:
    of = country()
    enrolled(of)
    for number in range(4):
        verified(of, f"bad-{number}", by=OTHER)
    assert verified(of, "good")["attempts_left"] == 5  # a success begins the count anew
    for number in range(5):
        last = verified(of, f"worse-{number}", by=OTHER)
    assert last["attempts_left"] == 0
    path = "/biometry/v1/verifications"
    locked = ask(of, "POST", path, verification(of, "locked"))
    assert (locked.status, locked.header("Retry-After")) == (423, "1800")
    of.tenant().advance(30 * MINUTE_US - 1)
    assert ask(of, "POST", path, verification(of, "still")).header("Retry-After") == "1"
    of.tenant().advance(1)
    assert verified(of, "open")["result"] == "match"


@pytest.mark.parametrize(("level", "last"), [("confirmed", "2031"), ("standard", "2029")])
def test_a_template_holds_for_years_by_its_level_to_the_last_moment(level: str, last: str) -> None:
    of = country()
    template = enrolled(of, level=level)
    assert template["expires"].startswith(f"{last}-02-02T00:00")
    calendar = of.tenant().clock.calendar
    of.tenant().set_time(
        calendar.instant(calendar.local(0).replace(year=int(last))) - 10 * 3600 * 10**6 - 1
    )
    assert verified(of)["result"] == "match"
    of.tenant().advance(1)
    path = "/biometry/v1/verifications"
    assert refused(of, path, verification(of, "late")) == (410, "template-expired")
    changes = [event["change"] for event in ask_json(of, "GET", "/biometry/v1/events")["events"]]
    assert changes == ["enrolled", "expired"]


def test_after_withdrawal_nothing_is_compared_and_in_thirty_days_the_template_is_gone() -> None:
    of = country()
    enrolled(of)
    path = f"/biometry/v1/templates/{SNILS}"
    withdrawn = ask_json(of, "POST", f"{path}/withdrawal")
    assert withdrawn["status"] == "consent_withdrawn"
    verify = "/biometry/v1/verifications"
    assert refused(of, verify, verification(of)) == (403, "consent-withdrawn")
    of.tenant().advance(30 * DAY_US - 1)
    assert ask(of, "GET", path).status == 200
    of.tenant().advance(1)
    assert ask(of, "GET", path).status == 404
    assert refused(of, verify, verification(of)) == (404, "no-template")


def test_enrolment_takes_consent_a_living_person_and_the_holder_of_the_passport() -> None:
    of = country()
    path = "/biometry/v1/templates"
    assert refused(of, path, enrolment(of, consent=False)) == (422, "invalid")
    old = {"face": sample(of, "another")}
    assert refused(of, path, enrolment(of, samples=old)) == (422, "liveness_failed")
    asked = challenge(of, "enrolment")
    body = {**enrolment(of), "challenge": asked, "samples": {"face": sample(of, asked, OTHER)}}
    assert refused(of, path, body) == (422, "not-the-holder")
    assert refused(of, path, enrolment(of, samples={})) == (422, "no-samples")
    text = {"face": b64encode(b"not a picture").decode()}
    assert refused(of, path, enrolment(of, samples=text)) == (422, "not-a-sample")


def test_only_enrolled_modalities_are_compared() -> None:
    of = country()
    asked = challenge(of, "enrolment")
    enrolled(of, challenge=asked, samples={"face": sample(of, asked)})
    asked = challenge(of)
    voice = {"voice": sample(of, asked, modality="voice")}
    body = {**verification(of), "challenge": asked, "samples": voice}
    assert refused(of, "/biometry/v1/verifications", body) == (422, "no-modality")


def test_a_poor_take_is_mostly_not_recognized() -> None:
    of = country()
    enrolled(of)
    results = []
    for number in range(20):
        of.tenant().advance(30 * MINUTE_US)
        results.append(verified(of, f"v-{number}", number=number, quality="poor")["result"])
    assert 13 <= results.count("no_match") <= 20  # about nine of ten


@pytest.mark.parametrize(
    ("kind", "by", "result"),
    [
        ("false_rejection", SNILS, "no_match"),
        ("false_rejection", OTHER, "no_match"),
        ("false_acceptance", OTHER, "match"),
        ("false_acceptance", SNILS, "match"),
    ],
)
def test_false_results_are_as_sure_as_true_ones(kind: str, by: str, result: str) -> None:
    of = country()
    enrolled(of)
    fault = {"id": kind, "service": "biometry", "kind": kind}
    of.tenant().plan_fault(Fault.model_validate(fault))
    found = verified(of, by=by)
    assert (found["result"], found["confidence"] >= 0.9999) == (result, result == "match")


def test_a_dirty_sensor_makes_a_good_take_less_sure() -> None:
    of = country()
    enrolled(of)
    fault = {"id": "dirt", "service": "biometry", "kind": "degraded_sensor"}
    of.tenant().plan_fault(Fault.model_validate(fault))
    found = [verified(of, f"v-{number}", number=number) for number in range(5)]
    assert all(0.5 < one["confidence"] < 1.0 for one in found)


def test_people_that_nobody_is_are_refused() -> None:
    of = country()
    body = {"snils": "00000000000", "purpose": "verification"}
    assert refused(of, "/biometry/v1/challenges", body) == (422, "invalid")
    unknown = unknown_snils(of)
    body = {"snils": unknown, "purpose": "verification"}
    assert refused(of, "/biometry/v1/challenges", body) == (404, "no-such-person")


def unknown_snils(of: Country) -> str:
    """A right number that nobody has: that of somebody who has got another."""
    person: Person = of.tenant().records.person(5)
    of.tenant().records.change_person(5, {"snils": "11223344595"})
    return person.snils


def test_the_same_person_gives_the_same_bytes_in_every_tenant() -> None:
    of = country()
    one = sample(of, "c", number=3)
    of.create_tenant("other", seed=99)
    body = {"modality": "face", "challenge": "c", "number": 3}
    path = f"/other/biometry/v1/people/{SNILS}/samples"
    try:
        assert b64decode(ask_json(of, "POST", path, body)["sample"]) == b64decode(one)
    finally:
        of.delete_tenant("other")
