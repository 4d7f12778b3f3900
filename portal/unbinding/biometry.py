"""Biometry as the second confirmation of an unbinding (UNB-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from portal.accounts.account import Account
from portal.organizations.organization import Organization
from portal.ports.biometry import BiometricVerdict, Modality
from portal.unbinding.unbinder import for_unbinders
from portal.use_case import Context, Outcome, use_case
from rulebook import Text

__all__ = ["BiometricSample", "UnbindingByBiometry", "begin_biometric_unbinding", "wrong_sample"]

_REASONS: Final[Mapping[BiometricVerdict, Text | None]] = MappingProxyType(
    {
        "match": None,
        "no_match": Text("это другой человек", "it is another person"),
        "not_alive": Text("образец снят не сейчас", "the sample was not taken now"),
        "no_template": Text("биометрии в системе нет", "there is no template"),
        "locked": Text("слишком много неудач подряд", "too many failures in a row"),
        "no_challenge": Text("задание устарело", "the challenge is out of date"),
        "no_sample": Text("образца нет", "there is no sample"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnbindingByBiometry:
    """The organization to be unbound."""

    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BiometricSample:
    """What a sensor has taken of a person for a challenge: `face` (PNG), `voice` (WAV) or both."""

    challenge: str
    face: bytes
    voice: bytes


@use_case(UnbindingByBiometry, remembered=False)
@for_unbinders
def begin_biometric_unbinding(
    context: Context, form: UnbindingByBiometry, _: Organization, account: Account
) -> Outcome:
    """Give out what the actor has to answer before the sensor, once and within minutes."""
    challenge = context.portal.ports.biometry.challenge(account.snils or "")
    if challenge is None:
        return Outcome(state="no_template", refusal="state")
    return Outcome(state="to_answer", data={"challenge": challenge})


def wrong_sample(context: Context, account: Account, sample: BiometricSample) -> Text | None:
    """What is wrong with a sample of the person of `account` (None: nothing); Unavailable."""
    given: dict[Modality, bytes] = {"face": sample.face, "voice": sample.voice}
    samples = {modality: content for modality, content in given.items() if content}
    if not samples:
        return _REASONS["no_sample"]
    if account.snils is None:
        return _REASONS["no_template"]
    verdict = context.portal.ports.biometry.verify(
        f"unbinding-{sample.challenge}", account.snils, sample.challenge, samples
    )
    return _REASONS[verdict]
