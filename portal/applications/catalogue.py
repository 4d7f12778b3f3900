"""The catalogue: every kind of application that the portal takes, as data.

Terms and prices that the rule book has no parameter for are assumptions.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.applications.kinds import ApplicationKind
from portal.rules.applications import DocumentSlot, FormField
from rulebook import Kind, Policy, Text

__all__ = ["KINDS", "offered"]

_APPLICANT: Final = (
    FormField(
        name="full_name",
        title=Text("Наименование", "Name"),
        known_as="full_name",
    ),
    FormField(name="inn", title=Text("ИНН", "INN"), form="inn", known_as="inn"),
    FormField(name="ogrn", title=Text("ОГРН", "OGRN"), form="ogrn", known_as="ogrn"),
)
"""Who applies: in every form."""

_CONTACTS: Final = (
    FormField(
        name="contact_name",
        title=Text("Контактное лицо", "Contact person"),
        form="name",
        known_as="contact_name",
    ),
    FormField(
        name="phone",
        title=Text("Телефон", "Phone"),
        form="phone",
        known_as="phone",
    ),
    FormField(name="email", title=Text("Почта", "Mail"), form="email", known_as="email"),
)

_ALL: Final = (
    ApplicationKind(
        id="appeal",
        title=Text("Обращение за разъяснением", "Appeal for an explanation"),
        category="appeal",
        agency="fns",
        fields=(
            *_APPLICANT,
            *_CONTACTS,
            FormField(name="subject", title=Text("Тема", "Subject")),
            FormField(name="text", title=Text("Текст обращения", "Text of the appeal")),
        ),
        documents=(
            DocumentSlot(
                document_type="attachment",
                title=Text("Приложение к форме", "Attachment"),
                formats=("pdf", "jpg", "png"),
                required=False,
            ),
        ),
        stage_days=10,
    ),
    ApplicationKind(
        id="register_change",
        title=Text("Изменение сведений в ЕГРЮЛ", "Change of the register's record"),
        category="registration",
        agency="egrul",
        fields=(
            *_APPLICANT,
            FormField(
                name="head_name",
                title=Text("Руководитель", "Head"),
                form="name",
                known_as="head_name",
            ),
            FormField(
                name="legal_address",
                title=Text("Юридический адрес", "Legal address"),
                known_as="legal_address",
            ),
            FormField(name="since", title=Text("С какого дня", "Since which day"), form="date"),
            FormField(name="change", title=Text("Что изменить", "What is to change")),
        ),
        documents=(
            DocumentSlot(document_type="charter", title=Text("Устав", "Charter")),
            DocumentSlot(
                document_type="other",
                title=Text("Решение о внесении изменений", "Decision on the change"),
                formats=("pdf", "docx"),
                required=False,
            ),
        ),
        stage_days=5,
        is_signed=True,
        applicants=("legal",),
    ),
    ApplicationKind(
        id="subsidy",
        title=Text("Субсидия субъекту МСП", "Subsidy to a small business"),
        category="support",
        agency="licensing",
        fields=(
            *_APPLICANT,
            *_CONTACTS,
            FormField(
                name="account",
                title=Text("Расчётный счёт", "Settlement account"),
                known_as="account",
            ),
            FormField(name="amount", title=Text("Сумма, ₽", "Amount, ₽"), form="amount"),
            FormField(name="purpose", title=Text("Цель", "Purpose")),
        ),
        documents=(
            DocumentSlot(
                document_type="report",
                title=Text("Отчёт о доходах", "Report of income"),
                formats=("xlsx", "pdf"),
            ),
            DocumentSlot(document_type="contract", title=Text("Договор", "Contract")),
        ),
        stage_days=15,
        is_signed=True,
    ),
    ApplicationKind(
        id="duplicate_certificate",
        title=Text("Дубликат свидетельства", "Duplicate of a certificate"),
        category="registration",
        agency="fns",
        fields=(
            *_APPLICANT,
            FormField(name="reason", title=Text("Причина", "Reason")),
        ),
        stage_days=5,
        price_kopecks=30_000,
    ),
)

KINDS: Final[Mapping[str, ApplicationKind]] = MappingProxyType({each.id: each for each in _ALL})
"""Kinds of applications by id."""


def offered(kind_id: str, applicant: Kind, policy: Policy) -> ApplicationKind | None:
    """The kind of that id, if an organization of kind `applicant` can apply for it; otherwise
    None."""
    kind = KINDS.get(kind_id)
    return kind if kind is not None and kind.is_offered(applicant, policy) else None
