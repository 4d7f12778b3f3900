"""Browsers that are told why they do not do, workplaces, distributions, saved profiles (ENV)."""

import base64
import datetime as dt
import hashlib
from typing import Any

import pytest

from portal.ports.store import Store
from portal.use_case import Actor, Outcome
from portal.workplace.browsers import Browser, browser_of
from portal.workplace.saved_profile import KeptProfile
from tests.portal.people import (
    HOME,
    KIM,
    PASSWORD,
    actor_with,
    code_sent_to,
    form_of,
    known,
    organization_of,
    signed_in,
)
from tests.portal.wiring import Stand, broken, journal, portal_with

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
CHROME = WINDOWS + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
EDGE = CHROME.format(131) + " Edg/{}.0.2903.112"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
SAFARI = MAC + " AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15"
IE = "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (CHROME.format(131), Browser("chrome", 131)),
        (EDGE.format(131), Browser("edge", 131)),
        (CHROME.format(64) + " Edge/17.17134", Browser("edge", 17)),
        (FIREFOX.format(133), Browser("firefox", 133)),
        (SAFARI, Browser("safari", 17)),
        (CHROME.format(131) + " OPR/116.0.0.0", Browser("opera", 116)),
        (CHROME.format(130) + " YaBrowser/24.12.0.0", Browser("yandex", 24)),
        (IE, Browser("ie", 11)),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", Browser("ie", 8)),
        ("curl/8.5.0", None),
        ("python-requests/2.32.3", None),
        ("рабочий компьютер", None),
        ("", None),
    ],
)
def test_browsers_are_known_by_what_they_call_themselves(
    user_agent: str, expected: Browser | None
) -> None:
    assert browser_of(user_agent) == expected


@pytest.fixture(name="stand")
def _stand(store: Store) -> Stand:
    return portal_with(store=store)


@pytest.mark.parametrize(
    ("user_agent", "asked", "expected"),
    [
        (CHROME.format(120), {}, []),
        (CHROME.format(119), {}, ["ENV-01 browser"]),
        (EDGE.format(120), {}, []),
        (EDGE.format(119), {}, ["ENV-01 browser"]),
        (FIREFOX.format(115), {}, []),
        (FIREFOX.format(114), {}, ["ENV-01 browser"]),
        (SAFARI, {}, []),
        (SAFARI, {"signs": True}, ["ENV-01 signature"]),
        (CHROME.format(120), {"signs": True}, []),
        (CHROME.format(120), {"cookies": False}, ["ENV-01 cookies"]),
        (CHROME.format(120), {"javascript": False}, ["ENV-01 javascript"]),
        (IE, {}, ["ENV-01 browser"]),
        ("1C+Enterprise/8.3", {"cookies": False}, []),
    ],
)
def test_a_browser_is_told_what_it_lacks(
    stand: Stand, user_agent: str, asked: dict[str, Any], expected: list[str]
) -> None:
    assert broken(stand.read("browser", Actor(device=user_agent), **asked)) == expected


def test_a_form_from_a_browser_that_does_not_do_is_refused_with_the_reason(stand: Stand) -> None:
    old, fresh = Actor(device=CHROME.format(119)), Actor(device=CHROME.format(120))
    refused = stand.act("sign_up", old, **form_of(KIM))
    assert (refused.refusal, broken(refused)) == ("wrong", ["ENV-01 browser"])
    assert stand.act("sign_up", fresh, **form_of(KIM)).state == "new"


def test_safari_signs_nothing_and_does_the_rest(stand: Stand) -> None:
    safari = Actor(device=SAFARI)
    assert stand.act("sign_up", safari, **form_of(KIM)).state == "new"
    signed = {"challenge": "c", "signature": "AA=="}
    outcome = stand.act("sign_in_by_signature", safari, **signed)
    assert broken(outcome) == ["ENV-01 signature"]
    elsewhere = stand.act("sign_in_by_signature", Actor(device=CHROME.format(120)), **signed)
    assert "ENV-01 signature" not in broken(elsewhere)


FIT: dict[str, Any] = {
    "system": "macOS",
    "release": "10.15",
    "cpu": "x86_64",
    "cpu_ghz": 2.0,
    "ram_gb": 4.0,
    "disk_mb": 150.0,
    "https": True,
}


def test_a_workplace_is_told_everything_that_it_lacks(stand: Stand) -> None:
    assert stand.act("check_workplace", **FIT).state == "fits"
    poor = {**FIT, "release": "10.14", "cpu": "arm64", "ram_gb": 3.9, "https": False}
    outcome = stand.act("check_workplace", **poor)
    assert broken(outcome) == ["ENV-02 system", "ENV-02 cpu", "ENV-02 ram_gb", "ENV-02 https"]


CONTENT = b"installer"
OFFICIAL = "https://portal.test/download/client.msi"


def check(stand: Stand, message: bytes, **changes: Any) -> Outcome:
    form = {
        "content": base64.b64encode(CONTENT).decode(),
        "signature": base64.b64encode(message).decode(),
        "source": OFFICIAL,
        **changes,
    }
    return stand.act("check_distribution", **form)


def test_a_distribution_is_genuine_with_the_publishers_signature(stand: Stand) -> None:
    publisher = stand.signatures.issue(stand.clock, "POLIGON")
    message = stand.signatures.sign(CONTENT, publisher)
    assert check(stand, message).state == "genuine"
    changed = check(stand, message, content=base64.b64encode(b"another").decode())
    assert broken(changed) == ["ENV-03 signature"]
    for source in ("https://portal.test.example/", "http://portal.test/", "https://[", ""):
        assert broken(check(stand, message, source=source)) == ["ENV-03 source"]


def test_a_distribution_that_somebody_else_has_signed_is_not_run(stand: Stand) -> None:
    other = stand.signatures.issue(stand.clock, "ООО «Ромашка»")
    message = stand.signatures.sign(CONTENT, other)
    assert broken(check(stand, message)) == ["ENV-03 signature"]
    assert broken(check(stand, b"nothing", source="")) == ["ENV-03 source", "ENV-03 signature"]


@pytest.mark.parametrize("status", ["revoked", "not_accredited"])
def test_the_publishers_certificate_has_to_be_good(stand: Stand, status: Any) -> None:
    publisher = stand.signatures.issue(stand.clock, "POLIGON")
    message = stand.signatures.sign(CONTENT, publisher)
    stand.signatures.statuses[publisher.fingerprint] = status
    assert broken(check(stand, message)) == ["ENV-03 signature"]


def test_nothing_is_said_while_the_certificates_status_is_not_known(stand: Stand) -> None:
    publisher = stand.signatures.issue(stand.clock, "POLIGON")
    message = stand.signatures.sign(CONTENT, publisher)
    stand.signatures.down = True
    assert check(stand, message).refusal == "later"


def inside(stand: Stand) -> Actor:
    """Kim at home, signed in by password."""
    known(stand)
    return actor_with(stand, signed_in(stand, KIM.phone))


def test_a_saved_profile_signs_in_by_itself_on_its_device(stand: Stand) -> None:
    actor = inside(stand)
    saved = stand.act("save_profile", actor, password=PASSWORD)
    assert saved.state == "saved"
    entered = stand.act("sign_in_by_profile", HOME, profile=saved.data["profile"])
    assert (entered.state, entered.data["account"], entered.data["level"]) == (
        "signed_in",
        actor.account,
        "basic",
    )


def test_a_saved_profile_is_of_one_device_alone(stand: Stand) -> None:
    actor = inside(stand)
    profile = stand.act("save_profile", actor, password=PASSWORD).data["profile"]
    other = stand.act("sign_in_by_profile", Actor(device="another"), profile=profile)
    assert (other.refusal, broken(other)) == ("unauthenticated", ["ENV-02 profile"])
    assert journal(stand, actor.account or "")[-1] == ("sign_in_by_profile", "refused")
    unknown = stand.act("sign_in_by_profile", HOME, profile="nothing")
    assert broken(unknown) == ["ENV-02 profile"]


def test_a_saved_profile_is_good_for_ninety_days(stand: Stand) -> None:
    profile = stand.act("save_profile", inside(stand), password=PASSWORD).data["profile"]
    stand.clock.move(dt.timedelta(days=90) - dt.timedelta(microseconds=1))
    assert stand.act("sign_in_by_profile", HOME, profile=profile).state == "signed_in"
    stand.clock.move(dt.timedelta(microseconds=1))
    late = stand.act("sign_in_by_profile", HOME, profile=profile)
    assert broken(late) == ["ENV-02 profile"]
    stand.portal.tick()
    kept = KeptProfile.KIND, hashlib.sha256(profile.encode()).hexdigest()
    assert stand.store.get(*kept) is None


def test_another_password_or_a_removed_device_ends_a_saved_profile(stand: Stand) -> None:
    actor = inside(stand)
    profile = stand.act("save_profile", actor, password=PASSWORD).data["profile"]
    stand.act("change_password", actor, old=PASSWORD, password="Qm4#vTzLkw9!")
    assert broken(stand.act("sign_in_by_profile", HOME, profile=profile)) == ["ENV-02 profile"]


def test_a_session_alone_saves_no_profile(stand: Stand) -> None:
    saved = stand.act("save_profile", inside(stand), password="guess")
    assert broken(saved) == ["AUTH-02"]


def test_a_saved_profile_takes_a_code_for_the_cabinet_of_an_organization(stand: Stand) -> None:
    made = organization_of(stand, known(stand))
    actor = actor_with(stand, signed_in(stand, KIM.phone, organization=made.requisites.ogrn))
    profile = stand.act("save_profile", actor, password=PASSWORD).data["profile"]
    asked = stand.act("sign_in_by_profile", HOME, profile=profile)
    assert (asked.state, broken(asked)) == ("code_needed", ["AUTH-04 code"])
    code = {"sign_in": asked.data["sign_in"], "code": code_sent_to(stand, KIM.phone)}
    inside_it = stand.act("enter_sign_in_code", HOME, **code)
    assert (inside_it.state, inside_it.data["organization"]) == ("signed_in", made.id)


def test_a_saved_profile_does_not_pass_a_lock(stand: Stand) -> None:
    profile = stand.act("save_profile", inside(stand), password=PASSWORD).data["profile"]
    while stand.act("sign_in", HOME, login=KIM.phone, password="guess").refusal != "forbidden":
        pass
    assert stand.act("sign_in_by_profile", HOME, profile=profile).refusal == "forbidden"
