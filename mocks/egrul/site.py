"""The public search of both registers, as its web page calls it.

Real: paths, form and row fields, `captchaRequired`, the errors' form. Assumptions: how long tokens
live, how long an extract is made. Not simulated: the picture with digits itself, searches by name
among all organizations (a name is a function of an index, and nothing leads back from it): only
those that the tenant has changed or added are found by name.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from mocks.core.http import Answer, Refusal, json_answer, problem_answer, text_answer
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from mocks.extracts.register import seen
from mocks.extracts.statement import russian_date, statement
from world.file_formats import file_content
from world.microseconds import MINUTE_US, SECOND_US
from world.records import Organization

__all__ = ["MAKING_US", "TOKEN_LIFE_US", "add_site", "refuse"]

TOKEN_LIFE_US: Final = 30 * MINUTE_US
MAKING_US: Final = 2 * SECOND_US

_MOST_TOKENS: Final = 10_000  # of searches and of rows each, the latest
_PAGE: Final = 20  # rows
_PAGE_DIGITS: Final = 6  # of a page's number
_LONGEST_QUERY: Final = 255  # characters
_TOO_OLD: Final = "Результаты поиска устарели, повторите поиск"
_KINDS: Final = {"legal": "ul", "sole_proprietor": "fl"}

T = TypeVar("T")


class SiteError(Refusal):
    """A refusal in the site's own form: HTTP 400 and the wrong field with what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(400, "site", message, field=field)


def refuse(refusal: Refusal) -> Answer:
    """The site's errors in its form, others as usual."""
    if isinstance(refusal, SiteError):
        errors = {refusal.field: [refusal.message]}
        return json_answer({"ERRORS": errors, "STATUS": refusal.status}, refusal.status)
    return problem_answer(refusal)


@dataclass(frozen=True, slots=True)
class Search:
    """One page of what was found: indices, a token for each, and how many there are in all."""

    rows: tuple[tuple[int, str], ...]
    page: int
    total: int


@dataclass(slots=True)
class Extract:
    """A row of results; `ready_us` once its extract was asked for."""

    organization: int
    ready_us: int | None = None


class Tokens(Generic[T]):
    """What tokens stand for; a token is good for TOKEN_LIFE_US, and the latest 10,000 are."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[int, T]] = OrderedDict()

    def keep(self, token: str, value: T, now_us: int) -> None:
        """Let `token` stand for `value` from now on."""
        self._kept[token] = (now_us + TOKEN_LIFE_US, value)
        self._kept.move_to_end(token)
        if len(self._kept) > _MOST_TOKENS:
            self._kept.popitem(last=False)

    def value(self, token: str, now_us: int) -> T:
        """What `token` stands for; SiteError if it is nobody's or too old."""
        until_us, value = self._kept.get(token, (now_us, None))
        if value is None or now_us >= until_us:
            raise SiteError("token", _TOO_OLD)
        return value


class Site:
    """A tenant's searches."""

    def __init__(self, _: Tenant) -> None:
        self.searches: Tokens[Search] = Tokens()
        self.extracts: Tokens[Extract] = Tokens()


def add_site(service: Service) -> None:
    """Let `service` answer as the site does."""
    service.get("/")(_show_page)
    service.get("/index.html")(_show_page)
    service.post("/")(_search)
    service.get("/search-result/{token}")(_show_results)
    service.get("/vyp-request/{token}")(_request_extract)
    service.get("/vyp-status/{token}")(_show_status)
    service.get("/vyp-download/{token}")(_download)


# --- searching ------------------------------------------------------------------------------------


def _show_page(_: Call) -> Answer:
    page = (
        '<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>ЕГРЮЛ и ЕГРИП</title>'
        '<form method="post" action="/"><input name="query"><button>Найти</button></form></html>'
    )
    return text_answer(page, media_type="text/html")


def _search(call: Call) -> Answer:
    """Remember what is found: `{"t": token, "captchaRequired": false}`."""
    form = call.request.form()
    query = " ".join(form.get("query", "").split())
    if not 0 < len(query) <= _LONGEST_QUERY:
        raise SiteError("query", "Укажите ИНН, ОГРН, ОГРНИП или наименование")
    page = form.get("page", "") or "1"
    if not (page.isascii() and page.isdigit() and len(page) <= _PAGE_DIGITS and int(page) > 0):
        raise SiteError("page", "Номер страницы — целое число от 1")
    if call.hit("captcha"):
        return json_answer({"t": "", "captchaRequired": True})
    regions = frozenset(code for code in form.get("region", "").split(",") if code)
    found = [
        organization
        for organization in _matching(call, query, exactly=form.get("nameEq") == "on")
        if not regions or organization.address.region in regions
    ]
    if found and call.hit("false_refusal"):
        found = []
    shown = found[(int(page) - 1) * _PAGE : int(page) * _PAGE]
    rows = tuple((each.index, _token(call, f"row {each.index}")) for each in shown)
    site = call.tenant.state(Site)
    for index, row_token in rows:
        site.extracts.keep(row_token, Extract(index), call.now_us)
    token = _token(call, "search")
    site.searches.keep(token, Search(rows, int(page), len(found)), call.now_us)
    return json_answer({"t": token, "captchaRequired": False})


def _matching(call: Call, query: str, *, exactly: bool) -> Iterable[Organization]:
    """Whose number `query` is; otherwise those of the tenant's own records whose name has it."""
    records = call.tenant.records
    if query.isascii() and query.isdigit():
        found = records.organization_by_inn(query) or records.organization_by_ogrn(query)
        return () if found is None else (found,)
    return _named(records.changed(), query.casefold(), exactly)


def _named(records: Iterable[object], query: str, exactly: bool) -> Iterator[Organization]:
    for record in records:
        if isinstance(record, Organization):
            names = (record.full_name.casefold(), record.short_name.casefold())
            if query in names if exactly else any(query in name for name in names):
                yield record


def _show_results(call: Call) -> Answer:
    search = call.tenant.state(Site).searches.value(call.values["token"], call.now_us)
    return json_answer({"rows": [_row(call, index, token, search) for index, token in search.rows]})


def _row(call: Call, index: int, token: str, search: Search) -> dict[str, Any]:
    records = call.tenant.records
    record = _record(call, index)
    legal = record.kind == "legal"
    row = {
        "n": record.full_name if legal else str(records.identity(record.head.person).name),
        "c": record.short_name if legal else None,
        "o": record.ogrn,
        "i": record.inn,
        "p": record.kpp,
        "r": russian_date(record.registered),
        "e": None if record.closed is None else russian_date(record.closed),
        "a": str(record.address) if legal else None,
        "rn": record.address.region_name,
        "g": f"{record.head.position}: {records.identity(record.head.person).name}"
        if legal
        else None,
        "k": _KINDS[record.kind],
        "t": token,
        "cnt": str(search.total),
        "tot": str(search.total),
        "pg": str(search.page),
    }
    return {name: value for name, value in row.items() if value is not None}


# --- extracts -------------------------------------------------------------------------------------


def _request_extract(call: Call) -> Answer:
    token = call.values["token"]
    extract = _extract(call, token)
    if call.hit("captcha"):
        return json_answer({"t": "", "captchaRequired": True})
    if extract.ready_us is None:
        extract.ready_us = call.now_us + MAKING_US
    return json_answer({"t": token, "captchaRequired": False})


def _show_status(call: Call) -> Answer:
    extract = _extract(call, call.values["token"])
    return json_answer({"status": "ready" if _is_ready(extract, call.now_us) else "wait"})


def _download(call: Call) -> Answer:
    extract = _extract(call, call.values["token"])
    if not _is_ready(extract, call.now_us):
        raise SiteError("token", "Выписка ещё не готова")
    records = call.tenant.records
    record = _record(call, extract.organization)
    on = call.tenant.clock.calendar.local(call.now_us).date()
    name = f"{_KINDS[record.kind]}-{record.ogrn}.pdf"
    content = file_content("pdf", statement(record, records.identity, on))
    disposition = ("Content-Disposition", f'attachment; filename="{name}"')
    return Answer(200, content, "application/pdf", (disposition,))


def _extract(call: Call, token: str) -> Extract:
    return call.tenant.state(Site).extracts.value(token, call.now_us)


def _record(call: Call, index: int) -> Organization:
    """The record as it is seen now; SiteError if a test has taken it away since the search."""
    try:
        return seen(call, call.tenant.records.organization(index))
    except IndexError:
        raise SiteError("token", _TOO_OLD) from None


def _is_ready(extract: Extract, now_us: int) -> bool:
    return extract.ready_us is not None and now_us >= extract.ready_us


def _token(call: Call, purpose: str) -> str:
    return "".join(f"{call.key.word(f'{purpose} {part}'):016X}" for part in range(4))
