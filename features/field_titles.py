"""Names of fields in the specs: what an analyst calls a field, and its name in a form."""

from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

__all__ = ["FIELDS", "UnknownField", "field_name"]

FIELDS: Final = MappingProxyType(
    {
        "вид заявителя": "kind",
        "наименование": "full_name",
        "ИНН": "inn",
        "ОГРН": "ogrn",
        "ОГРНИП": "ogrn",
        "КПП": "kpp",
        "юридический адрес": "legal_address",
        "уставный капитал": "capital",
        "дата основания": "founding_date",
        "телефон": "phone",
        "почта": "email",
        "банк": "bank",
        "БИК": "bik",
        "счёт": "account",
        "ФИО руководителя": "head_name",
        "дата рождения руководителя": "head_birth_date",
        "ИНН руководителя": "head_inn",
        "СНИЛС руководителя": "head_snils",
        "должность руководителя": "head_position",
        "дата назначения руководителя": "head_appointed",
        "телефон руководителя": "head_phone",
        "почта руководителя": "head_email",
        "серия паспорта": "passport_series",
        "номер паспорта": "passport_number",
        "паспорт выдан": "passport_issued",
        "кем выдан паспорт": "passport_issued_by",
        "ФИО контактного лица": "contact_name",
        "телефон контактного лица": "contact_phone",
        "условия приняты": "terms_accepted",
        "документы": "documents",
        "подписал": "signed_by",
        "ответ на запрос": "answer",
        "сайт": "site",
        "код": "code",
        "куда загружен": "context",
        "тип документа": "document_type",
        "имя файла": "file_name",
        "содержимое": "file_format",
        "мегабайт": "megabytes",
        "сверх того байт": "more_bytes",
        "заражён": "infected",
        "действует по": "valid_until",
        "ФИО нового руководителя": "full_name",
        "дата рождения нового руководителя": "birth_date",
        "должность": "position",
        "СНИЛС": "snils",
        "приказ": "documents.appointment_order",
        "сертификат": "certificate",
        "подпись": "signature",
        "согласие": "consent",
        "организация": "organization",
        "код филиала": "branch_code",
        "адрес филиала": "branch_address",
        "владелец": "owner",
        "роль": "role",
        "пароль": "password",
        "кого": "whom",
        "вместо кого": "former",
        "ФИО сотрудника": "full_name",
        "подразделение": "department",
        "код подразделения": "department_code",
        "трудовой договор": "employment",
        "приглашение": "invitation",
        "права": "rights",
        "название роли": "title",
        "заявки": "applications",
        "второе подтверждение": "second",
        "мера": "remedy",
        "риск": "risk",
        "ревизия": "review",
        "строка": "row",
        "заголовок": "header",
        "личный ИНН": "person_inn",
        "личный СНИЛС": "person_snils",
        "личный телефон": "person_phone",
        "личная почта": "person_email",
        "ФИО": "person_name",
        "дата рождения": "person_birth_date",
    }
)
"""Titles of fields; those with «личный» are the persona's own."""

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz_0123456789."


class UnknownField(LookupError):
    """Nothing has that title; the message names the nearest ones."""


def field_name(title: str) -> str:
    """The name of the field of that title; a name in Latin letters is its own. UnknownField."""
    if title in FIELDS:
        return FIELDS[title]
    if title and all(sign in _LATIN for sign in title):
        return title
    near = get_close_matches(title, FIELDS, n=3) or sorted(FIELDS)
    raise UnknownField(f"поля «{title}» нет; похожие: {', '.join(near)}")
