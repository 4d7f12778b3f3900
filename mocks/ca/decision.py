"""Why a certificate cannot be issued, by what the registries say on the day of the check."""

from mocks.ca.applications import Issue
from mocks.case_work.applicants import in_force, standing_of
from mocks.core.passport_restrictions import RESTRICTIONS
from mocks.core.person_match import same_text
from world.records import Organization, Person

__all__ = ["reasons_to_refuse"]


def reasons_to_refuse(
    issue: Issue, organization: Organization | None, head: Person | None, signer: Person | None
) -> list[dict[str, str]]:
    """Every reason, none if it can be (63-ФЗ, art. 18: the authority asks the registries)."""
    reasons = []
    if organization is None or not in_force(organization):
        reasons.append(("organization_not_active", f"Организация {standing_of(organization)}"))
    if head is None or not same_text(issue.head_name, str(head.name)):
        text = "Руководитель в заявке не тот, что в реестре"
        reasons.append(("head_mismatch", text))
    elif issue.head_snils != head.snils:
        reasons.append(("head_snils_mismatch", "СНИЛС руководителя не тот, что в реестре"))
    if signer is None:
        text = f"СНИЛС {issue.representative} никому не выдан"
        reasons.append(("no_such_representative", text))
    elif signer.passport.restriction is not None:
        text = f"Представитель: {RESTRICTIONS[signer.passport.restriction]}"
        reasons.append(("passport_restricted", text))
    return [{"code": code, "text": text} for code, text in reasons]
