"""Verification by ФНС and ПФР, letters, ЕСИА: ports over the real mocks."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from portal.ports.esia import EsiaRefused, EsiaRole
from portal.ports.messenger import Letter, NotSent
from portal.ports.unavailable import Unavailable
from portal.ports.verification import Agency, CaseView, HurriedTooEarly, UnknownCase
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    services = ("fns", "pfr", "smev", "sms_gateway", "mail_server", "push_service", "esia", "ca")
    with country_ports(*services) as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


# --- verification, whichever way the agencies are asked


@pytest.fixture(params=["smev", "direct"])
def agencies(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid, request.param) as found:
        yield found


def ended(agencies: CountryPorts, agency: Agency, data: Mapping[str, str]) -> CaseView:
    number = agencies.ports.verification.submit(agency, "r-1", data)
    agencies.tenant.clock.advance("5wd")
    return agencies.seen(agency, number)


@pytest.mark.parametrize("agency", ["fns", "pfr"])
def test_true_data_agree_in_time(agencies: CountryPorts, agency: Agency) -> None:
    number = agencies.ports.verification.submit(agency, "r-1", agencies.application())
    assert agencies.ports.verification.submit(agency, "r-1", agencies.application()) == number
    first = agencies.seen(agency, number)
    assert (first.number, first.state) == (number, "in_progress")
    agencies.tenant.clock.advance("5wd")
    assert agencies.seen(agency, number).state == "completed"


def test_remarks_name_fields(agencies: CountryPorts) -> None:
    found = ended(agencies, "fns", agencies.application(kpp="770001001", capital_kopecks="5"))
    assert found.state == "remarks"
    assert [each.field for each in found.remarks] == ["kpp", "capital_kopecks"]
    assert found.remarks[0].text == "КПП не совпадает с записью реестра"


def test_other_data_begin_the_same_case_anew_and_agree(agencies: CountryPorts) -> None:
    number = ended(agencies, "fns", agencies.application(kpp="770001001")).number
    verification = agencies.ports.verification
    assert verification.change("fns", number, "r-2", agencies.application()) == number
    assert agencies.seen("fns", number).state == "in_progress"
    agencies.tenant.clock.advance("5wd")
    assert agencies.seen("fns", number).state == "completed"
    other = verification.change("fns", number, "r-3", agencies.application())
    assert other != number
    assert agencies.seen("fns", other).state == "in_progress"


def test_a_query_is_replied_to_and_the_case_goes_on(agencies: CountryPorts) -> None:
    asked = ended(agencies, "fns", agencies.application(full_name="ООО ДРУГОЕ"))
    assert asked.state == "clarification"
    assert [each.field for each in asked.remarks] == ["full_name"]
    verification = agencies.ports.verification
    number = verification.reply("fns", asked.number, "r-2", "Опечатка", agencies.application())
    assert (number, agencies.seen("fns", number).state) == (asked.number, "in_progress")
    same = verification.reply("fns", asked.number, "r-3", "Ещё раз", agencies.application())
    assert same == asked.number


def test_a_case_may_be_hurried_after_the_guaranteed_term(agencies: CountryPorts) -> None:
    agencies.fails("fns", "delay", delay={"constant": "30d"})
    number = agencies.ports.verification.submit("fns", "r-1", agencies.application())
    with pytest.raises(HurriedTooEarly):
        agencies.ports.verification.hurry("fns", number)
    agencies.tenant.clock.advance("6wd")
    agencies.ports.verification.hurry("fns", number)
    answer = requests.get(f"{agencies.tenant.url}/fns/v1/verifications/{number}", timeout=5)
    assert answer.json()["urgent"] is True


def test_a_case_that_is_lost_is_unknown(agencies: CountryPorts) -> None:
    agencies.fails("fns", "lost_case")
    number = agencies.ports.verification.submit("fns", "r-1", agencies.application())
    with pytest.raises(UnknownCase):
        agencies.seen("fns", number)
    with pytest.raises(UnknownCase):
        agencies.ports.verification.change("fns", number, "r-2", agencies.application())


def test_the_case_of_another_organization_is_unknown(agencies: CountryPorts) -> None:
    verification, other = agencies.ports.verification, agencies.application(1)
    number = verification.submit("fns", "r-1", agencies.application())
    agencies.tenant.clock.advance("5wd")
    with pytest.raises(UnknownCase):
        agencies.seen("fns", number, 1)
    with pytest.raises(UnknownCase):
        verification.change("fns", number, "r-2", other)
    with pytest.raises(UnknownCase):
        verification.reply("fns", number, "r-3", "Опечатка", other)
    assert agencies.seen("fns", number).state == "completed"


def test_an_agency_that_is_down_is_asked_again(agencies: CountryPorts) -> None:
    agencies.fails("pfr", "outage", **{"for": "1h"})
    with pytest.raises(Unavailable):
        agencies.ports.verification.submit("pfr", "r-1", agencies.application())
    agencies.tenant.clock.advance("1h")
    assert agencies.ports.verification.submit("pfr", "r-1", agencies.application())


# --- letters


def test_a_letter_is_sent_once_under_its_id(here: CountryPorts) -> None:
    head = here.head()
    for channel, to in (("sms", head.phone), ("email", head.email)):
        letter = Letter(id="код/1", channel=channel, to=to, text="Код 1234")  # type: ignore[arg-type]
        here.ports.messenger.send(letter)
        here.ports.messenger.send(letter)
        assert [each.text for each in here.tenant.inbox(to)] == ["Код 1234"]


def test_ids_of_any_length_are_kept_apart(here: CountryPorts) -> None:
    head = here.head()
    for end in "аб":
        letter = Letter(id="x" * 100 + end, channel="sms", to=head.phone, text=end)
        here.ports.messenger.send(letter)
    assert [each.text for each in here.tenant.inbox(head.phone)] == ["а", "б"]


def test_nobodys_contact_is_no_reason_to_try_again(here: CountryPorts) -> None:
    for channel, to in (("sms", "12"), ("email", "никто"), ("push", "nobody")):
        letter = Letter(id="1", channel=channel, to=to, text="…")  # type: ignore[arg-type]
        here.ports.messenger.send(letter)


def test_a_push_reaches_its_device(here: CountryPorts) -> None:
    address = f"{here.tenant.url}/push_service/v1/devices"
    device = {"project": "portal", "phone": here.head().phone, "platform": "android"}
    token = requests.post(address, json=device, timeout=5).json()["token"]
    here.ports.messenger.send(
        Letter(id="1", channel="push", to=token, text="Статус изменён", subject="Заявка")
    )
    assert [each.text for each in here.tenant.inbox(token)] == ["Статус изменён"]


@pytest.mark.parametrize(
    ("service", "channel"),
    [("sms_gateway", "sms"), ("mail_server", "email"), ("push_service", "push")],
)
def test_a_gateway_that_fails_has_sent_nothing(
    here: CountryPorts, service: str, channel: str
) -> None:
    here.fails(service, "error", status=503, match={"path": "/*"})
    with pytest.raises(NotSent):
        here.ports.messenger.send(
            Letter(id="1", channel=channel, to="+79001234567", text="…")  # type: ignore[arg-type]
        )


# --- ЕСИА


def code_of(here: CountryPorts, role: str = "person", state: str = "s-1") -> str:
    """The code with which the head comes back from ЕСИА."""
    address = here.ports.esia.sign_in_address(state)
    login = f"&poligon_login={here.head().snils}&poligon_role={role}"
    answer = requests.get(address + login, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == [state]
    return back["code"][0]


def test_who_comes_back_for_an_organization_is_known_with_their_roles(here: CountryPorts) -> None:
    of, head = here.organization(), here.head()
    person = here.ports.esia.person(code_of(here, role=of.ogrn), "s-1")
    assert (person.snils, person.inn, person.trusted) == (head.snils, head.inn, True)
    assert person.organization == of.ogrn
    assert EsiaRole(inn=of.inn, ogrn=of.ogrn, chief=True) in person.roles


def test_who_comes_back_for_themselves_has_chosen_no_organization(here: CountryPorts) -> None:
    assert here.ports.esia.person(code_of(here), "s-1").organization is None


def test_a_code_is_good_once_and_for_three_minutes(here: CountryPorts) -> None:
    code = code_of(here)
    here.ports.esia.person(code, "s-1")
    with pytest.raises(EsiaRefused, match="ESIA-007011"):
        here.ports.esia.person(code, "s-1")
    late = code_of(here)
    here.tenant.clock.advance("181s")
    with pytest.raises(EsiaRefused, match="ESIA-007011"):
        here.ports.esia.person(late, "s-1")


@pytest.mark.parametrize("fault", ["wrong_issuer", "wrong_signature", "expired_marker"])
def test_a_marker_that_is_not_to_be_believed_is_refused(here: CountryPorts, fault: str) -> None:
    code = code_of(here)
    here.fails("esia", fault)
    with pytest.raises(EsiaRefused):
        here.ports.esia.person(code, "s-1")


def test_an_answer_to_another_question_is_refused(here: CountryPorts) -> None:
    code = code_of(here)
    here.fails("esia", "altered_state")
    with pytest.raises(EsiaRefused, match="на другой вопрос"):
        here.ports.esia.person(code, "s-1")


@pytest.mark.parametrize("kind", ["outage", "malformed", "reset", "truncated"])
def test_esia_that_fails_is_unavailable(here: CountryPorts, kind: str) -> None:
    code = code_of(here)
    here.fails("esia", kind)
    with pytest.raises(Unavailable):
        here.ports.esia.person(code, "s-1")
