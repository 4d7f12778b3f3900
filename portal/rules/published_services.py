"""Chapter SVC: services that organizations publish: what is said of them, who looks after them,
who finds them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.rules.reasons import NOT_FILLED_IN
from portal.rules.rights import PUBLISH_SERVICES
from portal.rules.rule import Found, rule
from rulebook import Policy, Text
from rulebook.kinds import KINDS
from world.activities import ACTIVITIES

__all__ = [
    "CatalogueFilter",
    "Offer",
    "Publication",
    "ServiceAuthor",
    "ServiceDescription",
    "ServiceState",
    "in_charge_of_what_there_is",
    "is_in_industry",
    "offered_to_all_it_is_for",
    "whole_and_tried",
]


ServiceState: TypeAlias = Literal["draft", "tested", "published", "off", "deleted"]

_UNTRIED: Final = Text("сначала нажмите «Тестировать»", "press «Test» first")
_DELETED: Final = Text("услуга удалена", "the service is deleted")
_NOT_IN_CHARGE: Final = Text("вы за неё не отвечаете", "you are not in charge of it")
_UNAVAILABLE: Final[Mapping[str, Text]] = {
    "draft": Text("ещё не опубликована", "it is not published yet"),
    "tested": Text("ещё не опубликована", "it is not published yet"),
    "off": Text("отключена и лежит в архиве", "it is switched off and in the archive"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDescription:
    """What an organization says of a service: its price in kopecks (0: free, None: not said), its
    term in days, the `access` of kinds of organizations, its industry (ОКВЭД), the people in charge
    and the templates; `members` are the accounts that may be in charge, `documents` those of the
    organization."""

    name: str
    description: str
    price_kopecks: int | None
    term_days: int | None
    access: Collection[str]
    industry: str
    responsible: Collection[str]
    templates: Collection[str]
    members: Collection[str]
    documents: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A service that is to be published: whether it was tested as it is now."""

    is_tested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAuthor:
    """Somebody who does something with a service: what state it is in, whether they are one of the
    people in charge, and their rights in the organization."""

    state: ServiceState
    is_responsible: bool
    rights: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that somebody has asked for (None: there is none of that number): its state, the
    kinds of organizations that it is for, and the kind that asks (empty: nobody in particular)."""

    state: ServiceState | None
    access: Collection[str] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFilter:
    """A filter of the catalogue (empty: any): a kind of organization, and a code of ОКВЭД, whole or
    its beginning up to a dot."""

    kind: str
    industry: str


@rule("SVC-01")
def whole_and_tried(claim: ServiceDescription | Publication, policy: Policy) -> Iterator[Found]:
    """Everything is said of a service, and it was tested before it is published."""
    if isinstance(claim, Publication):
        if not claim.is_tested:
            yield Found("service", _UNTRIED)
        return
    for field in ("name", "description"):
        if not getattr(claim, field).strip():
            yield Found(field, NOT_FILLED_IN)
    yield from _terms(claim)
    for field, known in (
        ("access", KINDS),
        ("responsible", claim.members),
        ("templates", claim.documents),
    ):
        yield from _chosen(field, getattr(claim, field), known)
    if claim.industry not in ACTIVITIES:
        yield Found("industry", Text("нет такого кода ОКВЭД", "there is no such code of OKVED"))


@rule("SVC-02")
def in_charge_of_what_there_is(claim: ServiceAuthor, policy: Policy) -> Iterator[Found]:
    """A service that is not deleted is looked after by the people in charge and by whoever may
    publish."""
    if claim.state == "deleted":
        yield Found("service", _DELETED)
    elif not claim.is_responsible and PUBLISH_SERVICES not in claim.rights:
        yield Found("service", _NOT_IN_CHARGE)


@rule("SVC-03")
def offered_to_all_it_is_for(claim: Offer | CatalogueFilter, policy: Policy) -> Iterator[Found]:
    """What is published is there at once for the kinds it is for; the catalogue is asked by kinds
    and industries that there are."""
    if isinstance(claim, CatalogueFilter):
        if claim.kind and claim.kind not in KINDS:
            yield Found("kind", Text("нет такого типа организаций", "there is no such kind"))
        if claim.industry and not any(is_in_industry(each, claim.industry) for each in ACTIVITIES):
            yield Found("industry", Text("нет такого кода ОКВЭД", "there is no such code of OKVED"))
    elif claim.state is None or claim.state == "deleted":
        yield Found("service", Text("такой услуги нет", "there is no such service"))
    elif claim.state != "published":
        yield Found("service", _UNAVAILABLE[claim.state])
    elif claim.kind and claim.kind not in claim.access:
        yield Found("service", Text("она не для вашего типа организаций", "not for your kind"))


def is_in_industry(code: str, asked: str) -> bool:
    """Whether a code of ОКВЭД is the one that is asked for, or lies in that class of it."""
    return code == asked or code.startswith(f"{asked}.")


def _terms(claim: ServiceDescription) -> Iterator[Found]:
    if claim.price_kopecks is None:
        yield Found("price_kopecks", NOT_FILLED_IN)
    elif claim.price_kopecks < 0:
        yield Found("price_kopecks", Text("цена меньше нуля", "the price is below zero"))
    if claim.term_days is None:
        yield Found("term_days", NOT_FILLED_IN)
    elif claim.term_days < 1:
        yield Found("term_days", Text("меньше одного дня", "less than a day"))


def _chosen(field: str, chosen: Collection[str], known: Collection[str]) -> Iterator[Found]:
    """Somebody or something is chosen, all of it known."""
    if not chosen:
        yield Found(field, NOT_FILLED_IN)
    for unknown in dict.fromkeys(each for each in chosen if each not in known):
        yield Found(field, Text(f"нет такого: {unknown}", f"there is no such: {unknown}"))
