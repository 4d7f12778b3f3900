"""ФНС knows people, accounts and addresses."""

import json
from urllib.parse import urlencode

import pytest

from mocks.core.country import Country
from mocks.fns import people
from tests.mocks.asking import ask, ask_json
from tests.mocks.tax_service import NOBODY, fail, fresh, legal, person, post, refused
from world.records import Person


@pytest.fixture
def fns() -> Country:
    return fresh()


# --- people


def named(someone: Person, **changes: object) -> dict[str, object]:
    return {
        "last_name": someone.name.last,
        "first_name": someone.name.first,
        "patronymic": someone.name.patronymic,
        "birth_date": someone.birth_date.isoformat(),
        "inn": someone.inn,
        **changes,
    }


def test_name_birth_date_and_inn_of_one_person_are_confirmed_in_any_case(fns: Country) -> None:
    someone = person(fns)
    asked = named(someone, last_name=someone.name.last.upper())
    assert post(fns, "/person-checks", asked) == {
        "result": "match",
        "message": "Сведения о лице подтверждены",
    }


def test_what_is_not_the_persons_is_named(fns: Country) -> None:
    asked = named(person(fns), first_name="Ктото", birth_date="1901-01-01")
    assert post(fns, "/person-checks", asked) == {
        "result": "mismatch",
        "message": "Сведения о лице не совпадают",
        "fields": ["first_name", "birth_date"],
    }


def test_an_inn_of_nobody_is_not_found_and_a_typo_is_refused(fns: Country) -> None:
    nobody = named(person(fns), inn=NOBODY)
    assert post(fns, "/person-checks", nobody)["result"] == "not_found"
    typo = named(person(fns), inn=NOBODY[:-1] + str((int(NOBODY[-1]) + 1) % 10))
    assert refused(fns, "POST", "/person-checks", typo) == (422, "bad-inn")
    extra = named(person(fns), snils="1")
    assert refused(fns, "POST", "/person-checks", extra) == (422, "invalid")


def test_a_true_person_is_falsely_refused_while_the_fault_holds(fns: Country) -> None:
    fail(fns, "false_refusal", times=1)
    asked = named(person(fns))
    assert post(fns, "/person-checks", asked)["result"] == "not_found"
    assert post(fns, "/person-checks", asked)["result"] == "match"


def inn_form(someone: Person, operation: str, **changes: str) -> str:
    passport = someone.passport
    fields = {
        "c": operation,
        "captcha": "",
        "captchaToken": "",
        "fam": someone.name.last,
        "nam": someone.name.first,
        "otch": someone.name.patronymic or "",
        "bdate": f"{someone.birth_date:%d.%m.%Y}",
        "bplace": "",
        "doctype": "21",
        "docno": f"{passport.series[:2]} {passport.series[2:]} {passport.number}",
        "docdt": f"{passport.issued:%d.%m.%Y}",
    }
    return urlencode({**fields, **changes})


def test_the_old_form_gives_the_inn_at_once(fns: Country) -> None:
    someone = person(fns)
    found = ask_json(fns, "POST", "/fns/inn-proc.do", inn_form(someone, "innMy"))
    assert found == {"captchaRequired": False, "code": 1, "inn": someone.inn}
    without_date = inn_form(someone, "innMy", docdt="")
    assert ask_json(fns, "POST", "/fns/inn-proc.do", without_date)["inn"] == someone.inn


@pytest.mark.parametrize(
    "changes",
    [
        {"fam": "Другой"},
        {"bdate": "01.01.1901"},
        {"docno": "99 99 999999"},
        {"docdt": "01.01.1999"},
    ],
)
def test_whoever_is_not_quite_the_holder_gets_no_inn(fns: Country, changes: dict[str, str]) -> None:
    form = inn_form(person(fns), "innMy", **changes)
    assert ask_json(fns, "POST", "/fns/inn-proc.do", form) == {"captchaRequired": False, "code": 0}


@pytest.mark.parametrize("path", ["/fns/inn-new-proc.do", "/fns/inn-new-proc.json"])
def test_the_new_form_gives_a_request_number_and_then_the_inn(fns: Country, path: str) -> None:
    someone = person(fns)
    asked = ask_json(fns, "POST", path, inn_form(someone, "find"))
    fetch = urlencode({"c": "get", "requestId": asked["requestId"]})
    for _ in range(2):
        assert ask_json(fns, "POST", path, fetch) == {"state": 1, "inn": someone.inn}
    nobody = ask_json(fns, "POST", path, inn_form(someone, "find", nam="Ктото"))
    fetch = urlencode({"c": "get", "requestId": nobody["requestId"]})
    assert ask_json(fns, "POST", path, fetch) == {"state": 0, "error_code": 1}


def test_a_wrong_form_names_every_field_as_the_service_does(fns: Country) -> None:
    form = inn_form(person(fns), "innMy", bdate="31.02.1990", docno="12345", doctype="10")
    answer = ask(fns, "POST", "/fns/inn-proc.do", form)
    assert (answer.status, json.loads(answer.body)) == (
        400,
        {
            "ERROR": "Дата рождения: ожидается ДД.ММ.ГГГГ",
            "ERRORS": {
                "bdate": ["Дата рождения: ожидается ДД.ММ.ГГГГ"],
                "doctype": ["Принимается только паспорт гражданина России (21)"],
                "docno": ["Паспорт: ожидается «NN NN NNNNNN»"],
            },
            "STATUS": 400,
        },
    )
    unknown = ask(fns, "POST", "/fns/inn-new-proc.json", "c=get&requestId=ABC")
    assert (unknown.status, json.loads(unknown.body)["ERROR"]) == (
        400,
        "Недопустимый идентификатор запроса",
    )


def test_the_latest_requests_of_an_inn_are_kept(
    fns: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_MOST_REQUESTS", 2)
    path = "/fns/inn-new-proc.do"
    forms = [inn_form(person(fns, index), "find") for index in (7, 8, 9)]
    asked = [ask_json(fns, "POST", path, form)["requestId"] for form in forms]
    fetched = [ask(fns, "POST", path, f"c=get&requestId={one}").status for one in asked]
    assert fetched == [400, 200, 200]


# --- requisites


def test_an_account_is_the_organizations_or_not(fns: Country) -> None:
    own, other = legal(fns), legal(fns, "liquidating")
    asked = {"inn": own.inn, "bik": own.account.bik, "account": own.account.number}
    assert post(fns, "/account-checks", asked)["result"] == "match"
    foreign = {**asked, "bik": other.account.bik, "account": other.account.number}
    assert post(fns, "/account-checks", foreign) == {
        "result": "mismatch",
        "message": "Банк не сообщал в ФНС о таком счёте организации",
    }
    last = str((int(own.account.number[-1]) + 1) % 10)
    typo = {**asked, "account": own.account.number[:-1] + last}
    assert refused(fns, "POST", "/account-checks", typo) == (422, "bad-account")
    assert refused(fns, "POST", "/account-checks", {**asked, "bik": "944525111"}) == (
        422,
        "bad-bik",
    )


def test_an_address_is_compared_with_that_of_the_kpp(fns: Country) -> None:
    records = fns.tenant().records
    branchy = next(o for o in map(records.organization, range(500)) if o.branches)
    branch = branchy.branches[0]
    asked = {"inn": branchy.inn, "address": str(branchy.address)}
    assert post(fns, "/address-checks", asked)["result"] == "match"
    assert post(fns, "/address-checks", {**asked, "kpp": branch.kpp})["result"] == "mismatch"
    at_branch = {**asked, "kpp": branch.kpp, "address": str(branch.address).upper()}
    assert post(fns, "/address-checks", at_branch)["result"] == "match"
    assert refused(fns, "POST", "/address-checks", {**asked, "kpp": "990101001"}) == (
        404,
        "no-such-kpp",
    )


def test_an_address_marked_untrue_is_told_to_be_so(fns: Country) -> None:
    marked = legal(fns, "unreliable")
    asked = {"inn": marked.inn, "address": str(marked.address)}
    assert post(fns, "/address-checks", asked) == {
        "result": "unreliable",
        "message": "Сведения об адресе признаны недостоверными",
    }
