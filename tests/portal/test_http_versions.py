"""Edits over HTTP: the ETag of what was read, If-Match, a version that others have overtaken; the
journal page by page."""

import base64
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from portal.accounts.session import SignedIn
from portal.http.app import portal_app
from portal.http.document import path_of
from portal.http.served import SCOPE_KEY, Caller, ServedPortal
from portal.notifications.notice import Notice
from portal.notifications.settings import NotificationSettings, settings_id
from portal.portal import Portal
from portal.store.unit import Unit
from portal.use_case import USE_CASES, Actor
from tests.portal.binders import Binder, binder
from tests.portal.fakes import MovedClock
from tests.portal.filings import FILED_ON, LEGAL
from tests.portal.http_client import Client, served
from tests.portal.wiring import portal_with

MORNING = dt.datetime.combine(FILED_ON, dt.time(10))


def who(portal: Portal, caller: Caller) -> SignedIn:
    """Whoever the bearer's token names, come in by signature."""
    account = caller.headers.get("authorization", "").removeprefix("Bearer ")
    return SignedIn(actor=Actor(account=account or None, signed_in_by="signature", ip=caller.ip))


class Desk:
    """The head of a bound organization at a client of its portal."""

    def __init__(self, firm: Binder, client: Client) -> None:
        self.firm = firm
        self.client = client
        self._headers = {"Authorization": f"Bearer {firm.head.account}"}

    def read(self, view: str, **query: Any) -> requests.Response:
        asked = {"organization": self.firm.organization, **query}
        return self.client.get(f"/v1/{view}", params=asked, headers=self._headers)

    def act(self, name: str, match: str | None = None, **form: Any) -> requests.Response:
        headers = self._headers if match is None else {**self._headers, "If-Match": match}
        sent = {"organization": self.firm.organization, **form}
        return self.client.post(f"/v1/{name}", json=sent, headers=headers)

    def edit(self, match: str | None = None, **form: Any) -> requests.Response:
        return self.act("edit-organization", match, **form)

    def tag(self) -> str:
        return self.read("organization-profile").headers["etag"]

    def notice(self, number: int) -> str:
        """The id of a notice that the head is sent at that minute."""
        account, organization = self.firm.head.account or "", self.firm.organization
        whose = settings_id(account, organization)
        unit = Unit(self.firm.stand.store)
        if unit.get(NotificationSettings, whose) is None:
            unit.put(
                NotificationSettings(
                    id=whose, account=account, organization=organization, changed_at=MORNING
                )
            )
        made = unit.put(
            Notice(
                id=f"notice {number}",
                settings=whose,
                event="",
                kind="document",
                agency="",
                title="",
                text="",
                is_critical=False,
                at=self.firm.stand.clock.now() + dt.timedelta(minutes=number),
            )
        )
        unit.commit()
        return made.id

    @property
    def site(self) -> str:
        return self.firm.kept().requisites.site


@pytest.fixture(name="app", scope="module")
def _app() -> FastAPI:
    return portal_app()


@pytest.fixture(name="desk")
def _desk(app: FastAPI) -> Iterator[Desk]:
    stand = portal_with(clock=MovedClock(MORNING))
    firm = binder(stand, LEGAL[0])
    firm.put_organization()
    assert firm.bind_signed(firm.head, role="head", documents=[]).state == "bound"
    own = ServedPortal(portal=stand.portal, who=who)

    async def with_portal(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, SCOPE_KEY: own}, receive, send)

    with served(with_portal) as client:
        yield Desk(firm, client)


def test_what_was_read_is_changed_by_its_etag_which_moves_on(desk: Desk) -> None:
    read = desk.tag()
    version = desk.firm.kept().version
    assert read == f'"{version}"'
    answer = desk.edit(read, site="a.example.org")
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{version + 1}"')
    assert answer.json()["data"]["version"] == version + 1
    assert desk.tag() == f'"{version + 1}"'
    assert desk.edit(desk.tag(), site="b.example.org").status_code == 200
    assert desk.site == "b.example.org"


def test_of_two_who_have_read_the_same_the_second_is_told_that_it_has_changed(desk: Desk) -> None:
    read = desk.tag()
    assert desk.edit(read, site="a.example.org").status_code == 200
    late = desk.edit(read, site="b.example.org")
    assert (late.status_code, late.json()["code"]) == (412, "changed")
    assert late.json()["title"] == "Это уже изменили, прочтите снова"
    assert desk.site == "a.example.org"
    assert desk.edit(desk.tag(), site="b.example.org").status_code == 200


def test_a_version_that_is_not_there_yet_matches_nothing(desk: Desk) -> None:
    ahead = f'"{desk.firm.kept().version + 1}"'
    assert desk.edit(ahead, site="a.example.org").status_code == 412


def test_an_edit_without_a_version_is_not_taken(desk: Desk) -> None:
    answer = desk.edit(site="a.example.org")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert [each["field"] for each in answer.json()["errors"]] == ["version"]
    assert desk.site != "a.example.org"


def test_a_version_may_come_in_the_form_and_a_stale_one_is_a_conflict_then(desk: Desk) -> None:
    version = desk.firm.kept().version
    assert desk.edit(version=version, site="a.example.org").status_code == 200
    late = desk.edit(version=version, site="b.example.org")
    assert (late.status_code, late.json()["code"], late.json()["state"]) == (
        *(409, "state"),
        "changed",
    )
    assert late.json()["data"] == {"version": version + 1}
    assert desk.site == "a.example.org"


def test_the_header_counts_where_the_form_says_another_version(desk: Desk) -> None:
    assert desk.edit(desk.tag(), version=999, site="a.example.org").status_code == 200


@pytest.mark.parametrize("match", ["*", "3", 'W/"3"', '"3", "4"', '"x"', ""])
def test_another_precondition_than_one_etag_is_refused(desk: Desk, match: str) -> None:
    answer = desk.edit(match, site="a.example.org")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-header")


def test_what_is_refused_for_another_reason_has_not_changed(desk: Desk) -> None:
    wrong = desk.edit(desk.tag(), phone="1")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong")
    desk.firm.with_state("verifying")
    early = desk.edit(desk.tag(), site="a.example.org")
    assert (early.status_code, early.json()["code"]) == (409, "state")


def test_an_earlier_version_comes_back_by_etag_as_well(desk: Desk) -> None:
    first, before = desk.firm.kept().version, desk.site
    stale = desk.tag()
    desk.edit(stale, site="a.example.org")
    assert desk.act("restore-version", stale, earlier=first).status_code == 412
    answer = desk.act("restore-version", desk.tag(), earlier=first)
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{first + 2}"')
    assert desk.site == before
    unknown = desk.act("restore-version", desk.tag(), earlier=999)
    assert [each["rule"] for each in unknown.json()["violations"]] == ["AUD-02"]


def test_the_document_tells_of_if_match_where_there_is_a_version(desk: Desk) -> None:
    paths = desk.client.get("/openapi.json").json()["paths"]
    takes = {
        path
        for path, methods in paths.items()
        for each in methods.get("post", {}).get("parameters", [])
        if each["name"] == "If-Match"
    }
    edited = {
        path_of(name)
        for name, each in USE_CASES.items()
        if "version" in each.form.__dataclass_fields__
    }
    assert takes == edited > {"/v1/edit-organization", "/v1/restore-version"}


def test_the_journal_comes_page_by_page_and_new_lines_do_not_disturb(desk: Desk) -> None:
    for number in range(4):
        desk.edit(desk.tag(), site=f"{number}.example.org")
    every = [each["id"] for each in desk.read("audit-log").json()["data"]["items"]]
    page = desk.read("audit-log", limit=3).json()
    seen = [each["id"] for each in page["data"]["items"]]
    desk.edit(desk.tag(), site="later.example.org")
    while "next" in page:
        page = desk.read("audit-log", limit=3, cursor=page["next"]).json()
        seen += [each["id"] for each in page["data"]["items"]]
    assert (len(every), seen) == (6, every)


def test_notices_come_page_by_page_and_new_ones_do_not_disturb(desk: Desk) -> None:
    kept = [desk.notice(number) for number in range(5)]
    page = desk.read("notifications", limit=2).json()
    seen = [each["notice"] for each in page["data"]["items"]]
    desk.notice(5)
    while "next" in page:
        page = desk.read("notifications", limit=2, cursor=page["next"]).json()
        seen += [each["notice"] for each in page["data"]["items"]]
    assert seen == kept[::-1]
    of_journal = base64.urlsafe_b64encode(b"7").decode().rstrip("=")
    for cursor in (of_journal, "AAAA", "", "é"):
        answer = desk.read("notifications", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


@pytest.mark.parametrize("text", ["0.0123456789abcdef", "-1", "", "1" * 19, "²"])
def test_a_cursor_that_is_none_of_the_journals_is_unreadable(desk: Desk, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    answer = desk.read("audit-log", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")


def test_a_day_that_is_none_is_unreadable(desk: Desk) -> None:
    answer = desk.read("audit-log", since="yesterday")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
