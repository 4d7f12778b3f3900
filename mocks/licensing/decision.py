"""The decision on an application, by what the registries say on that day."""

from mocks.case_work.applicants import in_force, standing_of
from mocks.licence_registry.licences import Licence
from mocks.licensing.applications import Application
from world.records import Organization, Person

__all__ = ["reasons_to_refuse"]


def reasons_to_refuse(
    application: Application, organization: Organization, head: Person, licences: list[Licence]
) -> list[dict[str, str]]:
    """Every reason why the licence cannot be granted, none if it can (99-ФЗ, art. 14, part 7:
    untrue data, or requirements that are not met)."""
    reasons = []
    if not in_force(organization):
        text = f"Организация {standing_of(organization)}"
        reasons.append(("organization_not_active", text))
    if organization.standing == "unreliable":
        reasons.append(("address_unreliable", "Сведения об адресе в реестре недостоверны"))
    if application.head_name.casefold() != str(head.name).casefold():
        text = "Руководитель в заявлении не тот, что в реестре"
        reasons.append(("head_mismatch", text))
    if application.activity not in organization.okved:
        text = f"Вид деятельности {application.activity} за организацией не зарегистрирован"
        reasons.append(("activity_not_registered", text))
    reasons.extend(_about_licences(application, licences))
    return [{"code": code, "text": text} for code, text in reasons]


def _about_licences(application: Application, licences: list[Licence]) -> list[tuple[str, str]]:
    if application.renews is None:
        same = (application.kind, application.activity)
        held = [one for one in licences if one.in_force and (one.kind, one.activity) == same]
        return [("already_licensed", f"Уже есть лицензия {one.number}") for one in held]
    renewed = next((one for one in licences if one.serial == application.renews), None)
    if renewed is None or renewed.kind != application.kind:
        return [("no_such_licence", "Продлеваемой лицензии этого вида у организации нет")]
    if renewed.state != "active":
        return [("licence_not_active", f"Лицензия {renewed.number} не действует")]
    until, asked = renewed.valid_until, application.valid_until
    if until is None or asked is None or asked <= until:
        return [("term_not_longer", "Новый срок действия не позже прежнего")]
    return []
