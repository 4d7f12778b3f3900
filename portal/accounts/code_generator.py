"""A generator of codes as second factor: time-based one-time passwords (AUTH-04, RFC 6238)."""

import base64
import datetime as dt
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import ClassVar, Final
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from portal.accounts.account import Account
from portal.accounts.one_time_codes import TypedCode
from portal.accounts.retyped_password import RetypedPassword, proven_account
from portal.rules.sign_in import CodeEntry, code_is_live
from portal.store.entity import Entity
from portal.use_case import Context, Outcome, refused, use_case

__all__ = [
    "CodeGenerator",
    "add_code_generator",
    "code_generator_of",
    "confirm_code_generator",
    "generated",
    "remove_code_generator",
]

_STEP_S: Final = 30
_DIGITS: Final = 6
_DRIFT_STEPS: Final = 1  # RFC 6238, 5.2: at most one step of a clock that is ahead or behind
_SECRET: Final = 40  # hexadecimal digits: 160 bits, RFC 4226, 4
_ISSUER: Final = "Poligon"


@dataclass(frozen=True, kw_only=True)
class CodeGenerator(Entity):
    """The generator of the account of the same id: its `seed` in hexadecimal digits, which has to
    be readable, as codes are computed from it; the last step of 30 s whose code was taken, and how
    many wrong codes there were before it was confirmed."""

    KIND: ClassVar[str] = "code_generator"

    seed: str
    added: dt.datetime
    confirmed: bool = False
    last_step: int = 0
    failures: int = 0


@use_case(RetypedPassword, remembered=False)
def add_code_generator(context: Context, form: RetypedPassword) -> Outcome:
    """Give out the secret of a new generator, once; it counts when a code of it is entered. One
    that counts already is removed first."""
    account, closed = proven_account(context, form.password)
    if account is None:
        return closed
    before = context.unit.get(CodeGenerator, account.id)
    if before is not None and before.confirmed:
        return Outcome(state="on", refusal="state")
    entropy = context.portal.ports.entropy
    seed = (entropy.token("code generator") + entropy.token("code generator"))[:_SECRET]
    context.unit.put(
        CodeGenerator(
            id=account.id,
            version=0 if before is None else before.version,
            seed=seed,
            added=context.now,
        )
    )
    context.note("add_code_generator", account.id, "shown")
    text = base64.b32encode(bytes.fromhex(seed)).decode()
    label = quote(f"{_ISSUER}:{account.email}")
    return Outcome(
        state="to_confirm",
        data={
            "secret": text,
            "address": f"otpauth://totp/{label}?secret={text}&issuer={_ISSUER}"
            f"&algorithm=SHA1&digits={_DIGITS}&period={_STEP_S}",
        },
    )


@use_case(TypedCode)
def confirm_code_generator(context: Context, form: TypedCode) -> Outcome:
    """Switch the generator on with a code of it."""
    found = context.unit.get(CodeGenerator, context.actor.account or "")
    if found is None:
        return Outcome(state="absent", refusal="absent")
    if found.confirmed:
        return Outcome(state="on", refusal="state")
    step = _step_of(found, form.code, context.now)
    claim = CodeEntry(
        sent=found.added,
        now=context.now,
        used=False,
        failures=found.failures,
        matches=step is not None,
    )
    violations = code_is_live(claim, context.policy)
    if violations or step is None:
        context.unit.put(replace(found, failures=found.failures + (step is None)))
        return refused(violations)
    context.unit.put(replace(found, confirmed=True, last_step=step))
    context.note("confirm_code_generator", found.id, "on")
    return Outcome(state="on")


@use_case(RetypedPassword)
def remove_code_generator(context: Context, form: RetypedPassword) -> Outcome:
    """Take no more codes of the generator."""
    account, closed = proven_account(context, form.password)
    if account is None:
        return closed
    found = context.unit.get(CodeGenerator, account.id)
    if found is None:
        return Outcome(state="absent", refusal="absent")
    context.unit.delete(found)
    context.note("remove_code_generator", account.id, "off")
    return Outcome(state="off")


def code_generator_of(context: Context, account: Account) -> CodeGenerator | None:
    """The generator of the account, if its codes count."""
    found = context.unit.get(CodeGenerator, account.id)
    return found if found is not None and found.confirmed else None


def generated(context: Context, account: Account, text: str) -> bool:
    """Whether `text` is a code of the account's generator now that was not taken yet: it is taken
    by that, with all that came before it (RFC 6238, 5.2)."""
    found = code_generator_of(context, account)
    step = None if found is None else _step_of(found, text, context.now)
    if found is None or step is None:
        return False
    context.unit.put(replace(found, last_step=step))
    return True


# --- inside ---------------------------------------------------------------------------------------


def _step_of(generator: CodeGenerator, text: str, now: dt.datetime) -> int | None:
    """The step whose code `text` is, among those that a clock may be at and that are not taken."""
    totp = TOTP(bytes.fromhex(generator.seed), _DIGITS, SHA1(), _STEP_S)
    at = int(now.timestamp()) // _STEP_S
    typed = text.strip().encode()
    for step in range(at - _DRIFT_STEPS, at + _DRIFT_STEPS + 1):
        if step > generator.last_step and compare_digest(totp.generate(step * _STEP_S), typed):
            return step
    return None
