"""Chapter SIG: kinds of signature, what each opens, and what becomes of what is signed.

Too weak a signature is named once: a simple one at registration and binding breaks SIG-01, a
non-qualified one SIG-02, anywhere else it is SIG-04 that asks for a qualified one, and SIG-05 for
what makes that an enhanced one.
"""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from portal.rules.rule import Found, rule
from rulebook import Policy, Text

__all__ = [
    "ACTIONS",
    "EVERYDAY",
    "MARK",
    "SENSITIVE",
    "SIGNATURE_KINDS",
    "SIGNED",
    "Action",
    "DocumentMark",
    "NonqualifiedForm",
    "SignatureKind",
    "SignedAction",
    "SignedContent",
    "SigningSession",
    "enhanced",
    "exact_content",
    "marked",
    "nonqualified_form",
    "nonqualified_opens",
    "nonqualified_term",
    "one_certificate",
    "qualified",
    "simple_is_not_enough",
]

SignatureKind: TypeAlias = Literal["none", "simple", "nonqualified", "qualified"]
SIGNATURE_KINDS: Final[tuple[SignatureKind, ...]] = get_args(SignatureKind)
"""ПЭП, НЭП, КЭП; a qualified one with a time stamp and a second factor is УКЭП (SIG-05)."""

Action: TypeAlias = Literal[
    "reference",
    "static_reports",
    "notification_settings",
    "register_organization",
    "bind_organization",
    "create_cabinet",
    "confirm_cabinet",
    "file_application",
    "change_account_data",
    "transfer_authority",
    "close_cabinet",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

MARK: Final = "подписан ЭП"
SIGNED: Final = "Подписан"
"""The mark and the status of a signed document (SIG-07)."""

SENSITIVE: Final = frozenset({"transfer_authority", "close_cabinet"})
"""Especially sensitive actions (SIG-05); an assumption, the sources name none."""

EVERYDAY: Final = frozenset({"reference", "static_reports", "notification_settings"})
"""Actions without legal force, open to a non-qualified signature (SIG-02)."""

_ENTRY: Final = frozenset({"register_organization", "bind_organization"})

_BROKEN: Final = {
    "malformed": Text("подпись не разбирается", "the signature cannot be read"),
    "digest": Text("содержание изменено", "the content was changed"),
    "signature": Text("подпись неверна", "the signature is wrong"),
    "no-certificate": Text("в подписи нет сертификата", "the signature has no certificate"),
    "wrong-signer": Text("подписано другим сертификатом", "another certificate has signed"),
}
_BROKEN_OTHERWISE: Final = Text("подпись не проверяется", "the signature cannot be checked")
_WRONG_FORM: Final = frozenset({"malformed", "no-certificate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAction:
    """An action at a moment and the signature for it: the kind, since when it is valid, the time
    of its stamp if it has one, whether a second factor was given."""

    action: Action
    kind: SignatureKind
    at: dt.datetime
    issued: dt.datetime | None = None
    stamped: dt.datetime | None = None
    second_factor: bool = False
    field: str = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContent:
    """What the check of a signature over the exact content has said: a code of
    `signatures.refusals`, None if it fits."""

    refusal: str | None
    field: str = "signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMark:
    """A document given out as signed: whether it is, and what is shown of it."""

    is_signed: bool
    mark: str
    status: str
    field: str = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSession:
    """Certificates by fingerprint or id: the one that was chosen to sign a set of files, those that
    are bound, and those that the files were signed with."""

    chosen: str
    bound: Collection[str]
    used: Collection[str]
    field: str = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class NonqualifiedForm:
    """A non-qualified signature: whether it is XML, and what its check has said."""

    is_xml: bool
    refusal: str | None
    field: str = "document"


# --- what a kind opens ----------------------------------------------------------------------------


@rule("SIG-01")
def simple_is_not_enough(claim: SignedAction, policy: Policy) -> Iterator[Found]:
    """A simple signature neither registers nor binds an organization."""
    if claim.kind == "simple" and claim.action in _ENTRY:
        yield Found(claim.field)


@rule("SIG-02")
def nonqualified_opens(claim: SignedAction, policy: Policy) -> Iterator[Found]:
    """A non-qualified one opens reference information, static reports, notification settings."""
    if claim.kind == "nonqualified" and claim.action not in EVERYDAY:
        yield Found(claim.field)


@rule("SIG-03")
def nonqualified_term(claim: SignedAction, policy: Policy) -> Iterator[Found]:
    """A non-qualified one is valid for so many days at the longest, whatever it says itself."""
    if claim.kind != "nonqualified" or claim.issued is None:
        return
    days = policy.count("SIG-03.nep_max_days")
    if claim.at - claim.issued > dt.timedelta(days=days):
        yield Found(claim.field, Text(f"прошло больше {days} дн.", f"over {days} days"))


@rule("SIG-04")
def qualified(claim: SignedAction, policy: Policy) -> Iterator[Found]:
    """Anything of consequence takes a qualified one."""
    if claim.action in EVERYDAY or claim.kind in ("nonqualified", "qualified"):
        return
    if claim.kind == "none" or claim.action not in _ENTRY:
        yield Found(claim.field)


@rule("SIG-05")
def enhanced(claim: SignedAction, policy: Policy) -> Iterator[Found]:
    """What is especially sensitive takes a time stamp and a second factor besides."""
    if claim.kind != "qualified" or claim.action not in SENSITIVE:
        return
    if claim.stamped is None:
        yield Found(claim.field, Text("нет метки времени", "no time stamp"))
    if not claim.second_factor:
        yield Found("code", Text("нет второго фактора", "no second factor"))


# --- what is signed -------------------------------------------------------------------------------


@rule("SIG-06")
def exact_content(claim: SignedContent, policy: Policy) -> Iterator[Found]:
    """A signature is over exactly this content."""
    if claim.refusal is not None:
        yield Found(claim.field, _BROKEN.get(claim.refusal, _BROKEN_OTHERWISE))


@rule("SIG-07")
def marked(claim: DocumentMark, policy: Policy) -> Iterator[Found]:
    """What is given out as signed is signed, and has the mark and the status."""
    if not claim.is_signed or (claim.mark, claim.status) != (MARK, SIGNED):
        yield Found(claim.field)


@rule("SIG-08")
def one_certificate(claim: SigningSession, policy: Policy) -> Iterator[Found]:
    """A set of files is signed with one certificate, chosen from the bound ones."""
    if not claim.chosen:
        yield Found(claim.field, Text("сертификат не выбран", "no certificate is chosen"))
    elif claim.chosen not in claim.bound:
        yield Found(claim.field, Text("сертификат не привязан", "the certificate is not bound"))
    elif any(each != claim.chosen for each in claim.used):
        yield Found(
            claim.field,
            Text("файлы подписаны разными сертификатами", "files are signed with others"),
        )


@rule("SIG-09")
def nonqualified_form(claim: NonqualifiedForm, policy: Policy) -> Iterator[Found]:
    """A non-qualified signature is an XML document with the signature inside."""
    if not claim.is_xml:
        yield Found(claim.field, Text("это не XML", "it is not XML"))
    elif claim.refusal in _WRONG_FORM:
        yield Found(claim.field, _BROKEN[claim.refusal or ""])
