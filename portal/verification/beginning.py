"""A round of verification begins: the signed set is compared with the register within minutes
(VER-08), then the data go to both agencies."""

import datetime as dt
from dataclasses import replace
from typing import Final

from portal.accounts.account import Account
from portal.documents.made_document import keep_made_document
from portal.documents.stored_document import StoredDocument
from portal.organizations.membership import membership_of
from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.ports.registers import RegisterRecord
from portal.registration.application_check import comparison_violations
from portal.registration.authority import authority_is_confirmed
from portal.registration.registration import Registration, differences_of
from portal.rules import registration as rules
from portal.rules.registration import Authority, AuthorityPaper
from portal.rules.rule import Violation
from portal.tasks import Task, schedule
from portal.use_case import Context, task
from portal.verification.agencies import send_to_agencies
from portal.verification.notices import tell_applicant, tell_person_in_charge
from portal.verification.verification import Verification

__all__ = ["begin_round", "compare_with_register"]

_SCAN_PAUSE: Final = dt.timedelta(minutes=1)  # until the antivirus has seen every document


def begin_round(context: Context, registration: Registration, verification: Verification) -> None:
    """Plan the comparison of what has just been submitted (VER-08)."""
    context.unit.put(registration)
    context.unit.put(verification)
    shortest_min, _ = context.policy.range("VER-08.fast_path_min")
    due = context.now + dt.timedelta(minutes=shortest_min)
    schedule(
        context.unit,
        "compare_with_register",
        registration.id,
        due,
        {"round": str(verification.round)},
    )


@task
def compare_with_register(context: Context, planned: Task) -> None:
    """Compare a signed set with the register: a confirming document, or a query to the applicant.

    A silent register is waited for (VER-09).
    """
    found = context.unit.get(Registration, planned.subject)
    verification = context.unit.get(Verification, planned.subject)
    organization = context.unit.get(Organization, planned.subject)
    if found is None or verification is None or organization is None:
        return
    if str(verification.round) != planned.details["round"]:
        return
    papers = [context.unit.get(StoredDocument, each) for each in found.documents]
    if any(each is not None and each.status == "scanning" for each in papers):
        schedule(
            context.unit,
            planned.name,
            planned.subject,
            context.now + _SCAN_PAUSE,
            planned.details,
        )
        return
    record = context.portal.ports.registers.find(organization.kind, organization.requisites.ogrn)
    differences = _differences(context, found, record, [each for each in papers if each])
    compared = replace(
        found,
        compared_at=context.now,
        registered=None if record is None else record.registered,
        differences=differences_of(differences),
    )
    if differences:
        _ask(context, compared, organization, verification)
        return
    if record is not None:
        _head_is_known(context, found, record)
    _confirm(context, compared, verification)


def _differences(
    context: Context,
    found: Registration,
    record: RegisterRecord | None,
    papers: list[StoredDocument],
) -> list[Violation]:
    form = found.application
    differences = list(comparison_violations(form, record, context.policy))
    applicant = context.unit.get(Account, found.account)
    authority = Authority(
        applicant_inn="" if applicant is None else applicant.inn,
        head_inn=None if record is None else record.head_inn,
        papers=[
            AuthorityPaper(kind=each.document_type, valid_until=each.valid_until)
            for each in papers
            if each.document_type in rules.AUTHORITY_PAPERS and each.status == "ready"
        ],
        on=context.now.date(),
        confirmed_by_code=authority_is_confirmed(context, found.account, form.ogrn),
    )
    differences += rules.representative_may(authority, context.policy)
    return differences


def _ask(
    context: Context, found: Registration, organization: Organization, verification: Verification
) -> None:
    context.unit.put(found)
    state = ORGANIZATION_STATES.after(organization.state, "remark")
    context.unit.put(replace(organization, state=state))
    context.note("compare_with_register", found.id, "differs")
    fields = ", ".join(dict.fromkeys(each.field for each in found.differences))
    message = context.portal.book.rules["VER-10"].message.ru
    letter_id = f"query/{found.id}/{verification.round}"
    tell_person_in_charge(context, found, letter_id, f"{message} Расхождения: {fields}.")


def _head_is_known(context: Context, found: Registration, record: RegisterRecord) -> None:
    """Whoever has filed while the register was silent leads the organization if it names them."""
    if not found.shows_when_compared:
        return
    applicant = context.unit.get(Account, found.account)
    member = membership_of(context, found.account, found.id)
    if applicant is None or member is None or member.role != "rep":
        return
    if applicant.inn == record.head_inn:
        context.unit.put(replace(member, role="head"))


def _confirm(context: Context, found: Registration, verification: Verification) -> None:
    organization = found.application.full_name
    document = keep_made_document(
        context,
        owner=found.account,
        organization=found.id,
        document_type="registration_confirmation",
        lines=(
            "Регистрация подтверждена",
            organization,
            f"ОГРН {found.application.ogrn}",
            f"Сведения сверены с реестром {context.now:%d.%m.%Y %H:%M}",
        ),
    )
    context.unit.put(replace(found, confirmation=document.id))
    context.note("compare_with_register", found.id, "confirmed")
    letter_id = f"confirmed/{found.id}/{verification.round}"
    text = f"Регистрация подтверждена: {organization}. Документ — в разделе «Документы»."
    tell_applicant(context, found, letter_id, text)
    send_to_agencies(context, verification)
