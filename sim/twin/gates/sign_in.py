"""Sign-in by a signature over a challenge."""

from collections.abc import Iterable

from portal.rules.rule import Violation
from sim.twin.desk import Desk
from sim.twin.gates.question import question


@question(
    "sign_in",
    "certificate_gate",
    use_cases=["begin_signature_sign_in", "sign_in_by_signature"],
)
def certificate(desk: Desk) -> Iterable[Violation]:
    """A challenge is asked for and signed."""
    desk.open_account()
    begun = desk.done("begin_signature_sign_in", desk.alone)
    signature = desk.signature(begun["text"])
    challenge = begun["challenge"]
    return desk.act(
        "sign_in_by_signature", desk.alone, challenge=challenge, signature=signature
    ).violations
