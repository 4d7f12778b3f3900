"""A code that confirms something about an organization: what is wrong with it, as a reason."""

from typing import Final

from portal.accounts.one_time_codes import enter_code
from portal.use_case import Context
from rulebook import Text

__all__ = ["wrong_code"]

_WRONG: Final = Text("код неверен", "the code is wrong")


def wrong_code(context: Context, purpose: str, text: str) -> Text | None:
    """What AUTH-05 says against the code for `purpose`, which is used up if it is right (None)."""
    code, found = enter_code(context, purpose, text)
    if code is not None:
        return None
    return found[0].reason or _WRONG
