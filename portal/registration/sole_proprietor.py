"""A sole proprietor's cabinet is open as soon as the register has agreed (REG-09)."""

from dataclasses import replace

from portal.organizations.organization import ORGANIZATION_STATES, Organization
from portal.registration.application_check import comparison_violations
from portal.registration.registration import Registration, differences_of
from portal.tasks import Task, schedule
from portal.use_case import Context, task
from portal.verification.notices import tell_applicant

__all__ = ["open_cabinet", "open_or_wait"]


def open_or_wait(
    context: Context, found: Registration, organization: Organization, *, silent: bool
) -> Organization:
    """Open the cabinet now, or once the register answers (VER-09)."""
    if not silent:
        return _opened(context, found, organization)
    context.unit.put(found)
    schedule(context.unit, "open_cabinet", organization.id, context.now)
    return context.unit.put(organization)


@task
def open_cabinet(context: Context, planned: Task) -> None:
    """Compare an application that was filed while the register was silent; Unavailable plans it
    again."""
    found = context.unit.get(Registration, planned.subject)
    organization = context.unit.get(Organization, planned.subject)
    if found is None or organization is None or organization.state != "registered":
        return
    form = found.application
    record = context.portal.ports.registers.find(form.kind, form.ogrn)
    violations = tuple(comparison_violations(form, record, context.policy))
    if not violations:
        _opened(context, found, organization)
        return
    context.unit.put(
        replace(found, differences=differences_of(violations), compared_at=context.now)
    )
    state = ORGANIZATION_STATES.after(organization.state, "remark")
    context.unit.put(replace(organization, state=state))
    context.note("open_cabinet", organization.id, "differs")
    message = context.portal.book.rules["REG-09"].message.ru
    tell_applicant(context, found, f"differs/{found.id}/{context.now:%Y%m%d%H%M%S}", message)


def _opened(context: Context, found: Registration, organization: Organization) -> Organization:
    context.unit.put(replace(found, compared_at=context.now, differences=()))
    opened = replace(
        organization,
        state=ORGANIZATION_STATES.after(organization.state, "open"),
        owner=found.account,
        activated_at=context.now,
    )
    context.note("open_cabinet", organization.id, opened.state)
    text = f"Кабинет открыт: {found.application.full_name}."
    tell_applicant(context, found, f"opened/{found.id}", text)
    return context.unit.put(opened)
