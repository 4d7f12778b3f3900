"""ЕАИС: participants, credentials on the clock, licences and changes."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from mocks.core.country import Country
from mocks.eais.service import service
from mocks.licence_registry.registry import LicenceRegistry
from mocks.licensing.service import service as licensing
from tests.mocks.agencies import DAY_US, active_legal, end_of, go_to, organization, plan
from tests.mocks.asking import ask, ask_json
from world.identifiers import legal_inn, ogrn
from world.records import Organization

SECOND_US = 1_000_000
PARTICIPANTS = "/eais/v1/participants"


@pytest.fixture
def country() -> Country:
    return Country([service], seed=1)


def form(one: Organization, **changes: Any) -> dict[str, Any]:
    return {"request_id": "it-1", "inn": one.inn, "ogrn": one.ogrn, "kpp": one.kpp, **changes}


def registered(country: Country) -> tuple[Organization, str, str]:
    """An organization, its participant's number and secret."""
    one = active_legal(country)
    credentials = ask_json(country, "POST", PARTICIPANTS, form(one))["credentials"]
    return one, credentials["client_id"], credentials["client_secret"]


def asked_token(country: Country, number: str, secret: str) -> tuple[int, dict[str, Any]]:
    fields = {
        "grant_type": "client_credentials",
        "client_id": number,
        "client_secret": secret,
    }
    answer = ask(country, "POST", "/eais/v1/token", urlencode(fields))
    return answer.status, json.loads(answer.body)


def bearer(country: Country, number: str, secret: str) -> dict[str, str]:
    status, body = asked_token(country, number, secret)
    assert status == 200, body
    return {"Authorization": f"Bearer {body['access_token']}"}


def test_registration_gives_credentials_once(country: Country) -> None:
    one = active_legal(country)
    first = ask_json(country, "POST", PARTICIPANTS, form(one))
    credentials = first.pop("credentials")
    assert list(credentials) == ["client_id", "client_secret", "valid_until"]
    assert credentials["client_id"] == "00000001"
    assert len(credentials["client_secret"]) == 32
    assert credentials["valid_until"] == "2027-02-02T23:59:59.999+03:00"
    assert first == {
        "participant": "00000001",
        "inn": one.inn,
        "valid_from": "2026-02-02",
        "valid_until": None,
        "status": "active",
        "status_title": "Действует",
        "history": [
            {
                "at": "2026-02-02T10:00:00.000+03:00",
                "status": "active",
                "comment": "Участник зарегистрирован",
            }
        ],
        "data": {
            "inn": one.inn,
            "ogrn": one.ogrn,
            "kpp": one.kpp,
            "full_name": one.full_name,
            "address": str(one.address),
            "head_position": one.head.position,
        },
        "changed": [],
    }
    assert ask_json(country, "POST", PARTICIPANTS, form(one)) == first


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"kpp": "770101001"}, 422, "kpp-mismatch"),
        ({"kpp": None}, 422, "kpp-mismatch"),
        ({"inn": "7715970400"}, 422, "bad-inn"),
        ({"e_mail": "a@b.test"}, 422, "invalid"),
    ],
)
def test_wrong_registration_is_refused(
    country: Country, changes: dict[str, Any], status: int, error: str
) -> None:
    answer = ask(country, "POST", PARTICIPANTS, form(active_legal(country), **changes))
    assert (answer.status, json.loads(answer.body)["error"]) == (status, error)


def test_closed_organization_and_second_registration_are_refused(country: Country) -> None:
    closed = organization(country, lambda one: one.standing == "liquidated")
    answer = ask(country, "POST", PARTICIPANTS, form(closed))
    assert (answer.status, json.loads(answer.body)["error"]) == (422, "organization-not-active")
    one, _, _ = registered(country)
    for changes, error in (
        ({"request_id": "it-2"}, "already-registered"),
        ({"kpp": None}, "request-id-taken"),
    ):
        answer = ask(country, "POST", PARTICIPANTS, form(one, **changes))
        assert (answer.status, json.loads(answer.body)["error"]) == (409, error)


# --- credentials


def test_token_works_for_half_an_hour(country: Country) -> None:
    one, number, secret = registered(country)
    headers = bearer(country, number, secret)
    url = f"/eais/v1/licences?inn={one.inn}"
    country.tenant().advance(1_800 * SECOND_US - 1)
    assert ask(country, "GET", url, headers=headers).status == 200
    country.tenant().advance(1)
    refused = ask(country, "GET", url, headers=headers)
    assert (refused.status, json.loads(refused.body)["error"]) == (401, "invalid_token")
    assert refused.header("WWW-Authenticate") == 'Bearer error="invalid_token"'


def test_token_answer_has_the_fields_of_oauth(country: Country) -> None:
    _, number, secret = registered(country)
    status, body = asked_token(country, number, secret)
    token = body.pop("access_token")
    assert (status, body) == (200, {"token_type": "Bearer", "expires_in": 1800})
    assert len(token) == 32
    answer = ask(country, "POST", "/eais/v1/token", "grant_type=password")
    assert json.loads(answer.body)["error"] == "unsupported_grant_type"


def test_secret_expires_with_its_last_day(country: Country) -> None:
    _, number, secret = registered(country)
    go_to(country, 2027, 2, 3, past_us=-1)
    assert asked_token(country, number, secret)[0] == 200
    country.tenant().advance(1)
    status, body = asked_token(country, number, secret)
    assert (status, body["message"]) == (401, "Срок учётных данных истёк")


def test_rotated_secret_works_for_a_day_beside_the_new_one(country: Country) -> None:
    _, number, old = registered(country)
    url = f"{PARTICIPANTS}/{number}/credentials"
    new = ask_json(country, "POST", url, {"secret": old})["credentials"]["client_secret"]
    assert new != old
    country.tenant().advance(DAY_US - 1)
    assert [asked_token(country, number, one)[0] for one in (old, new)] == [200, 200]
    country.tenant().advance(1)
    assert [asked_token(country, number, one)[0] for one in (old, new)] == [401, 200]


def test_second_rotation_ends_the_first_secret_at_once(country: Country) -> None:
    _, number, first = registered(country)
    url = f"{PARTICIPANTS}/{number}/credentials"
    second = ask_json(country, "POST", url, {"secret": first})["credentials"]["client_secret"]
    third = ask_json(country, "POST", url, {"secret": second})["credentials"]["client_secret"]
    statuses = [asked_token(country, number, one)[0] for one in (first, second, third)]
    assert statuses == [401, 200, 200]


def test_five_wrong_secrets_lock_for_a_quarter_of_an_hour(country: Country) -> None:
    _, number, secret = registered(country)
    assert [asked_token(country, number, "wrong")[0] for _ in range(5)] == [401] * 5
    answer = asked_token(country, number, secret)
    assert (answer[0], answer[1]["error"]) == (429, "locked")
    country.tenant().advance(900 * SECOND_US - 1)
    assert asked_token(country, number, secret)[0] == 429
    country.tenant().advance(1)
    assert asked_token(country, number, secret)[0] == 200


def test_right_secret_forgets_four_wrong_ones(country: Country) -> None:
    _, number, secret = registered(country)
    secrets = ["wrong"] * 4 + [secret] + ["wrong"] * 4 + [secret]
    statuses = [asked_token(country, number, one)[0] for one in secrets]
    assert statuses == [401] * 4 + [200] + [401] * 4 + [200]


def test_reset_sends_a_new_secret_to_the_e_mail_of_the_registry(country: Country) -> None:
    one, number, _ = registered(country)
    assert ask(country, "POST", f"{PARTICIPANTS}/{number}/credentials/reset").status == 202
    (letter,) = country.tenant().inboxes.of(one.email)
    assert letter.subject == "ЕАИС: новые учётные данные"
    secret = letter.text.rpartition(" ")[2]
    assert asked_token(country, number, secret)[0] == 200


# --- the exchange


def granted(country: Country, one: Organization) -> str:
    """A licence that a licensing body has given, by its serial."""
    tenant = country.tenant()
    registry = tenant.state(LicenceRegistry)
    codes = ("035", "00110")
    licence = registry.grant(one, "производство", codes, one.okved[0], None, "LIC-1", tenant.now_us)
    return licence.serial


def test_licences_and_their_changes_are_those_of_the_licensing_bodies(country: Country) -> None:
    one, number, secret = registered(country)
    serial = granted(country, one)
    headers = bearer(country, number, secret)
    body = ask_json(country, "GET", f"/eais/v1/licences?inn={one.inn}", headers=headers)
    assert body["as_of"] == "2026-02-02T10:00:00.000+03:00"
    assert serial in [licence["serial"] for licence in body["licences"]]
    changes = ask_json(country, "GET", "/eais/v1/changes", headers=headers)
    assert [change["type"] for change in changes["events"]] == [
        "participant_changed",
        "licence_changed",
    ]
    assert (changes["next"], changes["oldest"]) == (2, 1)
    after = ask_json(country, "GET", "/eais/v1/changes?after=1&limit=5", headers=headers)
    assert [change["number"] for change in after["events"]] == [2]
    assert after["events"][0]["licence"]["serial"] == serial


def test_changed_registration_data_are_to_be_confirmed(country: Country) -> None:
    one, number, secret = registered(country)
    tenant = country.tenant()
    changes = {"full_name": "ООО НОВОЕ ИМЯ"}
    tenant.records.change_organization(one.index, changes, tenant.now_us)
    headers = bearer(country, number, secret)
    url = f"{PARTICIPANTS}/{number}"
    shown = ask_json(country, "GET", url, headers=headers)
    assert (shown["status"], shown["changed"]) == ("update_required", ["full_name"])
    assert shown["data"]["full_name"] == one.full_name
    confirmed = ask_json(country, "POST", f"{url}/confirmation", headers=headers)
    assert (confirmed["status"], confirmed["changed"]) == ("active", [])
    assert confirmed["data"]["full_name"] == "ООО НОВОЕ ИМЯ"
    assert ask(country, "POST", f"{url}/confirmation", headers=headers).status == 409


def test_change_that_is_taken_back_needs_no_confirmation(country: Country) -> None:
    one, number, secret = registered(country)
    tenant = country.tenant()
    for name in ("ООО НОВОЕ ИМЯ", one.full_name):
        tenant.records.change_organization(one.index, {"full_name": name}, tenant.now_us)
    shown = ask_json(
        country, "GET", f"{PARTICIPANTS}/{number}", headers=bearer(country, number, secret)
    )
    assert (shown["status"], shown["changed"]) == ("active", [])


def test_liquidated_participant_loses_tokens_and_secrets(country: Country) -> None:
    one, number, secret = registered(country)
    headers = bearer(country, number, secret)
    end_of(country, one)
    assert ask(country, "GET", "/eais/v1/changes", headers=headers).status == 401
    assert asked_token(country, number, secret)[0] == 401
    reset = ask(country, "POST", f"{PARTICIPANTS}/{number}/credentials/reset")
    assert (reset.status, json.loads(reset.body)["error"]) == (409, "closed")


def test_entry_of_another_participant_is_forbidden(country: Country) -> None:
    _, number, secret = registered(country)
    other = organization(
        country, lambda one: one.kind == "sole_proprietor" and one.standing == "active"
    )
    theirs = ask_json(country, "POST", PARTICIPANTS, form(other))["participant"]
    headers = bearer(country, number, secret)
    assert ask(country, "GET", f"{PARTICIPANTS}/{theirs}", headers=headers).status == 403
    assert ask(country, "GET", f"{PARTICIPANTS}/{number}", headers=headers).status == 200
    assert ask(country, "GET", f"{PARTICIPANTS}/{number}").status == 401


# --- faults


def test_late_credentials_begin_to_work_after_ten_minutes(country: Country) -> None:
    plan(country, "eais", "late_credentials")
    _, number, secret = registered(country)
    country.tenant().advance(600 * SECOND_US - 1)
    status, body = asked_token(country, number, secret)
    assert (status, body["message"]) == (401, "Учётные данные ещё не действуют")
    country.tenant().advance(1)
    assert asked_token(country, number, secret)[0] == 200


def test_token_is_rejected_falsely_once(country: Country) -> None:
    one, number, secret = registered(country)
    headers = bearer(country, number, secret)
    plan(country, "eais", "token_rejected", times=1)
    url = f"/eais/v1/licences?inn={one.inn}"
    assert [ask(country, "GET", url, headers=headers).status for _ in range(2)] == [401, 200]


def test_stale_licences_are_those_of_a_day_before(country: Country) -> None:
    one, number, secret = registered(country)
    serial = granted(country, one)
    plan(country, "eais", "stale_licences")
    url = f"/eais/v1/licences?inn={one.inn}"

    def serials() -> list[str]:
        headers = bearer(country, number, secret)
        body = ask_json(country, "GET", url, headers=headers)
        return [licence["serial"] for licence in body["licences"]]

    country.tenant().advance(DAY_US - 1)
    assert serial not in serials()
    country.tenant().advance(1)
    assert serial in serials()


def test_end_of_a_licence_of_the_country_is_told_though_nobody_has_asked_before() -> None:
    country = Country([service, licensing], seed=1)
    one = organization(country, lambda one: one.standing == "active" and bool(old(country, one)))
    fresh = country.create_tenant("fresh")
    changes = {"standing": "liquidated", "closed": "2026-02-02"}
    fresh.records.change_organization(one.index, changes, fresh.now_us)
    (event,) = fresh.feed("eais").after(0, 10)
    assert event.payload["licence"]["serial"] == old(country, one)[0]["serial"]
    assert event.payload["licence"]["status"] == "terminated"


def old(country: Country, one: Organization) -> list[dict[str, Any]]:
    """Licences that an organization has had from the beginning."""
    found = ask_json(country, "GET", f"/licensing/v1/licences?inn={one.inn}")["licences"]
    assert isinstance(found, list)
    return found


def test_participant_whom_a_test_has_taken_back_gets_no_letters(country: Country) -> None:
    records = country.tenant().records
    numbers = {"inn": legal_inn("772999999"), "ogrn": ogrn("125772999999")}
    added = records.add_organization(active_legal(country).index, numbers)
    number = ask_json(country, "POST", PARTICIPANTS, form(added))["participant"]
    records.restore()
    answer = ask(country, "POST", f"{PARTICIPANTS}/{number}/credentials/reset")
    assert (answer.status, json.loads(answer.body)["error"]) == (404, "no-such-organization")
    again = records.add_organization(active_legal(country).index, numbers)
    other = ask_json(country, "POST", PARTICIPANTS, form(again, request_id="it-2"))
    assert other["participant"] != number
