"""Browser, computer and distribution are checked before anything goes wrong (ENV-01 to ENV-03)."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import Base64Bytes

from portal.certificates.signature_check import status_now
from portal.ports.signatures import WrongSignature
from portal.rules.workplace import (
    Distribution,
    Workplace,
    distribution_is_genuine,
    workplace_is_fit,
)
from portal.use_case import Context, Outcome, refused, use_case, view
from portal.workplace.browsers import browser_of, unfit_browser
from rulebook import Text

__all__ = [
    "BrowserQuery",
    "CheckedDistribution",
    "CheckedWorkplace",
    "browser",
    "check_distribution",
    "check_workplace",
]

OFFICIAL_SITES: Final = frozenset({"portal.test", "www.portal.test"})
"""Where the portal publishes its client program (an assumption: names of a stand)."""
PUBLISHER: Final = "POLIGON"
"""Whom its signature is of: the portal's information system."""


@dataclass(frozen=True, kw_only=True)
class BrowserQuery:
    """What a page has found switched on in the browser that asks, and whether it is to sign."""

    cookies: bool = True
    javascript: bool = True
    signs: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckedWorkplace:
    """What the client program has found: «Windows» with «10» or «11», «macOS» with its version,
    «Linux» with «deb» or «rpm»; the processor's kind and gigahertz, memory in gigabytes, free disk
    in megabytes; whether the portal was reached over HTTPS, through a proxy or VPN as well."""

    system: str
    release: str
    cpu: str
    cpu_ghz: float
    ram_gb: float
    disk_mb: float
    https: bool


@dataclass(frozen=True, kw_only=True)
class CheckedDistribution:
    """An installer's file, its detached signature (CMS), and the address that it came from."""

    content: Base64Bytes
    signature: Base64Bytes
    source: str


@view(BrowserQuery, signed_in=False, during_maintenance=True)
def browser(context: Context, query: BrowserQuery) -> Outcome:
    """Whether the browser that asks can work with the portal, and why not (ENV-01). A program that
    is no browser has no name."""
    device = context.actor.device
    found = browser_of(device)
    violations = unfit_browser(
        device,
        context.policy,
        signs=query.signs,
        cookies=query.cookies,
        javascript=query.javascript,
    )
    if violations:
        return refused(violations)
    shown = {"name": found.name, "version": str(found.version)} if found else {}
    return Outcome(state="fits", data={"browser": shown})


@use_case(CheckedWorkplace, signed_in=False)
def check_workplace(context: Context, form: CheckedWorkplace) -> Outcome:
    """Name everything that the client program lacks on a computer (ENV-02)."""
    claim = Workplace(
        system=form.system,
        release=form.release,
        cpu=form.cpu,
        cpu_ghz=form.cpu_ghz,
        ram_gb=form.ram_gb,
        disk_mb=form.disk_mb,
        https=form.https,
    )
    violations = workplace_is_fit(claim, context.policy)
    return refused(violations) if violations else Outcome(state="fits")


@use_case(CheckedDistribution, signed_in=False, remembered=False)
def check_distribution(context: Context, form: CheckedDistribution) -> Outcome:
    """Say whether an installer may be run: where it comes from, and whose signature it has
    (ENV-03); «later» while nothing is known of the publisher's certificate."""
    signed, by_publisher, why = True, False, None
    try:
        facts = context.portal.ports.signatures.verify(form.signature, form.content).certificate
    except WrongSignature as wrong:
        signed, why = False, Text(str(wrong), f"the signature does not fit ({wrong.code})")
    else:
        by_publisher = facts.common_name == PUBLISHER and status_now(context, facts) == "good"
    claim = Distribution(
        official_site=_is_official(form.source),
        signed=signed,
        by_publisher=by_publisher,
        why=why,
    )
    violations = distribution_is_genuine(claim, context.policy)
    return refused(violations) if violations else Outcome(state="genuine")


def _is_official(source: str) -> bool:
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.hostname in OFFICIAL_SITES
