"""Comparing a named person with a register's record of whoever has the number."""

import datetime as dt
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from world.records import Person

__all__ = ["NamePart", "NamedPerson", "differing", "same_text", "verdict"]

NamePart: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]


class NamedPerson(BaseModel):
    """Who is asked about: full name (ID-13) and birth date."""

    model_config = ConfigDict(extra="forbid")

    last_name: NamePart
    first_name: NamePart
    patronymic: NamePart | None = None
    birth_date: dt.date


def same_text(one: str, other: str) -> bool:
    """Whether registers take two texts for the same: case, spaces between words and «ё» do not
    count."""
    return _plain(one) == _plain(other)


def differing(asked: NamedPerson, holder: Person) -> list[str]:
    """Names of the fields of `asked` that are not the holder's."""
    same = {
        "last_name": same_text(asked.last_name, holder.name.last),
        "first_name": same_text(asked.first_name, holder.name.first),
        "patronymic": same_text(asked.patronymic or "", holder.name.patronymic or ""),
        "birth_date": asked.birth_date == holder.birth_date,
    }
    return [name for name, agrees in same.items() if not agrees]


def verdict(
    asked: NamedPerson, holder: Person | None, nobodys: str, confirmed: str
) -> dict[str, Any]:
    """What a register answers about `asked` and the holder of a number (None: it is `nobodys`);
    `fields` are those that are not the holder's."""
    if holder is None:
        return {"result": "not_found", "message": nobodys}
    wrong = differing(asked, holder)
    if wrong:
        return {"result": "mismatch", "message": "Сведения о лице не совпадают", "fields": wrong}
    return {"result": "match", "message": confirmed}


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())
