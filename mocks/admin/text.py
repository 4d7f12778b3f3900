"""Texts that can be written down again: JSON may escape half of a character."""

import json

from fastapi import Request

from mocks.admin.problems import invalid
from mocks.field_problems import FieldProblem

__all__ = ["expect_whole_characters"]


async def expect_whole_characters(request: Request) -> None:
    """Refuse a body with half of a surrogate pair, which no answer and no file could hold."""
    if rb"\ud" not in (await request.body()).lower():
        return
    try:
        json.dumps(await request.json(), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        problem = FieldProblem("", "expected whole characters, got half of a surrogate pair")
        raise invalid([problem]) from None
    except (ValueError, RecursionError):  # no JSON, which is refused where some is expected
        return
