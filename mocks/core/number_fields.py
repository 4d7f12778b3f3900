"""Numbers of people as fields of requests."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator

from world.identifiers import is_valid_snils

__all__ = ["Snils"]


def _snils(text: str) -> str:
    if not is_valid_snils(text):
        raise ValueError("ожидается 11 цифр с верным контрольным числом")
    return text


Snils: TypeAlias = Annotated[str, AfterValidator(_snils)]
"""11 digits with right check digits (ID-06)."""
