"""Sign-in by a signature over a challenge."""

from collections.abc import Iterable

from portal.rules.rule import Violation
from sim.twin.desk import Desk
from sim.twin.gates.question import OtherName, question

_WHY = "a signature that is no proof at the sign-in is told as one rule (AUTH-07), with the reason"


def _reason(rule: str, reason: str) -> OtherName:
    return OtherName(told="AUTH-07", rule=rule, field="signature", reason=reason, why=_WHY)


@question(
    "sign_in",
    "certificate_gate",
    use_cases=["begin_signature_sign_in", "sign_in_by_signature"],
    ahead=["AUTH-12"],
    others=[
        _reason("CERT-01", "the authority is not accredited"),
        _reason("CERT-02", "the certificate has expired"),
        _reason("CERT-03", "the certificate is revoked"),
    ],
)
def certificate(desk: Desk) -> Iterable[Violation]:
    """A challenge is asked for and signed."""
    desk.open_account()
    begun = desk.act("begin_signature_sign_in", desk.alone)
    signature = desk.signature(begun.data["text"])
    challenge = begun.data["challenge"]
    return desk.act(
        "sign_in_by_signature", desk.alone, challenge=challenge, signature=signature
    ).violations
