"""An organization whose people apply to agencies."""

import base64
from dataclasses import dataclass, field, replace
from typing import Any

from portal.applications.application import Application
from portal.organizations.organization import Organization
from portal.store.unit import Unit
from portal.use_case import Actor, Outcome
from tests.portal.cabinets import LEGAL, Cabinet
from tests.portal.wiring import Stand
from world.file_formats import FileFormat, file_content

__all__ = ["APPEAL", "CHANGE", "OFFICER", "Applying", "put_draft"]

OFFICER = Actor(operator="Инспектор")
APPEAL = {"subject": "Вопрос об отчётности", "text": "Какую форму сдавать?"}
CHANGE = {"since": "01.03.2026", "change": "Новый адрес"}


@dataclass
class Applying:
    """A cabinet, its head, and what they do with applications."""

    stand: Stand
    numbers: dict[str, str] = field(default_factory=lambda: dict(LEGAL))
    cabinet: Cabinet = field(init=False)
    head: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.cabinet = Cabinet(self.stand, numbers=self.numbers)
        self.head = self.cabinet.member("head")
        unit = Unit(self.stand.store)
        found = unit.get(Organization, self.cabinet.id)
        assert found is not None
        unit.put(replace(found, owner=self.head.account))
        unit.commit()

    @property
    def organization(self) -> str:
        return self.cabinet.id

    def act(self, name: str, actor: Actor | None = None, **form: Any) -> Outcome:
        """Do a use case for the organization, as its head unless told."""
        actor = actor or self.head
        return self.stand.act(name, actor, organization=self.organization, **form)

    def read(self, name: str, actor: Actor | None = None, **query: Any) -> Outcome:
        """Show a view of the organization, to its head unless told."""
        actor = actor or self.head
        return self.stand.read(name, actor, organization=self.organization, **query)

    def draft(self, actor: Actor | None = None, **form: Any) -> str:
        """The id of a draft of an appeal that can be submitted."""
        form = {"kind": "appeal", "fields": APPEAL, **form}
        outcome = self.act("draft_application", actor, **form)
        assert outcome.refusal is None, outcome
        return str(outcome.data["application"])

    def version(self, application: str) -> int:
        return self.kept(application).version

    def submit(self, application: str, actor: Actor | None = None) -> Outcome:
        form = {"application": application, "version": self.version(application)}
        return self.act("submit_application", actor, **form)

    def filed(self, actor: Actor | None = None, **form: Any) -> str:
        """The id of an application that was submitted."""
        application = self.draft(actor, **form)
        outcome = self.submit(application, actor)
        assert outcome.state == "processing", outcome
        return application

    def decide(self, application: str, comment: str = "Всё в порядке", **form: Any) -> Outcome:
        form = {"approved": True, **form, "comment": comment}
        return self.stand.act("decide_application", OFFICER, application=application, **form)

    def ask(self, application: str, comment: str = "Уточните период") -> Outcome:
        form = {"application": application, "comment": comment}
        return self.stand.act("request_information", OFFICER, **form)

    def answer(self, application: str, answer: str = "Первый квартал", **form: Any) -> Outcome:
        form = {"version": self.version(application), **form}
        return self.act(
            "answer_application_request", application=application, answer=answer, **form
        )

    def card(self, application: str, actor: Actor | None = None) -> Outcome:
        return self.read("application_card", actor, application=application)

    def kept(self, application: str) -> Application:
        found = Unit(self.stand.store).get(Application, application)
        assert found is not None
        return found

    def document(self, document_type: str, file_format: FileFormat = "pdf") -> str:
        """The id of a document of the cabinet."""
        content = file_content(file_format, [document_type])
        outcome = self.stand.act(
            "upload_document",
            self.head,
            context="library",
            document_type=document_type,
            file_name=f"{document_type}.{file_format}",
            content=base64.b64encode(content).decode(),
        )
        assert outcome.state == "ready", outcome
        return str(outcome.data["document"])


def put_draft(cabinet: Cabinet) -> str:
    """The id of a draft that whoever acts for the cabinet now has begun."""
    unit = Unit(cabinet.stand.store)
    draft = Application(
        id="the draft",
        organization=cabinet.id,
        kind="appeal",
        author="account 500100732259",
        created_at=cabinet.stand.clock.now(),
    )
    if unit.get(Application, draft.id) is None:
        unit.put(draft)
        unit.commit()
    return draft.id
