"""Bodies of requests to the bank."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mocks.accounts.cards import CardNumber
from mocks.accounts.ledger import AccountState
from world.identifiers import is_valid_bik, is_valid_legal_inn, is_valid_person_inn

__all__ = ["AccountChange", "AccountCheck", "CardCheck", "HeldAmount"]


def _inn(text: str) -> str:
    if not is_valid_legal_inn(text) and not is_valid_person_inn(text):
        raise ValueError("ожидается ИНН из 10 или 12 цифр с верным контрольным числом")
    return text


def _bik(text: str) -> str:
    if not is_valid_bik(text):
        raise ValueError("ожидается БИК из 9 цифр")
    return text


class AccountCheck(BaseModel):
    """Whose account it is said to be."""

    model_config = ConfigDict(extra="forbid")

    inn: Annotated[str, AfterValidator(_inn)]
    bik: Annotated[str, AfterValidator(_bik)]
    account: Annotated[str, Field(pattern=r"^[0-9]{20}$")]


class CardCheck(BaseModel):
    """A card, and whose it is said to be."""

    model_config = ConfigDict(extra="forbid")

    inn: Annotated[str, AfterValidator(_inn)]
    number: CardNumber
    expiry_month: Annotated[int, Field(ge=1, le=12)]
    expiry_year: Annotated[int, Field(ge=2000, le=2099)]
    csc: Annotated[str, Field(pattern=r"^[0-9]{3}$")]


class HeldAmount(BaseModel):
    """The sum that the holder sees on the account."""

    model_config = ConfigDict(extra="forbid")

    kopecks: Annotated[int, Field(ge=1, le=10**9, strict=True)]


class AccountChange(BaseModel):
    """What the bank's staff do with an account."""

    model_config = ConfigDict(extra="forbid")

    state: AccountState
