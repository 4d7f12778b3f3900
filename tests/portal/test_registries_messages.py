"""What gateways say of messages, and what sources tell, over the real mocks."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from portal.ports.messenger import Channel, Letter, NotSent
from portal.ports.unavailable import Unavailable
from tests.portal.country_ports import CountryPorts, country_ports, tenant_ports

SERVICES: dict[Channel, str] = {
    "sms": "sms_gateway",
    "email": "mail_server",
    "push": "push_service",
}
NOBODY: dict[Channel, str] = {
    "sms": "+79990000000",
    "email": "nobody@nowhere.test",
    "push": "no-device",
}


@pytest.fixture(scope="module")
def shared() -> Iterator[CountryPorts]:
    with country_ports(*SERVICES.values(), "courts_law") as found:
        yield found


@pytest.fixture
def here(shared: CountryPorts, request: pytest.FixtureRequest) -> Iterator[CountryPorts]:
    with tenant_ports(shared, request.node.nodeid) as found:
        yield found


def posted(here: CountryPorts, method: str, path: str, **body: Any) -> dict[str, Any]:
    answer = requests.request(method, f"{here.tenant.url}/{path}", json=body, timeout=10)
    answer.raise_for_status()
    return dict(answer.json())


def letter(here: CountryPorts, channel: Channel, to: str = "", letter_id: str = "1") -> Letter:
    person = here.country.world.person(0)
    if channel == "push" and not to:
        to = posted(
            here,
            "POST",
            "push_service/v1/devices",
            project="portal",
            phone=person.phone,
            platform="android",
        )["token"]
    contact = to or (person.phone if channel == "sms" else person.email)
    return Letter(
        id=letter_id,
        channel=channel,
        to=contact,
        subject="" if channel == "sms" else "Платёж",
        text="Оплачен",
        validity_s=3_600,
    )


@pytest.mark.parametrize("channel", SERVICES)
def test_a_message_is_on_its_way_and_then_delivered_once(
    here: CountryPorts, channel: Channel
) -> None:
    sent = letter(here, channel)
    fates = {here.ports.messenger.fate(sent)}
    here.tenant.clock.advance("10m")
    fates.add(here.ports.messenger.fate(sent))
    assert fates <= {"on_its_way", "delivered"}
    assert here.ports.messenger.fate(sent) == "delivered"
    assert [each.text for each in here.tenant.inbox(sent.to)] == ["Оплачен"]


@pytest.mark.parametrize("channel", SERVICES)
def test_a_message_to_nobody_fails(here: CountryPorts, channel: Channel) -> None:
    sent = letter(here, channel, NOBODY[channel])
    here.ports.messenger.send(sent)
    here.tenant.clock.advance("10m")
    assert here.ports.messenger.fate(sent) == "failed"


@pytest.mark.parametrize("channel", SERVICES)
def test_a_message_fails_when_its_term_is_over(here: CountryPorts, channel: Channel) -> None:
    sent = letter(here, channel)
    states: dict[Channel, tuple[str, dict[str, Any]]] = {
        "sms": ("sms_gateway/v1/subscribers", {"state": "off"}),
        "email": ("mail_server/v1/mailboxes", {"state": "full"}),
        "push": ("push_service/v1/devices", {"online": False}),
    }
    path, body = states[channel]
    posted(here, "PUT", f"{path}/{sent.to}", **body)
    assert here.ports.messenger.fate(sent) == "on_its_way"
    here.tenant.clock.advance("59m")
    assert here.ports.messenger.fate(sent) == "on_its_way"
    here.tenant.clock.advance("1m")
    assert here.ports.messenger.fate(sent) == "failed"


def test_what_lies_among_spam_was_delivered(here: CountryPorts) -> None:
    here.fails("mail_server", "spam")
    sent = letter(here, "email")
    here.ports.messenger.send(sent)
    here.tenant.clock.advance("10m")
    assert here.ports.messenger.fate(sent) == "delivered"
    assert here.tenant.inbox(sent.to) == ()


@pytest.mark.parametrize("channel", SERVICES)
@pytest.mark.parametrize("kind", ["timeout", "malformed"])
def test_a_silent_gateway_has_not_sent(here: CountryPorts, channel: Channel, kind: str) -> None:
    sent = letter(here, channel)
    here.fails(SERVICES[channel], kind)
    with pytest.raises(NotSent):
        here.ports.messenger.fate(sent)


# --- sources


def test_a_feed_tells_subscribers_what_is_about_them(here: CountryPorts) -> None:
    feed, organization = here.ports.public_events, here.organization()
    number = feed.subscribe("portal-1", organization.inn)
    assert number == feed.subscribe("portal-1", organization.inn)
    posted(
        here,
        "POST",
        "courts_law/v1/events",
        request_id="r1",
        topic="court",
        inn=organization.inn,
        title="Дело А40-1/2026",
        details={"court": "АС города Москвы"},
    )
    told = [each for each in feed.after(0) if each.id == f"{number}/r1"]
    assert [(each.subscription, each.topic, each.inn, each.title) for each in told] == [
        (number, "court", organization.inn, "Дело А40-1/2026")
    ]
    assert told[0].details == {"court": "АС города Москвы"}
    assert feed.after(told[0].number) == []


@pytest.mark.parametrize("inn", ["7707083893", "1"])
def test_nobody_is_not_subscribed(here: CountryPorts, inn: str) -> None:
    assert here.ports.public_events.subscribe("portal-1", inn) is None


@pytest.mark.parametrize("kind", ["timeout", "malformed"])
def test_a_silent_source_is_unavailable(here: CountryPorts, kind: str) -> None:
    here.fails("courts_law", kind)
    with pytest.raises(Unavailable):
        here.ports.public_events.after(0)
    with pytest.raises(Unavailable):
        here.ports.public_events.subscribe("portal-1", here.organization().inn)
