"""Codes and tokens that are the same each time, for tests and the model; anybody can guess them."""

import hashlib
import threading
from collections import Counter

__all__ = ["SeededEntropy"]


class SeededEntropy:
    """The port `Entropy`: each is a hash of the seed, the purpose and how often it was asked for
    that before. Thread-safe."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._asked: Counter[str] = Counter()
        self._counting = threading.Lock()

    def code(self, purpose: str, digits: int) -> str:
        """As the port says."""
        return f"{int(self._drawn(purpose), 16) % 10**digits:0{digits}d}"

    def token(self, purpose: str) -> str:
        """As the port says."""
        return self._drawn(purpose)[:32]

    def _drawn(self, purpose: str) -> str:
        with self._counting:
            self._asked[purpose] += 1
            text = f"{self._seed}\0{purpose}\0{self._asked[purpose]}"
        return hashlib.sha256(text.encode()).hexdigest()
