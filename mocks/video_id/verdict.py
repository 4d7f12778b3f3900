"""What an operator concludes from what the camera shows and what the registries say."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from mocks.core.passport_restrictions import RESTRICTIONS
from mocks.core.person_match import differing
from mocks.core.records import Records
from mocks.video_id.requests import Claimed

__all__ = ["Refused", "Shown", "conclusion"]

Liveness: TypeAlias = Literal["live", "photo", "replay", "mask"]

_SPOOFS: Final[dict[Liveness, str]] = {
    "photo": "Перед камерой фотография, а не человек",
    "replay": "Показана запись, а не человек перед камерой",
    "mask": "Лицо закрыто или подменено",
}


class Shown(BaseModel):
    """What the camera sees: whose face (`face`, СНИЛС of the person who sits there), whether it is
    a living one, and the passport that is held up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    face: Annotated[str, Field(pattern=r"^[0-9]{11}$")]
    liveness: Liveness = "live"
    passport_series: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    passport_number: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the identity is not confirmed; `fields` of the claim that differ from the records."""

    code: str
    message: str
    fields: tuple[str, ...] = ()


def conclusion(claimed: Claimed, shown: Shown, records: Records) -> Refused | None:
    """The first reason to refuse (ACC-08 names those of a passport); None confirms the identity."""
    if shown.liveness != "live":
        return Refused("liveness_failed", _SPOOFS[shown.liveness])
    holder = records.person_by_passport(shown.passport_series, shown.passport_number)
    if holder is None:
        return Refused("document_not_found", "Паспорт с такими серией и номером не выдавался")
    restriction = holder.passport.restriction
    if restriction is not None:
        return Refused(f"document_{restriction}", RESTRICTIONS[restriction])
    if holder.snils != shown.face:
        return Refused("face_mismatch", "Лицо не похоже на фотографию в паспорте")
    wrong = differing(claimed, holder)
    if claimed.snils != holder.snils:
        wrong.append("snils")
    if wrong:
        message = "Заявленные сведения расходятся с паспортом"
        return Refused("data_mismatch", message, tuple(wrong))
    return None
