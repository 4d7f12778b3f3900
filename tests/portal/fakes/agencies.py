"""Agencies that take reports, orders and applications, and their news."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.ports.extracts import ExtractNotIssued, ExtractOrder, ExtractView
from portal.ports.licensing import (
    LicenceDocument,
    LicenceNotTaken,
    LicenceOrder,
    LicenceView,
    LicensingState,
)
from portal.ports.public_events import PublicEvent
from portal.ports.reporting import FiledReport, IntakeState, ReportNotTaken, ReportView
from portal.ports.tax_cabinet import AccessState, AccessView, NoSuchTaxpayer
from portal.ports.unavailable import Unavailable
from tests.portal.fakes.kernel import Failing


class SetReporting(Failing):
    """An agency that takes every report in and moves the latest on as a test says; papers are the
    names of their states. It refuses to take in whatever has the field `refusing`."""

    system = "fns"

    def __init__(self) -> None:
        super().__init__()
        self.filed: dict[str, FiledReport] = {}
        self.views: dict[str, ReportView] = {}
        self.refusing = ""
        self.without_papers = False

    def file(self, request_id: str, report: FiledReport) -> ReportView:
        self._answering()
        if self.refusing:
            raise ReportNotTaken(self.refusing, "не принято")
        self.filed.setdefault(request_id, report)
        made = ReportView(number=f"N-{request_id}", state="sent")
        return self.views.setdefault(made.number, made)

    def view(self, number: str) -> ReportView:
        self._answering()
        return self.views[number]

    def paper(self, number: str, state: IntakeState) -> bytes:
        self._answering()
        if self.without_papers:
            raise Unavailable(self.system, "no paper yet")
        return f"%PDF-{state}".encode()

    def move(self, state: IntakeState, *errors: str) -> None:
        """The latest report is there now."""
        number = list(self.views)[-1]
        self.views[number] = ReportView(number=number, state=state, errors=errors)


class SetPublicEvents(Failing):
    """A feed of what a test tells; the subscription of an ИНН is named after it. The ИНН in
    `strangers` are nobody's."""

    system = "courts_law"

    def __init__(self) -> None:
        super().__init__()
        self.strangers: set[str] = set()
        self.subscribed: dict[str, str] = {}
        self.events: list[PublicEvent] = []

    def subscribe(self, request_id: str, inn: str) -> str | None:
        self._answering()
        if inn in self.strangers:
            return None
        return self.subscribed.setdefault(request_id, f"of {inn}")

    def after(self, number: int) -> Sequence[PublicEvent]:
        self._answering()
        return [each for each in self.events if each.number > number][:2]

    def tell(self, to: str, topic: str, title: str, **more: Any) -> None:
        """Put an event for the subscriber with an ИНН into the feed; with the id of another one it
        is that once more."""
        number = len(self.events) + 1
        fields = {"id": f"e{number}", "subscription": f"of {to}", "inn": to, "details": {}}
        self.events.append(
            PublicEvent(number=number, topic=topic, title=title, **{**fields, **more})
        )


class SetExtracts(Failing):
    """Agencies that make everything at once, but what is in `charges` (kopecks by kind), which
    waits for its money first. They do not take orders about the object «нет»."""

    system = "rosreestr"

    def __init__(self) -> None:
        super().__init__()
        self.charges: dict[str, int] = {}
        self.orders: dict[str, ExtractOrder] = {}
        self.paid: dict[str, str] = {}
        self.loses_payment = False

    def order(self, request_id: str, order: ExtractOrder) -> ExtractView:
        self._answering()
        if order.object == "нет":
            raise ExtractNotIssued("object", "объекта нет")
        self.orders.setdefault(request_id, order)
        return self.view(order, request_id)

    def pay(self, order: ExtractOrder, view: ExtractView, payment_id: str) -> None:
        self._answering()
        if not self.loses_payment:
            self.paid.setdefault(view.number, payment_id)

    def view(self, order: ExtractOrder, number: str) -> ExtractView:
        self._answering()
        charge = self.charges.get(order.kind, 0)
        waits = charge > 0 and number not in self.paid
        return ExtractView(
            number=number,
            state="awaiting_payment" if waits else "ready",
            charge_kopecks=charge,
            uin="0",
        )

    def document(self, order: ExtractOrder, number: str) -> bytes:
        self._answering()
        return f"%PDF {order.kind}".encode()


class SetTaxCabinet(Failing):
    """ФНС whose taxpayers confirm as a test says; it knows no organization of an ИНН in
    `unknown`."""

    system = "tax_cabinet"

    def __init__(self) -> None:
        super().__init__()
        self.requests: dict[str, AccessView] = {}
        self.unknown: set[str] = set()

    def request_access(self, request_id: str, inn: str, ogrn: str, days: int) -> AccessView:
        self._answering()
        if inn in self.unknown:
            raise NoSuchTaxpayer("организации нет")
        return self.requests.setdefault(request_id, AccessView(number=request_id, state="pending"))

    def access(self, number: str) -> AccessView:
        self._answering()
        return self.requests[number]

    def card(self, inn: str, number: str) -> Mapping[str, Any] | None:
        self._answering()
        return {"inn": inn} if self.requests[number].state == "open" else None

    def move(self, state: AccessState) -> None:
        """The latest request is there now."""
        number = list(self.requests)[-1]
        self.requests[number] = AccessView(number=number, state=state)


class SetLicensing(Failing):
    """An authority that wants a charter and an expertise of every kind, misses what the files in
    `rejects` (by code) are, and decides as a test says. It refuses to take the activity 99."""

    system = "licensing"

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, LicenceView] = {}
        self.applied: dict[str, LicenceOrder] = {}
        self.supplements: dict[str, list[str]] = {}
        self.rejects: set[str] = set()

    def lists(self) -> Mapping[str, Mapping[str, str]]:
        self._answering()
        wanted = {"charter": "Устав", "expertise_results": "Результаты экспертизы"}
        return {"опасные вещества": wanted, "производство": wanted}

    def apply(self, request_id: str, order: LicenceOrder) -> LicenceView:
        self._answering()
        if order.activity == "99":
            raise LicenceNotTaken("activity", "такого кода нет")
        self.applied.setdefault(request_id, order)
        missing = tuple(each.code for each in order.documents if each.code in self.rejects)
        state: LicensingState = "awaiting_documents" if missing else "in_examination"
        made = LicenceView(number=f"N-{request_id}", state=state, missing=missing)
        return self.cases.setdefault(made.number, made)

    def supplement(
        self, number: str, request_id: str, documents: Sequence[LicenceDocument]
    ) -> LicenceView:
        self._answering()
        self.supplements.setdefault(request_id, [each.code for each in documents])
        self.cases[number] = LicenceView(number=number, state="in_examination")
        return self.cases[number]

    def view(self, number: str) -> LicenceView:
        self._answering()
        return self.cases[number]

    def document(self, licence: str) -> bytes:
        self._answering()
        return f"%PDF {licence}".encode()

    def decide(self, state: LicensingState, *reasons: str) -> None:
        """The latest case is decided."""
        number = list(self.cases)[-1]
        licence = "00000001" if state == "granted" else ""
        self.cases[number] = LicenceView(
            number=number, state=state, reasons=reasons, licence=licence
        )
