"""Templates of people: enrolled with consent, of a level and a term, locked after failures."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from mocks.biometry.samples import Modality
from mocks.case_work.terms import last_moment, years_after
from mocks.core.agenda import Appointment
from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.moments import moment
from mocks.core.tenant import Tenant
from world.microseconds import DAY_US, MINUTE_US, SECOND_US

__all__ = ["FAILURES", "LOCK_US", "SERVICE", "Level", "Template", "Templates"]

SERVICE: Final = "biometry"

Level: TypeAlias = Literal["confirmed", "standard", "simplified"]
"""Confirmed: taken by a bank's official; the others: taken by the person with an application."""

VALID_YEARS: Final[dict[Level, int]] = {"confirmed": 5, "standard": 3, "simplified": 3}
"""Центр биометрических технологий, operator of the ЕБС, 5 February 2026."""

DESTROYED_US: Final = 30 * DAY_US
"""152-ФЗ, art. 21, part 5: personal data are destroyed within 30 days of a consent's withdrawal;
here on the last day."""

FAILURES: Final = 5
"""Assumption: so many in a row lock a template."""

LOCK_US: Final = 30 * MINUTE_US
"""Assumption: for half an hour."""

Status: TypeAlias = Literal["active", "expired", "consent_withdrawn"]

TITLES: Final[dict[Status, str]] = {
    "active": "Действует",
    "expired": "Срок действия истёк",
    "consent_withdrawn": "Согласие отозвано, шаблон будет уничтожен",
}

_MOST_TEMPLATES: Final = 10_000  # the latest


@dataclass(eq=False)
class Template:
    """What is kept of a person: features by modality, never the sample itself."""

    id: str
    snils: str
    level: Level
    features: dict[Modality, bytes]
    key: DrawKey
    enrolled_us: int
    expires_us: int
    status: Status = "active"
    failures: int = 0
    locked_until_us: int = 0
    moves: int = 0
    appointments: list[Appointment] = field(default_factory=list)


class Templates:
    """The templates of one tenant by СНИЛС, one of a person. Not locked: its tenant locks."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._templates: OrderedDict[str, Template] = OrderedDict()

    def enrol(
        self,
        template_id: str,
        snils: str,
        level: Level,
        features: dict[Modality, bytes],
        key: DrawKey,
        now_us: int,
    ) -> Template:
        """Keep a new template; it takes the place of an older one."""
        calendar = self._tenant.clock.calendar
        last_day = years_after(calendar, now_us, VALID_YEARS[level])
        expires_us = last_moment(calendar, last_day) + 1
        self._forget(snils)
        template = Template(template_id, snils, level, features, key, now_us, expires_us)
        self._templates[snils] = template
        self._at(template, expires_us, self._expire)
        if len(self._templates) > _MOST_TEMPLATES:
            self._forget(next(iter(self._templates)))
        self._tell(template, "enrolled", now_us)
        return template

    def find(self, snils: str) -> Template:
        """The person's template; Refusal 404."""
        template = self._templates.get(snils)
        if template is None:
            raise Refusal(404, "no-template", f"Биометрии гражданина {snils} в системе нет")
        return template

    def usable(self, snils: str, now_us: int) -> Template:
        """A template to compare with.

        Refusal 404 if there is none, 403 if its consent is withdrawn, 410 if it is expired, 423
        while it is locked.
        """
        template = self.find(snils)
        if template.status == "consent_withdrawn":
            raise Refusal(403, "consent-withdrawn", "Согласие на обработку биометрии отозвано")
        if template.status == "expired":
            raise Refusal(410, "template-expired", "Срок действия биометрии истёк")
        if now_us < template.locked_until_us:
            left_s = -(-(template.locked_until_us - now_us) // SECOND_US)
            message = "Слишком много неудачных попыток подряд"
            raise Refusal(423, "locked", message, retry_after_s=left_s)
        return template

    def count(self, template: Template, matched: bool, now_us: int) -> None:
        """An attempt has succeeded or failed; the last of `FAILURES` in a row locks."""
        template.failures = 0 if matched else template.failures + 1
        if template.failures == FAILURES:
            template.failures = 0
            template.locked_until_us = now_us + LOCK_US
            self._tell(template, "locked", now_us)

    def withdraw(self, template: Template, now_us: int) -> None:
        """The person withdraws the consent: nothing is compared any more, then it is destroyed;
        said again it changes nothing."""
        if template.status == "consent_withdrawn":
            return
        template.status = "consent_withdrawn"
        self._at(template, now_us + DESTROYED_US, self._destroy)
        self._tell(template, "consent_withdrawn", now_us)

    def view(self, template: Template) -> dict[str, Any]:
        """The template as answers and events show it; features are given to nobody."""
        locked = self._tenant.now_us < template.locked_until_us
        return {
            "template_id": template.id,
            "snils": template.snils,
            "level": template.level,
            "modalities": list(template.features),
            "status": template.status,
            "status_title": TITLES[template.status],
            "enrolled": moment(self._tenant, template.enrolled_us),
            "expires": moment(self._tenant, template.expires_us),
            "attempts_left": FAILURES - template.failures,
            "locked_until": moment(self._tenant, template.locked_until_us) if locked else None,
        }

    def _expire(self, template: Template, now_us: int) -> None:
        if template.status == "active":
            template.status = "expired"
            self._tell(template, "expired", now_us)

    def _destroy(self, template: Template, now_us: int) -> None:
        if self._templates.get(template.snils) is template:
            self._forget(template.snils)
            self._tell(template, "destroyed", now_us)

    def _forget(self, snils: str) -> None:
        template = self._templates.pop(snils, None)
        for appointment in () if template is None else template.appointments:
            appointment.cancel()

    def _at(self, template: Template, us: int, happening: Callable[[Template, int], None]) -> None:
        template.appointments.append(self._tenant.agenda.at(us, partial(happening, template)))

    def _tell(self, template: Template, change: str, now_us: int) -> None:
        template.moves += 1
        event_id = f"{template.id}/{template.moves}/{change}"
        payload = {"kind": "template", "change": change, "template": self.view(template)}
        key = template.key.about(event_id)
        self._tenant.feed(SERVICE).publish(event_id, payload, key, now_us)
