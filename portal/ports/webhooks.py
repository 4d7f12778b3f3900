"""Receivers of webhooks, which organizations run themselves (INT-03)."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["NotTaken", "WebhookSender"]


class NotTaken(Exception):
    """A receiver has not said that it has a delivery; it may have it all the same."""


class WebhookSender(Protocol):
    """Brings deliveries to receivers."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Bring a body, once; it is taken if the answer is 200 to 299. NotTaken."""
