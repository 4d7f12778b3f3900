"""One tenant's registry of licences: those the country has had, and those granted since."""

import datetime as dt
from collections import OrderedDict
from typing import Final

from mocks.case_work.cases import Step
from mocks.case_work.entries import expire_after_term
from mocks.core.records import Change
from mocks.core.tenant import Tenant
from mocks.licence_registry.licences import Licence, licence_number
from world.attributes import Attributes
from world.dates import LAST_DAY
from world.documents import printed_date
from world.records import Organization

__all__ = ["EXCHANGE", "MOST_LICENCES", "LicenceRegistry"]

EXCHANGE: Final = "eais"
"""Whose feed carries the changes of licences: ЕАИС exchanges them (S2, integration)."""

MOST_LICENCES: Final = 20_000
"""Granted or changed entries kept for a tenant, the latest ones."""

# Assumptions: how many organizations had a licence when the country was described, and its codes.
_SHARE_LICENSED: Final = 0.2
_OLD_KIND: Final = "производство"
_OLD_CODES: Final = ("035", "00110")

_FIRST_NEW_SERIAL: Final = 90_000_000  # above every index, which is the serial of an old licence


class LicenceRegistry:
    """The registry of `tenant`. Every change goes to the feed of ЕАИС; whoever leaves ЕГРЮЛ or
    ЕГРИП loses its licences (99-ФЗ, art. 20)."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._kept: OrderedDict[str, Licence] = OrderedDict()
        self._granted = 0
        tenant.records.on_change.append(self._on_change)

    # --- reading

    def by_serial(self, serial: str) -> Licence | None:
        """The entry whose number ends with these 8 digits."""
        kept = self._kept.get(serial)
        if kept is not None or not (serial.isascii() and serial.isdigit() and len(serial) == 8):
            return kept
        try:
            organization = self._tenant.records.organization(int(serial))
        except IndexError:
            return None
        return self._old(organization)

    def by_number(self, number: str) -> Licence | None:
        """The entry of a full number."""
        found = self.by_serial(number.rpartition("/")[2])
        return found if found is not None and found.number == number else None

    def of_organization(self, organization: Organization) -> list[Licence]:
        """Entries of an organization, by serial."""
        kept = [one for one in self._kept.values() if one.organization == organization.index]
        old = self._old(organization)
        if old is not None and old.serial not in self._kept:
            kept.append(old)
        return sorted(kept, key=lambda licence: licence.serial)

    # --- changing

    def grant(
        self,
        organization: Organization,
        kind: str,
        codes: tuple[str, str],
        activity: str,
        valid_until: dt.date | None,
        basis: str,
        now_us: int,
    ) -> Licence:
        """A new entry from now to the end of `valid_until`; `codes` are of the activity and of the
        authority in its number."""
        serial = f"{_FIRST_NEW_SERIAL + self._granted:08}"
        self._granted += 1
        licence = Licence(
            serial=serial,
            number=licence_number(*codes, organization.address.region, serial),
            kind=kind,
            activity=activity,
            organization=organization.index,
            inn=organization.inn,
            valid_from=self._tenant.clock.calendar.date(now_us),
            valid_until=valid_until,
            basis=basis,
            history=[Step(now_us, "active", "Лицензия предоставлена", None)],
        )
        self._changed(licence, now_us)
        self._watch_term(licence)
        return licence

    def move(self, licence: Licence, state: str, now_us: int, comment: str) -> None:
        """Bring an entry into `state`; Refusal 409 if its present state does not allow it."""
        licence.move(state, now_us, comment)
        self._changed(licence, now_us)

    def extend(self, licence: Licence, valid_until: dt.date, now_us: int) -> None:
        """Let an entry's term end later."""
        licence.valid_until = valid_until
        licence.note(licence.state, now_us, f"Продлена по {printed_date(valid_until)} включительно")
        self._changed(licence, now_us)
        self._watch_term(licence)

    def _watch_term(self, licence: Licence) -> None:
        def expire(now_us: int) -> None:
            self.move(licence, "expired", now_us, "Срок действия истёк")

        expire_after_term(self._tenant, licence, expire)

    def _changed(self, licence: Licence, now_us: int) -> None:
        self._kept[licence.serial] = licence
        self._kept.move_to_end(licence.serial)
        if len(self._kept) > MOST_LICENCES:
            self._kept.popitem(last=False)[1].drop()
        self._tenant.feed(EXCHANGE).publish(
            f"licence-{licence.serial}-{now_us}-{licence.state}",
            {"type": "licence_changed", "licence": licence.view(self._tenant, now_us)},
            self._tenant.keys.made(EXCHANGE, f"licence {licence.serial}"),
            now_us,
        )

    def _on_change(self, change: Change) -> None:
        if change.after.standing != "liquidated" or change.before.standing == "liquidated":
            return
        for licence in self.of_organization(change.before):
            if licence.in_force:
                self.move(licence, "terminated", change.at_us, "Лицензиат прекратил деятельность")

    # --- what the country has had

    def _old(self, organization: Organization) -> Licence | None:
        """The licence that an organization got before the country was described, if any."""
        index = organization.index
        if index < 0:
            return None
        serial = f"{index:08}"
        if serial in self._kept:
            return self._kept[serial]
        seed = self._tenant.records.world.seed
        draws = Attributes("licence", seed, index)
        # As the country describes it: a later change of the record does not rewrite the past.
        holder = self._tenant.records.world.organization(index)
        if holder.kind != "legal" or draws.unit("licensed") >= _SHARE_LICENSED:
            return None
        calendar = self._tenant.clock.calendar
        granted = draws.day("granted", holder.registered, holder.closed or LAST_DAY)
        history = [Step(calendar.midnight(granted), "active", "Лицензия предоставлена", None)]
        closed = organization.closed
        if organization.standing == "liquidated" and closed is not None:
            closed_us = calendar.midnight(closed)
            comment = "Лицензиат прекратил деятельность"
            history.append(Step(closed_us, "terminated", comment, None))
        return Licence(
            serial=serial,
            number=licence_number(*_OLD_CODES, holder.address.region, serial),
            kind=_OLD_KIND,
            activity=holder.okved[0],
            organization=index,
            inn=holder.inn,
            valid_from=granted,
            valid_until=None,
            basis="",
            history=history,
        )
