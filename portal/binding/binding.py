"""A binding of an organization to an account, from the request on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from portal.rules.binding_claims import BOUND_TITLE, Way
from portal.rules.registration import Application
from portal.state_table import StateTable
from portal.store.entity import Entity
from portal.use_case import Context
from rulebook import Kind, Tier

__all__ = [
    "BINDING_STATES",
    "Addition",
    "Binding",
    "BindingState",
    "binding_id",
    "binding_text",
    "own_binding",
    "shown",
]

BindingState: TypeAlias = Literal["confirming", "unanswered", "bound", "unbound"]

BINDING_STATES: Final[StateTable[BindingState]] = StateTable(
    name="binding",
    titles={
        "confirming": "Ждёт подтверждения",
        "unanswered": "Руководитель не ответил",
        "bound": BOUND_TITLE,
        "unbound": "Откреплена",
    },
    first="confirming",
    transitions={
        ("confirming", "ask"): "confirming",  # BND-10: corrected and repeated
        ("confirming", "confirm"): "bound",  # BND-18
        ("confirming", "expire"): "unanswered",  # BND-06
        ("unanswered", "ask"): "confirming",
        ("bound", "unbind"): "unbound",  # UNB-04
        ("unbound", "ask"): "confirming",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """An organization that is added once its binding is confirmed (BND-01): its full details, the
    documents and the size of business; `compared` is whether a register has borne them out."""

    application: Application
    documents: tuple[str, ...]
    tier: Tier
    compared: bool


@dataclass(frozen=True, kw_only=True)
class Binding(Entity):
    """That `account` asks for, or has, the organization of an ОГРН; its id is `binding_id`.

    `addition` is there while the portal has not the organization. The head's `link` is the SHA-256
    of the token that went to their mail at `asked_at`.
    """

    KIND: ClassVar[str] = "binding"

    account: str
    kind: Kind
    inn: str
    ogrn: str
    full_name: str
    role: str
    extra_rights: tuple[str, ...]
    way: Way
    branch_code: str = ""
    branch_address: str = ""
    organization: str | None = None
    addition: Addition | None = None
    state: BindingState = "confirming"
    head_email: str = ""
    head_phone: str = ""
    link: str | None = None
    asked_at: dt.datetime
    bound_at: dt.datetime | None = None

    def keys(self) -> Mapping[str, str]:
        """By the account, by the organization."""
        organization = {} if self.organization is None else {"organization": self.organization}
        return {"account": self.account, **organization}

    def unique(self) -> Mapping[str, str]:
        """By the link."""
        return {} if self.link is None else {"link": self.link}


def binding_id(account: str, ogrn: str) -> str:
    """The id of the binding of an account to the organization of an ОГРН: there is one."""
    return f"{ogrn}/{account}"


def binding_text(ogrn: str, account_inn: str) -> bytes:
    """What a signature that confirms a binding is over (BND-05)."""
    return f"Привязка организации: ОГРН {ogrn}, ИНН заявителя {account_inn}".encode()


def own_binding(context: Context, binding: str) -> Binding | None:
    """A binding of the actor's; that somebody reaches for another's is noted."""
    found = context.unit.get(Binding, binding)
    if found is None or found.account == context.actor.account:
        return found
    context.note(context.act, found.ogrn, "another's", binding=found.id)
    return None


def shown(binding: Binding) -> dict[str, Any]:
    """A binding as people see it."""
    return {
        "binding": binding.id,
        "organization": binding.organization,
        "ogrn": binding.ogrn,
        "full_name": binding.full_name,
        "confirmation": binding.way,
        "state": binding.state,
        "title": BINDING_STATES.titles[binding.state],
    }
