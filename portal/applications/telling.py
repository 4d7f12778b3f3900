"""What subscribers hear of applications (NTF-01)."""

from portal.applications.application import Application
from portal.events import Event, EventKind, publish
from portal.use_case import Context

__all__ = ["tell"]


def tell(
    context: Context,
    application: Application,
    headline: str,
    text: str,
    *,
    part: str = "",
    kind: EventKind = "application",
) -> None:
    """Publish that something has happened to an application in its present step, once for each
    `part` of it. A rejection is critical."""
    step = f"application/{application.id}/{len(application.steps)}"
    publish(
        context,
        Event(
            id=f"{step}/{part}" if part else step,
            organization=application.organization,
            kind=kind,
            agency=application.of_kind.agency,
            subject=application.id,
            title=f"{application.title}: {headline}",
            text=text,
            details={
                "number": application.number,
                "kind": application.kind,
                "state": application.state,
            },
            is_critical=application.state == "rejected" and not part,
            at=context.now,
        ),
    )
