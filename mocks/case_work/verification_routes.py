"""How the portal asks an agency to verify an organization's data (chapter VER)."""

from functools import partial
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from mocks.case_work.applicants import Submission
from mocks.case_work.verification import Verifications
from mocks.case_work.verification_documents import Operation, answer_document
from mocks.core.http import Answer, json_answer
from mocks.core.service import Call, Handler, Service

__all__ = ["Clarification", "add_verification"]

D = TypeVar("D", bound=Submission)

_PATH = "/v1/verifications"


class Clarification(BaseModel, Generic[D]):
    """The applicant's answer to a query of the officer: a text and the data to go on with."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    data: D


def add_verification(service: Service, kind: type[Verifications[D]], model: type[D]) -> None:
    """Routes of `service` for cases of `kind` about data of `model`: file, read, change, answer a
    query, raise the priority; and one where СМЭВ brings documents that ask the same."""

    def cases(call: Call) -> Verifications[D]:
        return call.tenant.state(kind)

    def submit(call: Call) -> Answer:
        return cases(call).submit(call, call.request.read(model))

    def show(call: Call) -> Answer:
        return json_answer(cases(call).show(call, call.values["number"]))

    def change(call: Call) -> Answer:
        data = call.request.read(model)
        return json_answer(cases(call).change(call, call.values["number"], data))

    def answer(call: Call) -> Answer:
        given = call.request.read(Clarification[model])  # type: ignore[valid-type]
        return json_answer(cases(call).answer(call, call.values["number"], given.text, given.data))

    def hurry(call: Call) -> Answer:
        return json_answer(cases(call).hurry(call, call.values["number"]))

    handlers: dict[Operation, Handler] = {
        "submit": submit,
        "show": show,
        "change": change,
        "answer": answer,
        "hurry": hurry,
    }
    service.post("/smev")(partial(answer_document, model=model, handlers=handlers))
    service.post(_PATH)(submit)
    service.get(f"{_PATH}/{{number}}")(show)
    service.route("PUT", f"{_PATH}/{{number}}/data")(change)
    service.post(f"{_PATH}/{{number}}/clarification")(answer)
    service.post(f"{_PATH}/{{number}}/priority")(hurry)
