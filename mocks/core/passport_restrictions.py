"""Why a passport is not accepted, in the words of whoever checks it (ACC-08)."""

from typing import Final

from world.records import PassportRestriction

__all__ = ["RESTRICTIONS"]

RESTRICTIONS: Final[dict[PassportRestriction, str]] = {
    "lost": "Паспорт числится утраченным",
    "expired": "Срок действия паспорта истёк",
    "invalid": "Паспорт признан недействительным",
}
