"""The schemas of the message exchange: served to clients, and asked about every message."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

from lxml import etree

from mocks.smev.errors import invalid_content

__all__ = ["FAULTS_SCHEMA", "SCHEMAS", "TYPES_SCHEMA", "validate"]

TYPES_SCHEMA: Final = "smev-message-exchange-types-1.2.xsd"
FAULTS_SCHEMA: Final = "smev-message-exchange-faults-1.2.xsd"

_FOLDER: Final = Path(__file__).parent / "schemas"
SCHEMAS: Final = {path.name: path.read_bytes() for path in sorted(_FOLDER.glob("*.xsd"))}
"""Texts of the schemas by the names under which they import each other."""

_MOST_ERRORS: Final = 10  # told of one message
_VALIDATING: Final = Lock()  # a schema keeps the errors of its last document


def validate(message: etree._Element) -> None:
    """Refuse a message that the schemas do not allow; content inside it is its own business.

    SmevError InvalidContent.
    """
    schema = _types_schema()
    with _VALIDATING:
        if schema.validate(message):
            return
        log = cast("Iterable[Any]", schema.error_log)  # which the stubs do not know
        errors = [str(entry.message) for entry in log][:_MOST_ERRORS]
    raise invalid_content(*errors)


@cache
def _types_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(_FOLDER / TYPES_SCHEMA))
