"""Chapter ENV: the applicant's browser, the workplace of the client program, its distribution."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "BrowserUse",
    "Distribution",
    "SavedProfile",
    "Workplace",
    "browser_is_supported",
    "distribution_is_genuine",
    "workplace_is_fit",
]

_CPU: Final = "x86_64"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserUse:
    """A browser by its family's name (in lower case), its version and the oldest one that is
    supported (0: any); what is switched on in it, and whether it is to sign."""

    name: str
    version: int
    oldest: int
    cookies: bool = True
    javascript: bool = True
    signs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProfile:
    """A profile that is kept on a device: whether it is known, in force, and of this device."""

    known: bool
    fresh: bool
    same_device: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A computer as the client program finds it. `system` and `release` are as in «Windows» and
    «10», «macOS» and «12.6», «Linux» and the kind of its packages («deb»); memory in gigabytes,
    free disk in megabytes. `https` says whether the portal is reached, by whatever way."""

    system: str
    release: str
    cpu: str
    cpu_ghz: float
    ram_gb: float
    disk_mb: float
    https: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """An installer: whether it was taken from an official site, whether its signature fits it, and
    whether that is the publisher's, in force."""

    official_site: bool
    signed: bool
    by_publisher: bool
    why: Text | None = None


@rule("ENV-01")
def browser_is_supported(claim: BrowserUse, policy: Policy) -> Iterator[Found]:
    """A recent browser of the list with cookies and JavaScript; some browsers only cannot sign."""
    cannot_sign = claim.name in policy.texts("ENV-01.no_signature")
    if claim.name not in policy.texts("ENV-01.browsers") and not cannot_sign:
        yield Found("browser", Text("этот браузер не поддержан", "this browser is not supported"))
    elif claim.version < claim.oldest:
        yield Found(
            "browser",
            Text(f"нужна версия не ниже {claim.oldest}", f"version {claim.oldest} or later"),
        )
    if not claim.cookies:
        yield Found("cookies", Text("включите cookies", "switch cookies on"))
    if not claim.javascript:
        yield Found("javascript", Text("включите JavaScript", "switch JavaScript on"))
    if cannot_sign and claim.signs:
        yield Found("signature", Text("в нём подпись недоступна", "it cannot sign"))


@rule("ENV-02")
def workplace_is_fit(claim: Workplace | SavedProfile, policy: Policy) -> Iterator[Found]:
    """System, processor, memory, disk and HTTPS are as the program needs them; a saved profile is
    good on the device that it was saved on."""
    if isinstance(claim, SavedProfile):
        if not (claim.known and claim.fresh and claim.same_device):
            yield Found("profile", Text("войдите и сохраните его снова", "sign in, save it again"))
        return
    systems = policy.texts("ENV-02.os")
    if not any(_is_among(claim.system, claim.release, each) for each in systems):
        yield Found("system", Text(f"нужна {', '.join(systems)}", ", ".join(systems)))
    if claim.cpu != _CPU:
        yield Found("cpu", Text(f"нужен процессор {_CPU}", f"a processor {_CPU} is needed"))
    for field, has, least in (
        ("cpu_ghz", claim.cpu_ghz, policy.number("ENV-02.cpu_ghz")),
        ("ram_gb", claim.ram_gb, policy.number("ENV-02.ram_gb")),
        ("disk_mb", claim.disk_mb, policy.number("ENV-02.disk_mb")),
    ):
        if has < least:
            yield Found(field, Text(f"нужно не меньше {least:g}", f"at least {least:g}"))
    if not claim.https:
        yield Found("https", Text("портал не открывается по HTTPS", "no HTTPS to the portal"))


@rule("ENV-03")
def distribution_is_genuine(claim: Distribution, policy: Policy) -> Iterator[Found]:
    """Taken from the official site, signed by the publisher, unchanged."""
    if not claim.official_site:
        yield Found("source", Text("это не официальный сайт", "this is no official site"))
    if not claim.signed:
        yield Found("signature", claim.why)
    elif not claim.by_publisher:
        yield Found("signature", Text("подписал не издатель", "not signed by the publisher"))


def _is_among(system: str, release: str, wanted: str) -> bool:
    """Whether a system is one of «Windows 10/11», «macOS 10.15+», «Linux deb/rpm»."""
    name, _, releases = wanted.partition(" ")
    if system.lower() != name.lower():
        return False
    if not releases.endswith("+"):
        return release.lower() in releases.lower().split("/")
    return _version(release) >= _version(releases.removesuffix("+"))


def _version(text: str) -> tuple[int, ...]:
    """A version as numbers that compare; of what is none, the lowest."""
    parts = text.split(".")
    is_one = all(each.isdecimal() and len(each) < 10 for each in parts)
    return tuple(map(int, parts)) if is_one else ()
