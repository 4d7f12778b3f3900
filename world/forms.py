"""What people of the country put into the portal's forms, as JSON has it: the names of fields are
those of the portal's use cases."""

import base64
import datetime as dt
from dataclasses import asdict
from typing import Any

from world.documents import Document, printed_date
from world.file_formats import file_content
from world.filings import Filing
from world.records import Person

__all__ = ["application_form", "identity_form", "passport_scan", "sign_up_form", "upload_form"]


def sign_up_form(person: Person, password: str) -> dict[str, Any]:
    """A new account (`sign_up`)."""
    return {
        "name": str(person.name),
        "birth_date": printed_date(person.birth_date),
        "inn": person.inn,
        "phone": person.phone,
        "email": person.email,
        "password": password,
    }


def identity_form(person: Person, scan: str) -> dict[str, Any]:
    """The passport and the СНИЛС (`confirm_identity`); `scan` is the uploaded document's id."""
    passport = person.passport
    return {
        "way": "sms_code",
        "snils": person.snils,
        "passport_series": passport.series,
        "passport_number": passport.number,
        "passport_issued": printed_date(passport.issued),
        "passport_issued_by": passport.issued_by,
        "passport_scan": scan,
    }


def passport_scan(person: Person) -> dict[str, Any]:
    """The scan of the passport's main page (`upload_document`)."""
    content = file_content("jpg", (str(person.name), person.passport.number))
    return _upload("form", "passport", "Паспорт.jpg", content, None)


def upload_form(document: Document) -> dict[str, Any]:
    """A document that goes with an application (`upload_document`)."""
    return _upload(
        "registration", document.kind, document.file_name, document.content, document.valid_until
    )


def application_form(filing: Filing) -> dict[str, Any]:
    """The application as it was typed (`register_organization`), without documents and
    signature."""
    return {"kind": filing.kind, **asdict(filing.form)}


def _upload(
    context: str, kind: str, file_name: str, content: bytes, valid_until: dt.date | None
) -> dict[str, Any]:
    return {
        "context": context,
        "document_type": kind,
        "file_name": file_name,
        "content": base64.b64encode(content).decode(),
        "valid_until": valid_until and valid_until.isoformat(),
    }
