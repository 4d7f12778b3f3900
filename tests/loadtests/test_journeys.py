"""Every journey runs to its end at a served portal, and shows the mistakes that it should."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from loadtests.case import Case, CaseRefused
from loadtests.journeys import WALKED, journey_of
from loadtests.journeys.beginnings import (
    confirm_in_person,
    enter_by_bank,
    enter_by_signature,
    sign_up,
)
from loadtests.plan import JOURNEYS
from loadtests.samples import OUTCOMES, SAMPLE, read_acknowledged, read_samples
from rulebook.kinds import Kind
from tests.loadtests.served_portal import served
from tests.loadtests.walking import BelatedCase, HurriedTiming, SteppedCase, case_of

REGISTRATION = (
    *("ogrn_typo", "snils_typo", "phone_without_code", "name_abbreviated", "capital_missing"),
    *("poa_expired", "document_infected", "cert_expired", "terms_not_accepted"),
)
FORM = {"ID-03", "ID-06", "ID-09", "REG-05", "REG-07", "REG-12"}


@pytest.fixture(name="url", scope="module")
def url_of_stand() -> Iterator[str]:
    with served(None) as url:
        yield url


def walk(case: SteppedCase) -> None:
    journey = WALKED[case.journey]
    journey.prepare(case)
    journey.walk(case)


def test_every_journey_of_a_plan_is_walked() -> None:
    assert {*WALKED, "registries"} == {*JOURNEYS}


@pytest.mark.parametrize(
    ("builtin", "kind", "name"),
    [
        ("registration", "legal", "legal_registration"),
        ("registration", "sole_proprietor", "sole_registration"),
        ("binding", "legal", "binding"),
        ("verification", "legal", "status"),
        ("support", "legal", None),
    ],
)
def test_a_journey_of_the_model_is_walked_by_whoever_applies(
    builtin: str, kind: Kind, name: str | None
) -> None:
    found = journey_of(builtin, kind)
    assert (None if found is None else found.name) == name


@pytest.mark.parametrize(
    ("journey", "kind", "last"),
    [
        ("account", "legal", "GET my-account"),
        ("legal_registration", "legal", "POST activate-cabinet"),
        ("sole_registration", "sole_proprietor", "GET my-organizations"),
        ("binding", "legal", "GET my-organizations"),
        ("binding", "sole_proprietor", "GET my-organizations"),
        ("sign_in", "legal", "POST sign-out"),
        ("employees", "sole_proprietor", "POST accept-invitation"),
        ("application", "sole_proprietor", "GET application-card"),
        ("status", "sole_proprietor", "POST sign-out"),
        ("recovery", "legal", "POST enter-sign-in-code"),
    ],
)
def test_a_journey_without_mistakes_is_answered_rightly_to_its_end(
    journey: str, kind: Kind, last: str, url: str, tmp_path: Path
) -> None:
    number = 10 + (kind == "legal")
    walk(case_of(url, journey, number, kind, (), tmp_path))
    samples = read_samples(tmp_path)
    as_written = np.frombuffer((tmp_path / "samples-0.bin").read_bytes(), SAMPLE)
    assert {OUTCOMES[each] for each in samples["outcome"]} == {"ok"}
    assert as_written["operation"][-1].decode().startswith(last)
    assert "account" in {each.kind for each in read_acknowledged(tmp_path)}


def test_all_mistakes_of_a_registration_are_refused_by_their_rules_and_mended(
    url: str, tmp_path: Path
) -> None:
    case = case_of(url, "legal_registration", 20, "legal", REGISTRATION, tmp_path)
    case.kind_of_timing = HurriedTiming
    walk(case)
    samples = read_samples(tmp_path)
    refused = samples[samples["outcome"] == OUTCOMES.index("refused")]
    told = [(each["operation"].decode(), each["detail"].decode()) for each in refused]
    assert told[0] == ("POST upload-document", "DOC-07")
    assert {name for name, _ in told[1:]} == {"POST register-organization"}
    named = {rule for _, rules in told[1:] for rule in rules.split()}
    assert named >= FORM | {"CERT-02", "REG-03"}
    assert {OUTCOMES[each] for each in samples["outcome"]} == {"ok", "refused"}
    assert case.subject.applicant.defects == ()


def test_a_liquidated_organization_is_one_in_the_registers_too(url: str, tmp_path: Path) -> None:
    case = case_of(url, "sole_registration", 21, "sole_proprietor", ("org_liquidated",), tmp_path)
    walk(case)
    samples = read_samples(tmp_path)
    refused = samples[samples["outcome"] == OUTCOMES.index("refused")]
    assert [each.decode() for each in refused["detail"]] == ["REG-06"]


def test_mistakes_about_oneself_are_made_in_an_account(url: str, tmp_path: Path) -> None:
    mistakes = ("phone_without_code", "email_invalid", "snils_typo", "inn_typo")
    walk(case_of(url, "account", 22, "legal", mistakes, tmp_path))
    samples = read_samples(tmp_path)
    refused = samples[samples["outcome"] == OUTCOMES.index("refused")]
    assert [(each["operation"], each["detail"]) for each in refused] == [
        (b"POST sign-up", b"ID-09 ID-10"),
        (b"POST confirm-identity", b"ID-06"),
    ]


def test_wrong_data_of_an_employee_end_the_journey(url: str, tmp_path: Path) -> None:
    case = case_of(url, "employees", 23, "sole_proprietor", ("employee_data_mismatch",), tmp_path)
    with pytest.raises(CaseRefused):
        walk(case)
    refused = read_samples(tmp_path)
    refused = refused[refused["outcome"] == OUTCOMES.index("refused")]
    assert [(each["operation"], each["detail"]) for each in refused] == [
        (b"POST accept-invitation", b"ROLE-05")  # the ИНН is wrong: it is another's invitation
    ]


def test_waiting_for_a_message_makes_no_request_late(url: str, tmp_path: Path) -> None:
    case = case_of(url, "recovery", 24, "legal", (), tmp_path)
    WALKED["recovery"].prepare(case)
    person = case.subject.visitor.person
    form = {"inn": person.inn, "email": person.email, "channel": "email"}
    case.due_us = case.timing.now_us()
    case.act("request_recovery", form)
    case.due_us = case.timing.now_us()
    case.code(person.email)
    assert case.due_us is None
    case.act("request_recovery", form)
    asked = np.frombuffer((tmp_path / "samples-0.bin").read_bytes(), SAMPLE)[-1]
    assert asked["intended_us"] == asked["sent_us"]


@pytest.mark.parametrize(
    ("come_in", "late_at", "before", "refused"),
    [
        (enter_by_bank, "begin_bank_sign_in", False, []),
        (enter_by_bank, "finish_bank_sign_in", True, ["AUTH-09"]),
        (enter_by_signature, "sign_in_by_signature", True, ["AUTH-07"]),
    ],
    ids=["bank-asked-late", "bank-polled-late", "challenge-signed-late"],
)
def test_a_sign_in_that_was_over_before_it_was_finished_is_begun_anew(
    come_in: Callable[[Case], None],
    late_at: str,
    before: bool,
    refused: list[str],
    url: str,
    tmp_path: Path,
) -> None:
    number = 30 + len(late_at)
    case = case_of(url, "sole_registration", number, "sole_proprietor", (), tmp_path, BelatedCase)
    assert isinstance(case, BelatedCase)
    sign_up(case)
    confirm_in_person(case)
    case.late_at, case.before = late_at, before
    come_in(case)
    assert not case.late_at
    assert case.subject.visitor.token
    samples = read_samples(tmp_path)
    told = samples[samples["outcome"] != OUTCOMES.index("ok")]
    assert [each["detail"].decode() for each in told] == refused
    begun = [each.decode() for each in samples["operation"] if each.startswith(b"POST begin-")]
    assert len(begun) == 2
