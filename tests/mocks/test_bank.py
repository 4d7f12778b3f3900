"""The bank: identification by CIBA, checks of accounts and cards, statements."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mocks.accounts.cards import card_of, card_owner, is_valid_card_number
from mocks.accounts.ledger import Accounts
from mocks.bank.service import service
from mocks.core.country import Country
from mocks.core.faults import Fault
from mocks.core.http import Answer
from tests.mocks.asking import ask, ask_json
from world.records import Organization

SECOND_US = 1_000_000
CLIENT = {"client_id": "portal", "client_secret": "portal-secret"}
GRANT = "urn:openid:params:grant-type:ciba"


@pytest.fixture
def mocks() -> Country:
    return Country([service])


def organization(mocks: Country) -> Organization:
    return mocks.tenant().records.organization(0)


def hint(of: Organization) -> str:
    return f"account:{of.account.bik}:{of.account.number}:{of.inn}"


def post_form(mocks: Country, path: str, **fields: str) -> Answer:
    return ask(mocks, "POST", f"/bank{path}", urlencode({**CLIENT, **fields}))


def started(mocks: Country, login_hint: str | None = None) -> str:
    login_hint = login_hint or hint(organization(mocks))
    answer = post_form(mocks, "/bc-authorize", scope="openid", login_hint=login_hint, nonce="n-1")
    assert answer.status == 200, answer.body.decode()
    begun = json.loads(answer.body)
    assert (begun["expires_in"], begun["interval"]) == (300, 5)
    return str(begun["auth_req_id"])


def polled(mocks: Country, request: str) -> Any:
    answer = post_form(mocks, "/token", grant_type=GRANT, auth_req_id=request)
    return json.loads(answer.body)


def confirmed(mocks: Country) -> Any:
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    return polled(mocks, request)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified(mocks: Country, token: str) -> Any:
    """The claims, by the keys that the bank publishes."""
    (key,) = ask_json(mocks, "GET", "/bank/jwks")["keys"]
    signed, _, signature = token.rpartition(".")
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(signature), signed.encode())
    header, _, claims = signed.partition(".")
    assert json.loads(decoded(header)) == {"alg": "EdDSA", "typ": "JWT", "kid": key["kid"]}
    return json.loads(decoded(claims))


def plan(mocks: Country, kind: str) -> None:
    fault = {"id": kind.replace("_", "-"), "service": "bank", "kind": kind}
    mocks.tenant().plan_fault(Fault.model_validate(fault))


# --- identification


def test_confirmed_customer_is_described_in_a_signed_statement(mocks: Country) -> None:
    of = organization(mocks)
    head = mocks.world.person(of.head.person)
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    tokens = polled(mocks, request)
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3600)
    assert verified(mocks, tokens["id_token"]) == {
        "iss": "https://id.bank.test",
        "aud": "portal",
        "sub": f"{of.account.bik}:{of.account.number}",
        "iat": 1_770_015_600,  # 2026-02-02T07:00:00Z
        "exp": 1_770_019_200,
        "urn:openid:params:jwt:claim:auth_req_id": request,
        "nonce": "n-1",
        "inn": of.inn,
        "orgOgrn": of.ogrn,
        "orgKpp": of.kpp,
        "orgFullName": of.full_name,
        "OrgName": of.short_name,
        "orgJuridicalAddress": str(of.address),
        "name": str(head.name),
        "phone_number": head.phone,
        "accounts": [
            {
                "accountNumber": of.account.number,
                "bic": of.account.bik,
                "corrAccountNumber": of.account.correspondent,
            }
        ],
    }


def test_customer_may_be_named_by_card(mocks: Country) -> None:
    card = card_of(mocks.tenant().records, organization(mocks))
    request = started(mocks, f"card:{card.number}")
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    claims = verified(mocks, polled(mocks, request)["id_token"])
    assert claims["inn"] == organization(mocks).inn


def test_statement_tells_what_a_test_has_changed(mocks: Country) -> None:
    mocks.tenant().records.change_organization(0, {"short_name": "ООО НОВОЕ"}, 0)
    assert verified(mocks, confirmed(mocks)["id_token"])["OrgName"] == "ООО НОВОЕ"


def test_poll_before_the_answer_is_pending_and_too_often_is_slowed_down(mocks: Country) -> None:
    request = started(mocks)
    errors = [polled(mocks, request)["error"]]
    for seconds in (5, 4, 10):  # after slow_down the interval is ten seconds
        mocks.tenant().advance(seconds * SECOND_US)
        errors.append(polled(mocks, request)["error"])
    pending = "authorization_pending"
    assert errors == [pending, pending, "slow_down", pending]


def test_declined_request_is_access_denied(mocks: Country) -> None:
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/decline")
    assert polled(mocks, request) == {
        "error": "access_denied",
        "error_description": "Клиент банка отказался",
    }


def test_customer_has_five_minutes_to_confirm(mocks: Country) -> None:
    request, late = started(mocks), started(mocks)
    mocks.tenant().advance(300 * SECOND_US - 1)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    assert "id_token" in polled(mocks, request)
    mocks.tenant().advance(1)
    assert ask(mocks, "POST", f"/bank/app/requests/{late}/confirm").status == 409
    assert polled(mocks, late)["error"] == "expired_token"


def shown(mocks: Country, inn: str) -> list[str]:
    found = ask_json(mocks, "GET", f"/bank/app/customers/{inn}/requests")
    assert all(each["client_id"] == "portal" for each in found["requests"])
    assert all(0 < each["expires_in"] <= 300 for each in found["requests"])
    return [each["auth_req_id"] for each in found["requests"]]


def test_the_application_shows_a_customer_what_they_may_still_answer(mocks: Country) -> None:
    inn = organization(mocks).inn
    first, second = started(mocks), started(mocks)
    assert shown(mocks, inn) == [first, second]
    assert shown(mocks, mocks.world.organization(1).inn) == []
    ask_json(mocks, "POST", f"/bank/app/requests/{first}/decline")
    assert shown(mocks, inn) == [second]
    mocks.tenant().advance(300 * SECOND_US - 1)
    assert shown(mocks, inn) == [second]
    mocks.tenant().advance(1)
    assert shown(mocks, inn) == []


def test_the_application_knows_no_customer_who_is_none(mocks: Country) -> None:
    answer = ask(mocks, "GET", "/bank/app/customers/0000000000/requests")
    assert (answer.status, json.loads(answer.body)["error"]) == (404, "not_found")


def test_consent_is_redeemed_once(mocks: Country) -> None:
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    assert "id_token" in polled(mocks, request)
    assert polled(mocks, request)["error"] == "invalid_grant"


def test_answer_is_given_once(mocks: Country) -> None:
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/decline")
    answer = ask(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    assert (answer.status, json.loads(answer.body)["error"]) == (409, "already_answered")


def test_access_token_is_good_for_an_hour(mocks: Country) -> None:
    headers = {"Authorization": f"Bearer {confirmed(mocks)['access_token']}"}
    mocks.tenant().advance(3600 * SECOND_US - 1)
    assert ask_json(mocks, "GET", "/bank/userinfo", headers=headers)["inn"] == "7715970401"
    mocks.tenant().advance(1)
    answer = ask(mocks, "GET", "/bank/userinfo", headers=headers)
    assert (answer.status, answer.header("WWW-Authenticate")) == (
        401,
        'Bearer error="invalid_token"',
    )


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"client_id": "x"}, 401, "invalid_client"),
        ({"scope": "email"}, 400, "invalid_scope"),
        ({"login_hint": ""}, 400, "unknown_user_id"),
        ({"login_hint": "account:044525225:1:2"}, 400, "unknown_user_id"),
        ({"login_hint": "card:2204990000000000"}, 400, "unknown_user_id"),
        ({"login_hint": "phone:+79161234567"}, 400, "unknown_user_id"),
    ],
)
def test_wrong_request_for_identification_is_refused(
    mocks: Country, fields: dict[str, str], status: int, error: str
) -> None:
    good = {"scope": "openid", "login_hint": hint(organization(mocks))}
    answer = post_form(mocks, "/bc-authorize", **{**good, **fields})
    assert (answer.status, json.loads(answer.body)["error"]) == (status, error)


def test_client_may_give_its_password_in_the_header(mocks: Country) -> None:
    form = urlencode({"scope": "openid", "login_hint": hint(organization(mocks))})
    basic = base64.b64encode(b"portal:portal-secret").decode()
    for credentials, status in ((basic, 200), ("%%%", 401)):
        headers = {"Authorization": f"Basic {credentials}"}
        assert ask(mocks, "POST", "/bank/bc-authorize", form, headers).status == status


def test_account_of_another_organization_is_nobody_s(mocks: Country) -> None:
    other = mocks.world.organization(1)
    account = organization(mocks).account
    login_hint = f"account:{account.bik}:{account.number}:{other.inn}"
    answer = post_form(mocks, "/bc-authorize", scope="openid", login_hint=login_hint)
    assert json.loads(answer.body)["error"] == "unknown_user_id"


def test_closed_account_identifies_nobody(mocks: Country) -> None:
    mocks.tenant().records.change_organization(0, {"standing": "liquidated"}, 0)
    login_hint = hint(organization(mocks))
    answer = post_form(mocks, "/bc-authorize", scope="openid", login_hint=login_hint)
    assert json.loads(answer.body)["error"] == "unknown_user_id"


def test_bank_that_errs_does_not_know_its_customer(mocks: Country) -> None:
    plan(mocks, "false_refusal")
    login_hint = hint(organization(mocks))
    answer = post_form(mocks, "/bc-authorize", scope="openid", login_hint=login_hint)
    assert json.loads(answer.body)["error"] == "unknown_user_id"


def test_lost_confirmation_leaves_the_request_pending_until_it_expires(mocks: Country) -> None:
    plan(mocks, "confirmation_lost")
    request = started(mocks)
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    mocks.tenant().advance(300 * SECOND_US - 1)
    assert polled(mocks, request)["error"] == "authorization_pending"
    mocks.tenant().advance(1)
    assert polled(mocks, request)["error"] == "expired_token"


def test_statement_with_a_wrong_signature_does_not_pass_the_bank_s_key(mocks: Country) -> None:
    plan(mocks, "wrong_signature")
    with pytest.raises(InvalidSignature):
        verified(mocks, confirmed(mocks)["id_token"])


# --- accounts


def account_check(of: Organization, **changes: str) -> dict[str, str]:
    asked = {"inn": of.inn, "bik": of.account.bik, "account": of.account.number}
    return {**asked, **changes}


def test_own_account_is_open_and_names_its_holder(mocks: Country) -> None:
    of = organization(mocks)
    assert ask_json(mocks, "POST", "/bank/v1/account-checks", account_check(of)) == {
        "result": "open",
        "message": "Счёт открыт",
        "holder": {"inn": of.inn, "name": of.short_name},
    }


@pytest.mark.parametrize("state", ["blocked", "closed", "open"])
def test_state_of_an_account_is_what_the_bank_has_put_it_in(mocks: Country, state: str) -> None:
    of = organization(mocks)
    ask_json(mocks, "PUT", f"/bank/v1/customers/{of.inn}/account", {"state": state})
    seen = ask_json(mocks, "POST", "/bank/v1/account-checks", account_check(of))
    assert seen["result"] == state


def test_account_of_a_liquidated_organization_is_closed(mocks: Country) -> None:
    mocks.tenant().records.change_organization(0, {"standing": "liquidated"}, 0)
    asked = account_check(organization(mocks))
    assert ask_json(mocks, "POST", "/bank/v1/account-checks", asked)["result"] == "closed"


def test_another_s_account_is_not_found(mocks: Country) -> None:
    asked = account_check(organization(mocks), inn=mocks.world.organization(1).inn)
    assert ask_json(mocks, "POST", "/bank/v1/account-checks", asked) == {
        "result": "not_found",
        "message": "У организации с этим ИНН такого счёта нет",
    }


@pytest.mark.parametrize(
    "changes",
    [{"inn": "7715970402"}, {"bik": "344525225"}, {"account": "40702810086282145242"}],
    ids=str,
)
def test_account_check_with_wrong_digits_is_refused(
    mocks: Country, changes: dict[str, str]
) -> None:
    asked = account_check(organization(mocks), **changes)
    assert ask(mocks, "POST", "/bank/v1/account-checks", asked).status == 422


def test_stale_bank_shows_a_closed_account_open(mocks: Country) -> None:
    plan(mocks, "stale_state")
    mocks.tenant().records.change_organization(0, {"standing": "liquidated"}, 0)
    asked = account_check(organization(mocks))
    assert ask_json(mocks, "POST", "/bank/v1/account-checks", asked)["result"] == "open"


# --- cards


def card_check(mocks: Country, **changes: Any) -> dict[str, Any]:
    of = organization(mocks)
    card = card_of(mocks.tenant().records, of)
    asked = {
        "inn": of.inn,
        "number": card.number,
        "expiry_month": card.expiry_month,
        "expiry_year": card.expiry_year,
        "csc": card.csc,
    }
    return {**asked, **changes}


def begun(mocks: Country) -> str:
    answer = ask_json(mocks, "POST", "/bank/v1/card-verifications", card_check(mocks))
    return str(answer["verification_id"])


def held(mocks: Country) -> int:
    customer = ask_json(mocks, "GET", f"/bank/v1/customers/{organization(mocks).inn}")
    return sum(hold["kopecks"] for hold in customer["holds"])


def told(mocks: Country, verification: str, kopecks: int) -> Any:
    url = f"/bank/v1/card-verifications/{verification}/amount"
    return ask_json(mocks, "POST", url, {"kopecks": kopecks})


def test_holder_who_tells_the_held_sum_is_confirmed_and_gets_it_back(mocks: Country) -> None:
    verification = begun(mocks)
    kopecks = held(mocks)
    assert 100 <= kopecks < 1000
    assert told(mocks, verification, kopecks)["status"] == "confirmed"
    assert held(mocks) == 0


def test_third_wrong_sum_ends_the_verification(mocks: Country) -> None:
    verification = begun(mocks)
    kopecks = held(mocks)
    states = [told(mocks, verification, kopecks + 1) for _ in range(3)]
    assert [(s["status"], s["attempts_left"]) for s in states] == [
        ("awaiting_amount", 2),
        ("awaiting_amount", 1),
        ("failed", 0),
    ]
    url = f"/bank/v1/card-verifications/{verification}/amount"
    assert ask(mocks, "POST", url, {"kopecks": kopecks}).status == 409


def test_verification_expires_in_half_an_hour_and_releases_the_sum(mocks: Country) -> None:
    verification = begun(mocks)
    url = f"/bank/v1/card-verifications/{verification}"
    mocks.tenant().advance(1800 * SECOND_US - 1)
    assert ask_json(mocks, "GET", url)["status"] == "awaiting_amount"
    mocks.tenant().advance(1)
    assert ask_json(mocks, "GET", url)["status"] == "expired"
    assert held(mocks) == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"csc": "xxx"}, "invalid"),
        ({"number": "2204990000000001"}, "invalid"),
        ({"number": "4111111111111111"}, "invalid_card"),
        ({"expiry_year": 2050}, "invalid_card"),
        ({"inn": "7407074584"}, "not_holder"),
    ],
)
def test_wrong_card_is_refused(mocks: Country, changes: dict[str, Any], error: str) -> None:
    answer = ask(mocks, "POST", "/bank/v1/card-verifications", card_check(mocks, **changes))
    assert (answer.status, json.loads(answer.body)["error"]) == (422, error)


def test_card_is_good_to_the_end_of_its_last_month(mocks: Country) -> None:
    card = card_of(mocks.tenant().records, organization(mocks))
    year, month = card.expiry_year, card.expiry_month
    calendar = mocks.tenant().clock.calendar
    over = calendar.local(0).replace(
        year=year + month // 12, month=month % 12 + 1, day=1, hour=0, tzinfo=None
    )
    mocks.tenant().set_time(calendar.instant(over) - 1)
    asked = card_check(mocks)
    assert ask(mocks, "POST", "/bank/v1/card-verifications", asked).status == 201
    mocks.tenant().advance(1)
    refused = ask(mocks, "POST", "/bank/v1/card-verifications", asked)
    assert json.loads(refused.body)["error"] == "card_expired"


@pytest.mark.parametrize("index", [0, 1, 77, 9_999_999])
def test_card_number_leads_to_its_owner(mocks: Country, index: int) -> None:
    records = mocks.tenant().records
    card = card_of(records, records.organization(index))
    assert is_valid_card_number(card.number)
    assert card_owner(records, card.number) == records.organization(index)


def test_card_of_an_added_organization_leads_to_it(mocks: Country) -> None:
    records = mocks.tenant().records
    changes = {"inn": "7707083893", "ogrn": "1027700132195"}
    added = records.add_organization(0, changes)
    assert card_owner(records, card_of(records, added).number) == added


def test_card_number_of_the_standard_s_example_is_valid_and_its_neighbours_are_not() -> None:
    assert is_valid_card_number("4111111111111111")
    assert not any(is_valid_card_number(f"411111111111111{n}") for n in "023456789")


def test_customer_sees_account_and_card(mocks: Country) -> None:
    of = organization(mocks)
    customer = ask_json(mocks, "GET", f"/bank/v1/customers/{of.inn}")
    accounts = mocks.tenant().state(Accounts)
    assert customer["account"] == {
        "number": of.account.number,
        "bik": of.account.bik,
        "bank": of.account.bank,
        "state": "open",
        "balance_kopecks": accounts.opening(of),
        "available_kopecks": accounts.opening(of),
    }
    assert 5_000_000 <= accounts.opening(of) <= 100_000_000
    assert ask(mocks, "GET", "/bank/v1/customers/0").status == 404


def test_a_customer_that_is_no_longer_there_is_unknown(mocks: Country) -> None:
    records = mocks.tenant().records
    added = records.add_organization(0, {"inn": "7707083893", "ogrn": "1027700132195"})
    request = started(mocks, hint(added))
    ask_json(mocks, "POST", f"/bank/app/requests/{request}/confirm")
    records.restore()
    assert polled(mocks, request)["error"] == "unknown_user_id"


def test_an_open_account_does_not_use_up_the_stale_one(mocks: Country) -> None:
    fault = {"id": "f", "service": "bank", "kind": "stale_state", "times": 1}
    mocks.tenant().plan_fault(Fault.model_validate(fault))
    asked = account_check(organization(mocks))
    states = []
    for state in ("open", "blocked", "blocked"):
        mocks.tenant().state(Accounts).change_state(organization(mocks), state)
        states.append(ask_json(mocks, "POST", "/bank/v1/account-checks", asked)["result"])
    assert states == ["open", "open", "blocked"]
