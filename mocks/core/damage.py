"""What faults do to the body of an answer."""

from dataclasses import replace

from mocks.core.http import Answer

__all__ = ["kept_bytes", "malformed"]


def malformed(answer: Answer) -> Answer:
    """The answer with a body that its parser must refuse: the last bracket or closing tag is
    gone. An answer without a body has nothing to spoil."""
    body = answer.body.rstrip()
    if not body:
        return answer
    if "xml" in answer.media_type:
        cut = body.rfind(b"</")
        return replace(answer, body=body[: max(cut, 0)])
    if body[-1:] in (b"}", b"]"):
        return replace(answer, body=body[:-1])
    return replace(answer, body=b"\xff" + body)


def kept_bytes(answer: Answer) -> int:
    """How many bytes of a truncated body are sent: half of it, and never all."""
    return len(answer.body) // 2
