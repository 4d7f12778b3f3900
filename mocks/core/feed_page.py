"""A feed as services answer it: the events after a cursor, oldest first."""

from typing import Final

from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.service import Call

__all__ = ["feed_page"]

_DEFAULT_LIMIT: Final = 100
_MOST_EVENTS: Final = 1_000
_MOST_NUMBER: Final = 10**15


def feed_page(call: Call) -> Answer:
    """`?after=N&limit=M` of the service's own feed.

    `next` is the cursor to go on from; `oldest` the first number still kept, so that a reader
    further behind sees what is gone. Refusal 400 for a cursor that is no number.
    """
    after = _number(call, "after", 0, 0, _MOST_NUMBER)
    limit = _number(call, "limit", _DEFAULT_LIMIT, 1, _MOST_EVENTS)
    feed = call.tenant.feed(call.service)
    events = feed.after(after, limit)
    return json_answer(
        {
            "events": [
                {
                    "number": event.number,
                    "id": event.id,
                    "at": moment(call.tenant, event.at_us),
                    **event.payload,
                }
                for event in events
            ],
            "next": events[-1].number if events else after,
            "oldest": feed.oldest,
        }
    )


def _number(call: Call, name: str, default: int, least: int, most: int) -> int:
    text = call.request.parameter(name)
    if text is None:
        return default
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not fits or not least <= int(text) <= most:
        message = f"{name}: ожидается целое число от {least} до {most}"
        raise Refusal(400, "bad-cursor", message, field=name)
    return int(text)
