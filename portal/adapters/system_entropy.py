"""Codes and tokens that nobody can guess."""

import secrets

__all__ = ["SystemEntropy"]


class SystemEntropy:
    """The port `Entropy` over the system's source of randomness."""

    def code(self, purpose: str, digits: int) -> str:
        """As the port says."""
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def token(self, purpose: str) -> str:
        """As the port says."""
        return secrets.token_hex(16)
