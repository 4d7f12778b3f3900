"""The journal of a tenant in a test's hands."""

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from mocks.controls.tenant_now import TenantNow
from mocks.core.journal import Entry, Pattern
from mocks.field_problems import field_problems

__all__ = ["JournalControls", "PatternError"]


class PatternError(ValueError):
    """A pattern that no call can fit by mistake; the message names the field and what was
    expected."""


class JournalControls:
    """The journal of a tenant, of `services` or some of them; a pattern is a `Pattern` or its
    fields by name. PatternError from any act if a field or a service is not known."""

    def __init__(self, tenant: TenantNow, services: Collection[str]) -> None:
        self._tenant = tenant
        self._services = services

    def find(self, pattern: Pattern | None = None, /, **fields: Any) -> list[Entry]:
        """The calls that the pattern means, oldest first."""
        tenant = self._tenant()
        with tenant.lock:
            return _copies(tenant.journal.find(self._pattern(pattern, fields)))

    def verify(
        self,
        pattern: Pattern | None = None,
        /,
        *,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        **fields: Any,
    ) -> list[Entry]:
        """The calls that the pattern means; NotCalledSo (an AssertionError) unless there are as
        many as asked for, one at least if nothing is asked."""
        tenant = self._tenant()
        with tenant.lock:
            found = tenant.journal.verify(
                self._pattern(pattern, fields), times=times, at_least=at_least, at_most=at_most
            )
            return _copies(found)

    def verify_exactly(
        self, patterns: Sequence[Pattern | Mapping[str, Any]], services: Sequence[str] | None = None
    ) -> list[Entry]:
        """The calls to `services` (to all if None) are these, in this order, and no others;
        NotCalledSo otherwise."""
        wanted = [
            self._pattern(p, {}) if isinstance(p, Pattern) else self._pattern(None, p)
            for p in patterns
        ]
        if isinstance(services, str):
            raise PatternError("services: expected a list of services")
        for service in services or ():
            self._check_service(service)
        tenant = self._tenant()
        with tenant.lock:
            return _copies(tenant.journal.verify_exactly(wanted, services))

    def clear(self) -> None:
        """Forget all entries; numbers go on."""
        tenant = self._tenant()
        with tenant.lock:
            tenant.journal.clear()

    @property
    def forgotten(self) -> int:
        """How many of the oldest entries are no longer kept."""
        return self._tenant().journal.forgotten

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.find())

    def __len__(self) -> int:
        return len(self._tenant().journal)

    def _pattern(self, pattern: Pattern | None, fields: Mapping[str, Any]) -> Pattern:
        given = {} if pattern is None else pattern.model_dump(exclude_unset=True)
        try:
            found = Pattern.model_validate({**given, **fields})
        except ValidationError as error:
            raise PatternError("; ".join(map(str, field_problems(error.errors())))) from None
        if found.service is not None:
            self._check_service(found.service)
        return found

    def _check_service(self, service: str) -> None:
        if service not in self._services:
            raise PatternError(f"service: {service} is none of {', '.join(sorted(self._services))}")


def _copies(entries: Sequence[Entry]) -> list[Entry]:
    return [copy.copy(entry) for entry in entries]
