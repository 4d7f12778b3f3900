"""What each kind of licence or permit asks for: its documents, its longest term, its codes."""

from dataclasses import dataclass
from typing import Final

__all__ = ["Requirements", "requirements_of"]


@dataclass(frozen=True)
class Requirements:
    """Documents by code with what people read, the longest term in years (None: without a term),
    and the codes of activity and authority in a number; the codes are assumptions."""

    documents: dict[str, str]
    longest_years: int | None
    codes: tuple[str, str]


_CHARTER: Final = {"charter": "Учредительные документы"}
_EXPERTISE: Final = {"expertise_results": "Результаты экспертизы"}

_OTHER: Final = Requirements({**_CHARTER, **_EXPERTISE}, 5, ("099", "00199"))

_BY_KIND: Final[dict[str, Requirements]] = {
    "производство": Requirements(
        {
            **_CHARTER,
            "premises_right": "Документы о праве на помещения и оборудование",
            "staff_qualification": "Документы о квалификации работников",
            "state_duty": "Документ об уплате государственной пошлины",
        },
        None,
        ("035", "00110"),
    ),
    "строительство и реконструкция": Requirements(
        {
            **_CHARTER,
            "land_right": "Правоустанавливающие документы на земельный участок",
            "land_plan": "Градостроительный план земельного участка",
            "project": "Проектная документация",
            **_EXPERTISE,
        },
        10,
        ("051", "00120"),
    ),
    "соответствие и экология": Requirements(
        {
            **_CHARTER,
            "emissions": "Сведения о выбросах, сбросах и отходах",
            **_EXPERTISE,
        },
        7,
        ("020", "00130"),
    ),
    "опасные вещества": Requirements(
        {
            **_CHARTER,
            "liability_insurance": "Договор страхования ответственности владельца опасного объекта",
            "staff_attestation": "Документы об аттестации работников в области безопасности",
            **_EXPERTISE,
        },
        5,
        ("057", "00140"),
    ),
}
"""A licence has no term (99-ФЗ, art. 9, part 4) and takes charter, premises, staff and duty (art.
13, part 3); a building permit takes papers of Градостроительный кодекс, art. 51, part 7, an
ecological permit lasts 7 years (7-ФЗ, art. 31.1), an owner of a dangerous object is insured
(225-ФЗ). Charter and results of expertise are named in S2; the other terms are assumptions."""


def requirements_of(kind: str) -> Requirements:
    """What `kind` asks for; a kind that only a policy knows asks for what S2 names."""
    return _BY_KIND.get(kind, _OTHER)
