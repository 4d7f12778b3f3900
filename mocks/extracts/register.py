"""A register: whom it knows, how it is asked, what it answers."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from lxml import etree

from mocks.core.service import Call
from mocks.extracts.entries import EntryKinds, EntryLog, Revision
from mocks.extracts.form import NOT_FOUND, WITHHELD, Form
from mocks.extracts.history import History
from mocks.extracts.request import RequestForm
from rulebook.kinds import Kind
from world.records import Identity, Organization

__all__ = ["OWN_FAULTS", "PersonOf", "Register", "WithheldError", "seen"]

PersonOf: TypeAlias = Callable[[int], Identity]
"""A person by index."""

OWN_FAULTS = {
    "stale": "отвечает записью, какой она была до последнего изменения",
    "false_refusal": "не находит существующую запись: КодОбр 01 (OPS-07)",
    "withheld": "сведения не могут быть предоставлены: КодОбр 53",
}


class WithheldError(Exception):
    """The register has the record and doesn't give it."""


class AddExtract(Protocol):
    """Adds an extract about an organization to a response."""

    def __call__(
        self,
        response: etree._Element,
        organization: Organization,
        log: EntryLog,
        person_of: PersonOf,
        on: dt.date,
    ) -> None: ...


@dataclass(frozen=True)
class Register:
    """ЕГРЮЛ or ЕГРИП: records of one `kind`, known to readers as `title`."""

    kind: Kind
    title: str
    form: Form
    request: RequestForm
    kinds: EntryKinds
    entry_number: Callable[[str, str, int], str]
    add_extract: AddExtract

    def response(
        self,
        request_id: str,
        organization: Organization,
        person_of: PersonOf,
        on: dt.date,
        revisions: Sequence[Revision] = (),
    ) -> etree._Element:
        """The document with an extract about `organization` made on that day: a function of its
        arguments alone."""
        response = self.form.response(request_id)
        log = EntryLog(organization, self.kinds, self.entry_number, revisions)
        self.add_extract(response, organization, log, person_of, on)
        return response

    def answer(self, call: Call, request: etree._Element) -> etree._Element:
        """The response to a request document, КодОбр included; Refusal 400 if it is wrong."""
        asked = self.request.read(request)
        try:
            found = self.find(call, asked.number)
        except WithheldError:
            return self.form.refusal(asked.id, WITHHELD)
        if found is None:
            return self.form.refusal(asked.id, NOT_FOUND)
        tenant = call.tenant
        on = tenant.clock.calendar.local(call.now_us).date()
        revisions = tenant.state(History).revisions(found)
        return self.response(asked.id, found, tenant.records.identity, on, revisions)

    def find(self, call: Call, number: str) -> Organization | None:
        """The record of the owner of an ОГРН or an ИНН, as the register's faults let it be seen;
        WithheldError if they keep it back."""
        records = call.tenant.records
        found = records.organization_by_ogrn(number) or records.organization_by_inn(number)
        if found is None or found.kind != self.kind or call.hit("false_refusal"):
            return None
        if call.hit("withheld"):
            raise WithheldError(number)
        return seen(call, found)


def seen(call: Call, record: Organization) -> Organization:
    """`record`, or what it was before its last change if the register lags behind."""
    before = call.tenant.state(History).before(record)
    return before if before is not None and call.hit("stale") else record
