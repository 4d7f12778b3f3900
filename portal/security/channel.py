"""Whether the portal speaks over a connection, by what was negotiated for it (SEC-01, SEC-02)."""

from dataclasses import dataclass

from portal.rules import security
from portal.rules.security import Channel, KeyFamily, ProtectedSession
from portal.use_case import Context, Outcome, refused, use_case

__all__ = ["NegotiatedChannel", "open_channel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiatedChannel:
    """What whoever ends TLS before the portal has negotiated with a client: the version (`1.3`),
    the cipher suite, and the key that the session's keys come from."""

    tls_version: str
    cipher: str
    key_family: KeyFamily
    key_bits: int


@use_case(NegotiatedChannel, signed_in=False)
def open_channel(context: Context, form: NegotiatedChannel) -> Outcome:
    """Speak over a connection only if it is protected enough; everything that is not, at once."""
    session = ProtectedSession(
        cipher=form.cipher, key_family=form.key_family, key_bits=form.key_bits
    )
    violations = (
        *security.channel(Channel(version=form.tls_version), context.policy),
        *security.protected_keys(session, context.policy),
    )
    if violations:
        return refused(violations)
    target = context.policy.choice("SEC-01.tls_target", "legal")  # of neither kind in particular
    return Outcome(
        state="protected",
        data={"tls_version": form.tls_version, "is_target": form.tls_version == target},
    )
