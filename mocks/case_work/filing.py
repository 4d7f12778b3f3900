"""Filing a submission once, however often it is sent."""

from collections.abc import Callable
from typing import Any, TypeVar

from mocks.case_work.applicants import Submission
from mocks.case_work.cases import Case, Docket
from mocks.core.http import Answer, json_answer

__all__ = ["filed"]

T = TypeVar("T")


def filed(
    docket: Docket[T],
    submission: Submission,
    opened: Callable[[], Case[T]],
    view: Callable[[Case[T]], dict[str, Any]],
) -> Answer:
    """201 with the case that `opened` makes, 200 with the case that this very submission has
    opened before; Refusal 409 as of `Docket.repeated`."""
    repeated = docket.repeated(submission)
    if repeated is not None:
        return json_answer(view(repeated))
    return json_answer(view(opened()), 201)
