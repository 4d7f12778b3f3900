"""What a kind of application is: its form, its documents, its terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from portal.rules.applications import DocumentSlot, FormField
from rulebook import Kind, Policy, Text

__all__ = ["CATEGORIES", "ApplicationKind"]

CATEGORIES: Final[Mapping[str, Text]] = {
    "appeal": Text("Обращения", "Appeals"),
    "registration": Text("Регистрация и изменения", "Registration and changes"),
    "support": Text("Меры поддержки", "Support measures"),
    "reference": Text("Справки и выписки", "Certificates and extracts"),
    "reporting": Text("Отчётность", "Reporting"),
    "licence": Text("Лицензии и разрешения", "Licences and permits"),
    "access": Text("Доступ к сервисам", "Access to services"),
}
"""Categories of applications, by which they are listed and monitored (APP-05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationKind:
    """A kind of application to an `agency` (a system of the rule book).

    A stage of its consideration lasts `stage_days` working days, an answer to a request is expected
    within `answer_days`. One that `is_signed` takes the organization's qualified signature
    (SIG-04), for others a sign-in is enough. `listed` is the list of the policy that offers it, and
    its name there; without one it is always offered.
    """

    id: str
    title: Text
    category: str
    agency: str
    fields: tuple[FormField, ...]
    documents: tuple[DocumentSlot, ...] = ()
    stage_days: int
    answer_days: int = 5
    is_signed: bool = False
    price_kopecks: int = 0
    applicants: tuple[Kind, ...] = ("legal", "sole_proprietor")
    listed: tuple[str, str] | None = None

    def is_offered(self, kind: Kind, policy: Policy) -> bool:
        """Whether an organization of that kind can apply."""
        if kind not in self.applicants:
            return False
        return self.listed is None or self.listed[1] in policy.texts(self.listed[0])

    def shown(self) -> dict[str, Any]:
        """As the catalogue shows it."""
        return {
            "kind": self.id,
            "title": self.title.ru,
            "category": self.category,
            "category_title": CATEGORIES[self.category].ru,
            "agency": self.agency,
            "stage_days": self.stage_days,
            "is_signed": self.is_signed,
            "price_kopecks": self.price_kopecks,
            "fields": [
                {
                    "name": each.name,
                    "title": each.title.ru,
                    "form": each.form,
                    "required": each.required,
                }
                for each in self.fields
            ],
            "documents": [
                {
                    "document_type": each.document_type,
                    "title": each.title.ru,
                    "formats": list(each.formats),
                    "required": each.required,
                }
                for each in self.documents
            ],
        }
