"""What somebody was told, and what did not arrive: seen, and sent again (NTF-04)."""

from dataclasses import dataclass

from portal.listed import latest_part
from portal.notifications.changing import own_settings
from portal.notifications.delivery import send_notices
from portal.notifications.notice import NOTICE_STATES, Notice
from portal.organizations.admission import in_organization
from portal.organizations.organization import Organization
from portal.rules.notifications import NoticeOnItsWay, notice_is_delivered
from portal.rules.rights import NOTIFICATION_SETTINGS
from portal.use_case import Context, Outcome, refused, use_case, view

__all__ = ["NoticeForm", "NoticesQuery", "notifications", "resend_notification"]


@dataclass(frozen=True, kw_only=True)
class NoticesQuery:
    """One's own notices about an organization; those in a state (waiting, going, delivered,
    undelivered) if one is named."""

    organization: str
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeForm:
    """A notice that did not arrive."""

    organization: str
    notice: str


@view(NoticesQuery, in_parts=True)
@in_organization(NOTIFICATION_SETTINGS)
def notifications(context: Context, query: NoticesQuery, found: Organization) -> Outcome:
    """Notices, the latest first; NTF-04 names each shown that went by no channel."""
    settings = own_settings(context, found)
    if settings is None or query.state not in ("", *NOTICE_STATES.titles):
        return Outcome(state="shown", data={"items": []})
    if query.state:
        group = f"{settings.id}/{query.state}"
        items, following = latest_part(context, Notice, "listed_in_state", group)
    else:
        items, following = latest_part(context, Notice, "listed", settings.id)
    violations = [
        violation
        for place, each in enumerate(items)
        for violation in notice_is_delivered(_claim(each, f"items.{place}"), context.policy)
    ]
    shown = [each.shown() for each in items]
    return Outcome(
        state="shown",
        data={"items": shown},
        violations=tuple(violations),
        following=following,
    )


@use_case(NoticeForm)
@in_organization(NOTIFICATION_SETTINGS)
def resend_notification(context: Context, form: NoticeForm, found: Organization) -> Outcome:
    """Send what did not arrive once more, by every channel there is now."""
    settings = own_settings(context, found)
    notice = context.unit.get(Notice, form.notice)
    if settings is None or notice is None or notice.settings != settings.id:
        return Outcome(state="absent", refusal="absent")
    if notice.state != "undelivered":
        return Outcome(state=notice.state, refusal="state")
    send_notices(context, settings, [notice])
    sent = context.unit.get(Notice, notice.id) or notice
    context.note("resend_notification", found.id, sent.state, event=sent.event)
    violations = notice_is_delivered(_claim(sent), context.policy)
    if violations:
        return refused(violations, "state", sent.state)
    return Outcome(state=sent.state, data=sent.shown())


def _claim(notice: Notice, field: str = "") -> NoticeOnItsWay:
    return NoticeOnItsWay(
        title=notice.title, was_given_up=notice.state == "undelivered", field=field
    )
