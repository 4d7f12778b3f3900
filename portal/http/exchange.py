"""One request and its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from pydantic_core import to_json
from starlette.requests import Request

from portal.http.language import language_of
from portal.http.pages import CURSOR, LIMIT, CutPage, Page, PartPage, no_cursor
from portal.http.problems import (
    MEDIA_TYPE,
    PROBLEMS,
    REFUSALS,
    Refused,
    problem_of,
    refusal_of,
    retry_after,
    violation_of,
)
from portal.http.reading import (
    idempotency_key,
    json_object,
    matched_version,
    query_values,
    request_id_given,
)
from portal.http.served import Caller, ServedPortal
from portal.payload import UnreadablePayload
from portal.ports.store import Conflict
from portal.rules.rule import Violation
from portal.use_case import CHANGED, USE_CASES, VIEWS, Actor, Outcome, WrongPart
from rulebook import Text

__all__ = ["Exchange", "Reply"]

_JSON: Final = "application/json"
_VERSION: Final = "version"
"""A field of a form, or of what is shown, that counts the changes of what is edited."""
_MOST_PARAMETERS: Final = 200
_NO_VERSION: Final = Text("не для этого действия", "not for this use case")
_QUERY: Final = Text("строка запроса в UTF-8", "a query string in UTF-8")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to be sent."""

    status: int
    body: bytes
    media_type: str = _JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Exchange:
    """A request to the portal `served`. `body` is set before it is worked on; `account` is known
    once it is."""

    def __init__(self, served: ServedPortal, request: Request) -> None:
        self._served = served
        self._request = request
        self.body = b""
        self.account: str | None = None
        headers = request.headers
        self._language = language_of(headers.get("accept-language", ""))
        given = request_id_given(headers.get("x-request-id"))
        self.request_id = given or served.portal.ports.entropy.token("request")
        self._also: tuple[Violation, ...] = ()

    def replied(self, work: Callable[["Exchange"], Reply]) -> Reply:
        """What `work` answers, or why nothing was done; Refused."""
        try:
            return work(self)
        except UnreadablePayload as unreadable:
            raise Refused("unreadable", tuple(unreadable.problems)) from None
        except Conflict:
            raise Refused("overtaken", headers={"Retry-After": "1"}) from None

    def act(self, name: str) -> Reply:
        """Do the use case."""
        actor = self._actor()
        headers = self._request.headers
        payload = json_object(headers.get("content-type", ""), self.body)
        key = idempotency_key(headers.get("idempotency-key"))
        version = matched_version(headers.get("if-match"))
        if version is not None:
            if _VERSION not in USE_CASES[name].form.__dataclass_fields__:
                raise Refused("bad-header", (("If-Match", _NO_VERSION),))
            payload = {**payload, _VERSION: version}
        outcome = self._served.portal.act(name, actor, payload, key)
        self._served.after_act()
        if version is not None and (outcome.refusal, outcome.state) == ("state", CHANGED):
            raise Refused("changed")
        return self._told(outcome)

    def read(self, name: str, properties: Mapping[str, Any]) -> Reply:
        """Show the view, or a page of it."""
        actor = self._actor()
        given = self._query()
        paging = {key: value for key, value in given if key in {LIMIT, CURSOR} - set(properties)}
        query = query_values([pair for pair in given if pair[0] not in paging], properties)
        kind = PartPage if VIEWS[name].in_parts else CutPage
        page: Page = kind(paging.get(LIMIT), paging.get(CURSOR))
        try:
            outcome = self._served.portal.read(name, actor, query, page.part)
        except WrongPart:
            raise no_cursor() from None
        if outcome.refusal is not None:
            return self._told(outcome)
        data, following = page.of(outcome)
        return self._told(outcome, data, following)

    def refused(self, refused: Refused) -> Reply:
        """The answer to a request that is refused without the portal."""
        for each in refused.violations:
            self._served.metrics.count_violation(each.rule)
        book = self._served.portal.book
        body = problem_of(refused, book, self._language, self.request_id)
        headers = {**self._headers(), **refused.headers}
        return Reply(PROBLEMS[refused.code].status, to_json(body), MEDIA_TYPE, headers)

    # --- inside

    def _actor(self) -> Actor:
        peer = self._request.client
        ip = "127.0.0.1" if peer is None else peer.host
        found = self._served.who(self._served.portal, Caller(headers=self._request.headers, ip=ip))
        self._also = found.violations
        self.account = found.actor.account
        client = found.actor.session or found.actor.ip
        self._served.rates.admit(client, self._served.portal.policy)
        return found.actor

    def _query(self) -> list[tuple[str, str]]:
        try:
            return parse_qsl(
                self._request.scope["query_string"].decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_PARAMETERS,
            )
        except ValueError:
            raise Refused("unreadable", (("", _QUERY),)) from None

    def _told(
        self,
        outcome: Outcome,
        data: Mapping[str, Any] | None = None,
        following: str | None = None,
    ) -> Reply:
        for each in outcome.violations:
            self._served.metrics.count_violation(each.rule)
        book = self._served.portal.book
        refusal = outcome.refusal
        headers = self._headers()
        if refusal is not None:
            also = self._also if refusal == "unauthenticated" else ()
            body = refusal_of(outcome, refusal, book, self._language, self.request_id, also)
            headers |= retry_after(outcome)
            if refusal == "unauthenticated":
                headers["WWW-Authenticate"] = "Bearer"
            return Reply(REFUSALS[refusal].status, to_json(body), MEDIA_TYPE, headers)
        shown: dict[str, Any] = {
            "state": outcome.state,
            "data": outcome.data if data is None else data,
        }
        if outcome.violations:
            shown["violations"] = [
                violation_of(each, book, self._language) for each in outcome.violations
            ]
        if following is not None:
            shown["next"] = following
            headers["Link"] = f'<{self._next_page(following)}>; rel="next"'
        version = outcome.data.get(_VERSION)
        if isinstance(version, int):
            headers["ETag"] = f'"{version}"'
        return Reply(200, to_json(shown), _JSON, headers)

    def _next_page(self, cursor: str) -> str:
        others = [pair for pair in self._query() if pair[0] != CURSOR]
        return f"{self._request.url.path}?{urlencode([*others, (CURSOR, cursor)])}"

    def _headers(self) -> dict[str, str]:
        return {
            "X-Request-Id": self.request_id,
            "Cache-Control": "no-store",
            "Content-Language": self._language,
            "Vary": "Accept-Language",
        }
