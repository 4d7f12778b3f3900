"""Biometric confirmation: whether it is this person who asks (UNB-02)."""

from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

__all__ = ["BiometricVerdict", "Biometry", "Modality"]

Modality: TypeAlias = Literal["face", "voice"]

BiometricVerdict: TypeAlias = Literal[
    "match", "no_match", "not_alive", "no_template", "locked", "no_challenge", "no_sample"
]
"""It is the person; another one; no living one; nobody whose template is there to compare with; the
template is locked after failures; what was answered is no challenge of now; no sample at all."""


class Biometry(Protocol):
    """The system that keeps people's templates."""

    def challenge(self, snils: str) -> str | None:
        """What the person has to answer before the sensor, once and soon; None for somebody whom
        the system does not know. Unavailable."""

    def verify(
        self, request_id: str, snils: str, challenge: str, samples: Mapping[Modality, bytes]
    ) -> BiometricVerdict:
        """Compare samples that were taken for `challenge` with the person's template; the same
        verdict for a repetition of `request_id`. Unavailable."""
