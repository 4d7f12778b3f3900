"""How sure it is that two takes are of one person."""

from collections.abc import Iterable
from math import erfc, sqrt
from typing import Final

from mocks.biometry.samples import FEATURES, MIDDLE

__all__ = ["THRESHOLD", "confidence", "similarity"]

THRESHOLD: Final = 0.9999
"""The least confidence that confirms a person: a stranger is taken for them once in 10,000;
assumption."""

_PLACES: Final = 6


def similarity(one: bytes, other: bytes) -> float:
    """The cosine of two lists of features: 1 for equal ones, about 0 for strangers'."""
    a = [byte - MIDDLE for byte in one]
    b = [byte - MIDDLE for byte in other]
    norm = sqrt(sum(x * x for x in a)) * sqrt(sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / norm if norm else 0.0


def confidence(similarities: Iterable[float]) -> float:
    """The probability that a stranger would be less alike, for one modality or several.

    Strangers' similarity is normal with mean 0 and deviation 1/√FEATURES; that of several
    modalities together is the sum divided by the root of their number.
    """
    found = list(similarities)
    z = sum(found) * sqrt(FEATURES / len(found))
    return round(0.5 * erfc(-z / sqrt(2.0)), _PLACES)
