"""Attempts to sign in by password."""

from portal.use_case import Outcome
from tests.portal.people import HOME, KIM, PASSWORD
from tests.portal.wiring import Stand, broken

__all__ = ["attempt", "fail"]


def attempt(stand: Stand, password: str = PASSWORD, login: str = KIM.phone) -> Outcome:
    """Come in by a login and a password."""
    return stand.act("sign_in", HOME, login=login, password=password)


def fail(stand: Stand, times: int, login: str = KIM.phone) -> list[list[str]]:
    """So many wrong passwords in a row; what each breaks."""
    return [broken(attempt(stand, "wrong", login)) for _ in range(times)]
