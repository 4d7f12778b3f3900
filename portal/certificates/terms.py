"""What happens to a bound certificate with time: reminders before its end, the end itself (CERT-11,
CERT-12)."""

import datetime as dt
from dataclasses import replace
from typing import Final

from portal.certificates.bound_certificate import CERTIFICATE_STATES, BoundCertificate
from portal.certificates.letters import tell
from portal.events import Event, publish
from portal.rules import certificates
from portal.rules.certificate_claims import CabinetCertificate, Reminded
from portal.tasks import Task, schedule
from portal.use_case import Context, task

__all__ = ["plan_terms"]

# Certificates are valid to the end of a whole second.
_AFTER: Final = dt.timedelta(seconds=1)


def plan_terms(context: Context, certificate: BoundCertificate) -> None:
    """Plan the reminders of a certificate that has just been bound, and its end."""
    moments = certificates.due_reminders(
        certificate.not_after, certificate.bound_at, context.policy
    )
    for days, moment in moments.items():
        schedule(context.unit, "remind_certificate", certificate.id, moment, part=str(days))
    end = certificate.not_after + _AFTER
    schedule(context.unit, "expire_certificate", certificate.id, end)


@task
def remind_certificate(context: Context, planned: Task) -> None:
    """Tell that a certificate ends soon: once for all reminders that are owed by now."""
    certificate = context.unit.get(BoundCertificate, planned.subject)
    if certificate is None or certificate.state not in ("bound", "active"):
        return
    claim = Reminded(
        not_after=certificate.not_after,
        bound_at=certificate.bound_at,
        now=context.now,
        sent=certificate.reminded,
    )
    owed = certificates.owed_reminders(claim, context.policy)
    if not owed:
        return
    context.unit.put(replace(certificate, reminded=(*certificate.reminded, *owed)))
    occasion = f"reminder/{min(owed)}"
    tell(context, certificate, certificates.reminded.id, occasion)
    ends = certificate.not_after.astimezone(context.now.tzinfo)
    publish(
        context,
        Event(
            id=f"certificate/{certificate.id}/{occasion}",
            organization=certificate.organization,
            kind="deadline",
            subject=certificate.id,
            title=f"Срок подписи: сертификат «{certificate.common_name}»",
            text=f"Действует до {ends:%d.%m.%Y %H:%M}",
            details={"kind": "signature", "due": certificate.not_after.isoformat()},
            at=context.now,
        ),
    )


@task
def expire_certificate(context: Context, planned: Task) -> None:
    """A certificate has ended: sign-in by signature and signing with it are closed."""
    certificate = context.unit.get(BoundCertificate, planned.subject)
    if certificate is None or not CERTIFICATE_STATES.allows(certificate.state, "expire"):
        return
    claim = CabinetCertificate(not_after=certificate.not_after, at=context.now)
    if certificates.not_expired_since(claim, context.policy):
        state = CERTIFICATE_STATES.after(certificate.state, "expire")
        context.unit.put(replace(certificate, state=state))
        context.note(
            "expire_certificate", certificate.organization, state, certificate=certificate.id
        )
        tell(context, certificate, certificates.not_expired_since.id, "expired")
