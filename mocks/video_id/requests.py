"""What the portal asks a service of video verification for."""

from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from mocks.core.number_fields import Snils
from mocks.core.person_match import NamedPerson
from mocks.core.register import Numbered

__all__ = ["LONGEST_AHEAD_DAYS", "Cancellation", "Claimed", "Moment", "SessionRequest"]

LONGEST_AHEAD_DAYS: Final = 14
"""How far ahead a conversation may be arranged; assumption."""


class Claimed(NamedPerson):
    """Who the applicant says to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    snils: Snils


class SessionRequest(Numbered):
    """A conversation with `person`, at once or at `starts_at`."""

    person: Claimed
    starts_at: AwareDatetime | None = None


class Moment(BaseModel):
    """Another time of a conversation."""

    model_config = ConfigDict(extra="forbid")

    starts_at: AwareDatetime


class Cancellation(BaseModel):
    """Why a conversation is called off."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=500)]
