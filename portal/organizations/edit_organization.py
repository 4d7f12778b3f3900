"""An organization's profile: what it shows, and what of it is the organization's own to change."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from portal.noted_refusal import noted_refusal
from portal.organizations.admission import in_organization
from portal.organizations.form_check import FormFields, form_violations
from portal.organizations.organization import Organization, Requisites
from portal.organizations.versions import change_organization
from portal.ports.registers import RegisterRecord
from portal.registration.corporate_email import email_is_confirmed
from portal.rules import binding, registration
from portal.rules.binding_claims import RequisitesCheck
from portal.rules.registration import Application, Compared, CorporateEmail
from portal.rules.rights import EDIT_ORGANIZATION
from portal.rules.rule import Violation, every
from portal.use_case import CHANGED, Context, Outcome, refused, use_case, view

__all__ = [
    "OWN",
    "ProfileEdit",
    "ProfileQuery",
    "edit_organization",
    "edited_elsewhere",
    "organization_profile",
    "unfit_profile",
]

_EDITABLE: Final = frozenset({"verified", "active"})  # before, it is resubmitted for the checks
_BANK: Final = ("bik", "account", "bank")
_OF_REGISTER: Final = ("full_name", "inn", "ogrn", "legal_address")
OWN: Final = (
    *("phone", "email", *_BANK, "contact_name", "contact_phone"),
    *("actual_address", "site"),
)
"""Fields of the profile that no register holds."""


@dataclass(frozen=True, kw_only=True)
class ProfileQuery:
    """The organization whose profile is wanted."""

    organization: str


@dataclass(frozen=True, kw_only=True)
class ProfileEdit:
    """Fields as they are to be, of the profile that was read with that `version`; those that are
    left out stay. What registers hold may only be what they say."""

    organization: str
    version: int
    phone: str | None = None
    email: str | None = None
    bank: str | None = None
    bik: str | None = None
    account: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    actual_address: str | None = None
    site: str | None = None
    full_name: str | None = None
    inn: str | None = None
    ogrn: str | None = None
    legal_address: str | None = None


@view(ProfileQuery)
@in_organization()
def organization_profile(context: Context, query: ProfileQuery, found: Organization) -> Outcome:
    """Requisites and settings, with the version that an edit has to name."""
    return Outcome(
        state=found.state,
        data={
            "organization": found.id,
            "version": found.version,
            "kind": found.kind,
            "tier": found.tier,
            "services": list(found.services),
            **asdict(found.requisites),
        },
    )


@use_case(ProfileEdit)
@in_organization(EDIT_ORGANIZATION)
def edit_organization(context: Context, form: ProfileEdit, found: Organization) -> Outcome:
    """Change the profile, if nobody has since it was read, and no rule is broken."""
    act = "edit_organization"
    elsewhere = edited_elsewhere(found, form.version)
    if elsewhere is not None:
        return elsewhere
    named = {name: getattr(form, name) for name in (*OWN, *_OF_REGISTER)}
    requisites = replace(
        found.requisites, **{name: text for name, text in named.items() if text is not None}
    )
    violations = unfit_profile(context, found, requisites)
    if violations:
        return noted_refusal(context, found.id, refused(violations))
    changed = list(_differing(found.requisites, requisites))
    if changed:
        change_organization(context, found, replace(found, requisites=requisites), act)
        context.note(act, found.id, "edited", fields=changed, version=found.version + 1)
    version = found.version + bool(changed)
    return Outcome(state="edited", data={"organization": found.id, "version": version})


def edited_elsewhere(organization: Organization, version: int) -> Outcome | None:
    """Why an edit of that version is not taken: others were first, or it is not the time for it."""
    if organization.state not in _EDITABLE:
        return Outcome(state=organization.state, refusal="state")
    if organization.version != version:
        return Outcome(state=CHANGED, refusal="state", data={"version": organization.version})
    return None


def unfit_profile(
    context: Context, organization: Organization, requisites: Requisites
) -> tuple[Violation, ...]:
    """What stands against `requisites` in place of those of the organization (ID, REG-02, REG-03,
    REG-13, BND-14, BND-16); Unavailable."""
    edited = _differing(organization.requisites, requisites)
    return tuple(every(_checks(context, organization, requisites, edited)))


# --- inside ---------------------------------------------------------------------------------------


def _differing(before: Requisites, after: Requisites) -> dict[str, str]:
    """The fields that are to be others, as they are to be."""
    known = asdict(before)
    return {name: text or "" for name, text in asdict(after).items() if text != known[name]}


def _checks(
    context: Context, organization: Organization, after: Requisites, edited: Mapping[str, str]
) -> Iterator[tuple[Violation, ...]]:
    policy = context.policy
    misspelt = form_violations(_typed(organization, after, edited), policy)
    wrong = {each.field for each in misspelt}
    yield tuple(misspelt)
    application = _application(organization, after)
    missing = binding.full_set(application, policy)
    yield tuple(each for each in missing if each.field in edited)
    if organization.kind == "legal" and "email" in edited.keys() - wrong:
        email = edited["email"]
        confirmed = email_is_confirmed(context, context.actor.account or "", email)
        yield registration.corporate_email(CorporateEmail(email=email, confirmed=confirmed), policy)
    record = None
    if edited.keys() & {*_OF_REGISTER}:
        record = _record(context, organization)
        compared = Compared(application=application, record=record)
        yield registration.one_record(compared, policy)
        yield registration.literal_name(compared, policy)
    is_new_account = edited.keys() & {"bik", "account"} and not wrong & {"bik", "account"}
    claim = RequisitesCheck(
        account_is_known=_is_known(context, organization, after) if is_new_account else None,
        address=edited.get("legal_address"),
        register_address=None if record is None else record.address,
    )
    yield binding.account_and_address(claim, policy)


def _record(context: Context, organization: Organization) -> RegisterRecord | None:
    """What the register says of it; Unavailable."""
    number = organization.requisites.ogrn
    return context.portal.ports.registers.find(organization.kind, number)


def _is_known(context: Context, organization: Organization, after: Requisites) -> bool | None:
    """Whether ФНС knows the settlement account as the organization's (None: there is none);
    Unavailable."""
    if not (after.bik and after.account):
        return None
    inn = organization.requisites.inn
    return context.portal.ports.fns.check_account(inn, after.bik, after.account)


def _typed(organization: Organization, after: Requisites, edited: Mapping[str, str]) -> FormFields:
    """What is typed anew; the parts of bank details fit one another or not together."""
    checked = {*edited} | ({*_BANK} if edited.keys() & {*_BANK} else set())
    known = [each.name for each in fields(FormFields) if each.name in checked]
    typed = {name: getattr(after, name) or "" for name in known if name != "kind"}
    return FormFields(kind=organization.kind, **typed)


def _application(organization: Organization, requisites: Requisites) -> Application:
    """The profile as rules take it; of a person it has only what it keeps."""
    known = {name: text or "" for name, text in asdict(requisites).items()}
    given = {
        each.name: known.get(each.name, "")
        for each in fields(Application)
        if each.name not in ("kind", "terms_accepted")
    }
    return Application(kind=organization.kind, terms_accepted=True, **given)
