"""Where ЕСИА is for the client that asks."""

from typing import Final

from mocks.core.own_address import own_address, own_path
from mocks.core.service import Call

__all__ = ["HOSTS", "base_path", "base_url"]

HOSTS: Final = ("esia.gosuslugi.ru", "esia-portal1.test.gosuslugi.ru")
"""Production and the test stand."""


def base_path(call: Call) -> str:
    """What a path of the service begins with."""
    return own_path(call, HOSTS)


def base_url(call: Call) -> str:
    """The URL that a path of the service follows: what clients take for ЕСИА's address."""
    return own_address(call, HOSTS)
