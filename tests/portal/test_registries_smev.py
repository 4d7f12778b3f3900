"""The portal asks agencies through СМЭВ's queues: every question is answered once, whatever is
lost, doubled, refused or interrupted on the way."""

import json
import re
from collections.abc import Iterator

import pytest
import requests
from lxml import etree

from mocks.core.service import Call
from mocks.smev.message_ids import made_at
from mocks.smev.namespaces import types
from mocks.smev.signing import sign_answer
from portal.ports.store import Store
from portal.ports.unavailable import NotBelieved, OnItsWay, Unavailable
from portal.ports.verification import DataVerification
from portal.registries.smev.hub import StandKeys
from portal.registries.smev.queue import Question
from portal.registries.wiring import ports_at
from portal.store.entity import restored
from signatures.certificates import Certificate
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports
from tests.portal.wiring import CHEAP_PASSWORDS


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports("fns", "pfr", "smev", "ca") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def after_restart(here: CountryPorts) -> DataVerification:
    """The port of another process over the same store."""
    return ports_at(
        here.tenant.url,
        clock=here.clock,
        entropy=here.ports.entropy,
        passwords=CHEAP_PASSWORDS,
        store=here.ports.store,
        conditions=here.conditions,
    ).verification


def open_questions(store: Store) -> list[tuple[str, bool]]:
    """Names of what is still asked, and whether it is sent."""
    names = ("fns/submit/r-1", "pfr/submit/r-1", "fns/show/FNS-2026-000001")
    found = [store.get(Question.KIND, name) for name in names]
    return [(each.id, restored(Question, each).is_sent) for each in found if each is not None]


def asked_of(here: CountryPorts, service: str) -> list[tuple[str, str]]:
    """The requests that a service has had."""
    entries = here.tenant.journal.find(service=service)
    return [(each.method, each.path) for each in entries]


def acknowledgements(here: CountryPorts) -> list[str]:
    """Whether the messages that the portal has acknowledged were accepted, in order."""
    bodies = [each.body.decode() for each in here.tenant.journal.find(service="smev")]
    return [
        said for body in bodies for said in re.findall(r'AckTargetMessage accepted="(\w+)"', body)
    ]


def emptied_once(monkeypatch: pytest.MonkeyPatch, element: str) -> None:
    """Let the next response have nothing in that element; СМЭВ signs it so."""
    left = [element]

    def signed(call: Call, response: etree._Element) -> etree._Element:
        if response.tag == types("Response") and left:
            for found in response.findall(types(left.pop())):
                found.clear()
        return sign_answer(call, response)

    monkeypatch.setattr("mocks.smev.answers.sign_answer", signed)


def test_an_agency_is_asked_through_the_queue_alone(here: CountryPorts) -> None:
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    assert asked_of(here, "smev") == [("POST", "/v1.2/ws")] * 3  # SendRequest, GetResponse, Ack
    assert asked_of(here, "fns") == [("POST", "/smev")]
    assert open_questions(here.ports.store) == []


def test_an_identifier_tells_the_moment_of_the_question(here: CountryPorts) -> None:
    here.fails("smev", "error", status=503)
    with pytest.raises(Unavailable):
        here.ports.verification.submit("fns", "r-1", here.application())
    document = here.ports.store.get(Question.KIND, "fns/submit/r-1")
    assert document is not None
    assert made_at(restored(Question, document).message_id) == here.clock.now()


def test_what_smev_has_not_taken_is_sent_after_a_restart(here: CountryPorts) -> None:
    here.fails("smev", "outage", **{"for": "1h"})
    with pytest.raises(Unavailable, match=r"^smev: "):
        here.ports.verification.submit("fns", "r-1", here.application())
    assert open_questions(here.ports.store) == [("fns/submit/r-1", False)]
    here.tenant.clock.advance("1h")
    assert after_restart(here).submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    assert open_questions(here.ports.store) == []


def test_an_answer_is_waited_for_over_a_restart(here: CountryPorts) -> None:
    here.fails("fns", "outage", **{"for": "10m"})
    with pytest.raises(OnItsWay) as waits:
        here.ports.verification.submit("fns", "r-1", here.application())
    assert (waits.value.system, waits.value.retry_after_s) == ("fns", 30)
    assert open_questions(here.ports.store) == [("fns/submit/r-1", True)]
    here.tenant.clock.advance("1h")
    assert after_restart(here).submit("fns", "r-1", here.application()) == "FNS-2026-000001"


@pytest.mark.parametrize(("waited", "silent"), [("299s", False), ("300s", True)])
def test_who_does_not_answer_for_five_minutes_is_silent(
    here: CountryPorts, waited: str, silent: bool
) -> None:
    here.fails("fns", "outage", **{"for": "1d"})
    with pytest.raises(OnItsWay):
        here.ports.verification.submit("fns", "r-1", here.application())
    here.tenant.clock.advance(waited)
    with pytest.raises(Unavailable) as waits:
        here.ports.verification.submit("fns", "r-1", here.application())
    assert (waits.value.system, isinstance(waits.value, OnItsWay)) == ("fns", not silent)


def test_a_lost_answer_is_asked_for_anew_after_four_hours(here: CountryPorts) -> None:
    here.fails("smev", "loss", times=1)
    for pause in ("0s", "4h"):
        here.tenant.clock.advance(pause)
        with pytest.raises(Unavailable):
            here.ports.verification.submit("fns", "r-1", here.application())
    # The agency knows the request by its number: there is still one case.
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"


@pytest.mark.parametrize("kind", ["duplicate", "lost_ack"])
def test_what_is_handed_out_twice_counts_once(here: CountryPorts, kind: str) -> None:
    here.fails("smev", kind)
    verification = here.ports.verification
    number = verification.submit("fns", "r-1", here.application())
    here.tenant.clock.advance("16m")  # until what is not acknowledged is seen again
    assert here.seen("fns", number).state == "in_progress"
    here.tenant.clock.advance("5wd")
    assert here.seen("fns", number).state == "completed"
    assert open_questions(here.ports.store) == []


def test_answers_come_to_their_questions_in_any_order(here: CountryPorts) -> None:
    here.fails("fns", "outage", **{"for": "10m"})
    theirs = here.application(1)
    verification = here.ports.verification
    for request_id, data in (("r-1", here.application()), ("r-2", theirs)):
        with pytest.raises(OnItsWay):
            verification.submit("fns", request_id, data)
    here.tenant.clock.advance("1h")
    second = verification.submit("fns", "r-2", theirs)
    taken_out = len(asked_of(here, "smev"))
    first = verification.submit("fns", "r-1", here.application())
    assert (first, second) == ("FNS-2026-000001", "FNS-2026-000002")
    assert len(asked_of(here, "smev")) == taken_out  # kept on the way to the other


def test_a_known_identifier_is_taken_for_sent(here: CountryPorts) -> None:
    here.fails("smev", "reset", processed=True, times=1)
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    assert len(asked_of(here, "fns")) == 1


def test_what_smev_rejects_is_sent_anew(here: CountryPorts) -> None:
    here.fails("smev", "reject", times=1)
    with pytest.raises(Unavailable, match=r"^smev: rejected: "):
        here.ports.verification.submit("fns", "r-1", here.application())
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"


def test_a_message_that_smev_has_not_signed_is_not_believed(here: CountryPorts) -> None:
    here.fails("smev", "wrong_signature", match={"path": "/v1.2/ws"})
    with pytest.raises(NotBelieved, match=r"^smev: Подпись неверна$"):
        here.ports.verification.submit("fns", "r-1", here.application())
    assert acknowledgements(here) == ["false"]
    assert open_questions(here.ports.store) == []  # asked for again, under another identifier
    here.tenant.faults.remove("smev-wrong-signature")
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    assert acknowledgements(here) == ["false", "true"]
    assert len(asked_of(here, "fns")) == 2


def test_a_message_that_is_not_believed_holds_up_none_behind_it(here: CountryPorts) -> None:
    here.fails("fns", "outage", **{"for": "10m"})
    theirs = here.application(1)
    verification = here.ports.verification
    for request_id, data in (("r-1", here.application()), ("r-2", theirs)):
        with pytest.raises(OnItsWay):
            verification.submit("fns", request_id, data)
    here.tenant.clock.advance("1h")
    here.fails("smev", "wrong_signature", times=1)
    assert verification.submit("fns", "r-2", theirs) == "FNS-2026-000002"
    assert acknowledgements(here) == ["false", "true"]
    with pytest.raises(NotBelieved, match=r"^smev: Подпись неверна$"):
        verification.submit("fns", "r-1", here.application())
    assert verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    here.tenant.clock.advance("16m")  # what is not acknowledged would be seen again
    assert here.seen("fns", "FNS-2026-000001").state == "in_progress"
    assert acknowledgements(here) == ["false", "true", "true", "true"]


def test_that_a_message_is_not_believed_stands_in_the_journal(here: CountryPorts) -> None:
    here.fails("smev", "wrong_signature", match={"path": "/v1.2/ws"})
    with pytest.raises(NotBelieved):
        here.ports.verification.submit("fns", "r-1", here.application())
    [line] = here.ports.store.journal("smev")
    told = json.loads(line.body)
    assert {made_at(told.pop(name)) for name in ("message", "answers")} == {here.clock.now()}
    assert told == {
        "at": here.clock.now().isoformat(),
        "action": "take_message",
        "result": "not_believed",
        "why": "Подпись неверна",
    }


def test_a_message_of_another_signer_is_not_believed_though_its_signature_fits(
    here: CountryPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StandKeys, "is_smev", lambda keys, signer: False)
    with pytest.raises(NotBelieved, match=r"^smev: Сертификат не принадлежит отправителю$"):
        here.ports.verification.submit("fns", "r-1", here.application())
    assert acknowledgements(here) == ["false"]


@pytest.mark.parametrize(
    ("element", "why", "pause"),
    [
        ("OriginalMessageId", "В ответе нет OriginalMessageId", "4h"),  # whose it is, nobody knows
        ("SenderProvidedResponseData", "В ответе нет SenderProvidedResponseData", "0s"),
    ],
)
def test_a_response_without_what_a_response_has_holds_up_none_behind_it(
    here: CountryPorts, monkeypatch: pytest.MonkeyPatch, element: str, why: str, pause: str
) -> None:
    here.fails("fns", "outage", **{"for": "10m"})
    theirs = here.application(1)
    verification = here.ports.verification
    for request_id, data in (("r-1", here.application()), ("r-2", theirs)):
        with pytest.raises(OnItsWay):
            verification.submit("fns", request_id, data)
    here.tenant.clock.advance("1h")
    with monkeypatch.context() as patched:
        emptied_once(patched, element)
        assert verification.submit("fns", "r-2", theirs) == "FNS-2026-000002"
    assert acknowledgements(here) == ["false", "true"]
    [line] = here.ports.store.journal("smev")
    assert json.loads(line.body)["why"] == why
    here.tenant.clock.advance(pause)
    with pytest.raises(Unavailable):
        verification.submit("fns", "r-1", here.application())
    assert verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"


def test_keys_of_smev_that_were_renewed_are_fetched_before_a_message_is_doubted(
    here: CountryPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = StandKeys.is_smev
    answers = [False]  # as by the key before

    def once_renewed(keys: StandKeys, signer: Certificate) -> bool:
        return answers.pop() if answers else known(keys, signer)

    monkeypatch.setattr(StandKeys, "is_smev", once_renewed)
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"
    assert acknowledgements(here) == ["true"]


@pytest.mark.parametrize(
    "fault", ["access_denied", "overflow", "smev_failure", "signature_refused", "already_sent"]
)
def test_no_refusal_of_smev_is_one_of_the_agency(here: CountryPorts, fault: str) -> None:
    here.fails("smev", fault, times=1)
    with pytest.raises(Unavailable):
        here.ports.verification.submit("fns", "r-1", here.application())
    if fault == "already_sent":  # taken for sent, so it is waited for
        here.tenant.clock.advance("4h")
        with pytest.raises(Unavailable):
            here.ports.verification.submit("fns", "r-1", here.application())
    assert here.ports.verification.submit("fns", "r-1", here.application()) == "FNS-2026-000001"


@pytest.mark.parametrize("kind", ["outage", "timeout", "reset", "truncated", "malformed"])
def test_smev_that_fails_is_unavailable(here: CountryPorts, kind: str) -> None:
    here.fails("smev", kind)
    with pytest.raises(Unavailable, match=r"^smev: "):
        here.ports.verification.submit("fns", "r-1", here.application())


@pytest.mark.parametrize("algorithm", ["rsa", "ecc"])
def test_smev_is_known_by_the_key_of_its_algorithm(here: CountryPorts, algorithm: str) -> None:
    settings = {"visibility_s": 900, "stale_s": 172_800, "algorithm": algorithm}
    address = f"{here.tenant.url}/smev/v1/settings"
    assert requests.put(address, json=settings, timeout=5).status_code == 200
    assert here.ports.verification.submit("pfr", "r-1", here.application()) == "PFR-2026-000001"


def test_an_answer_about_the_data_before_is_wanted_no_more(here: CountryPorts) -> None:
    verification = here.ports.verification
    wrong = here.application(kpp="770001001")
    number = verification.submit("fns", "r-1", wrong)
    here.tenant.clock.advance("5wd")
    here.fails("smev", "loss", times=1)
    with pytest.raises(OnItsWay):
        here.seen("fns", number)
    assert verification.change("fns", number, "r-2", here.application()) == number
    assert here.seen("fns", number).state == "in_progress"


def test_text_that_xml_cannot_have_goes_all_the_same(here: CountryPorts) -> None:
    odd = here.application(full_name="ООО \x0b\ud800")
    number = here.ports.verification.submit("fns", "r-1", odd)
    here.tenant.clock.advance("5wd")
    assert here.seen("fns", number).state == "clarification"
