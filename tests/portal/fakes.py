"""Ports of a portal whose answers a test sets. Each register may be `down`."""

import datetime as dt
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.ports.authority import (
    AuthorityOrder,
    NotIdentified,
    OrderDocument,
    OrderRefused,
    OrderState,
    OrderView,
)
from portal.ports.bank import BankCustomer, BankReply
from portal.ports.biometry import BiometricVerdict, Modality
from portal.ports.employment import Consent, TypedEmployee
from portal.ports.esia import EsiaPerson, EsiaRefused
from portal.ports.extracts import ExtractNotIssued, ExtractOrder, ExtractView
from portal.ports.licensing import (
    LicenceDocument,
    LicenceNotTaken,
    LicenceOrder,
    LicenceView,
    LicensingState,
)
from portal.ports.messenger import Fate, Letter, NotSent
from portal.ports.payments import GatewayPayment, GatewayRefused, GatewayState, NewPayment
from portal.ports.people_registers import AuthorityVerdict, NamedPerson, PassportVerdict, Verdict
from portal.ports.public_events import PublicEvent
from portal.ports.registers import RegisterChange, RegisterRecord
from portal.ports.reporting import FiledReport, IntakeState, ReportNotTaken, ReportView
from portal.ports.signatures import (
    CertificateFacts,
    CertificateStatus,
    SignatureFacts,
    WrongSignature,
)
from portal.ports.tax_cabinet import AccessState, AccessView, NoSuchTaxpayer
from portal.ports.unavailable import Unavailable
from portal.ports.verification import Agency, CaseState, CaseView, Remark, UnknownCase
from portal.ports.video import VideoSession, VideoState, VideoView
from rulebook import Kind
from world.calendar import Calendar

START = dt.datetime(2026, 2, 2, 10)  # a Monday morning in Moscow


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self, start: dt.datetime = START) -> None:
        self.calendar = Calendar(start=start)
        self._us = 0

    def now(self) -> dt.datetime:
        return self.calendar.local(self._us)

    def move(self, by: dt.timedelta) -> None:
        self._us += by // dt.timedelta(microseconds=1)

    def move_to(self, moment: dt.datetime) -> None:
        self.move(moment - self.now())


class CountedEntropy:
    """The n-th code is the number n, the n-th token the hash of it: the same each time."""

    def __init__(self) -> None:
        self.given = 0

    def code(self, purpose: str, digits: int) -> str:
        self.given += 1
        return f"{self.given:0{digits}d}"

    def token(self, purpose: str) -> str:
        self.given += 1
        return hashlib.sha256(f"{purpose}/{self.given}".encode()).hexdigest()[:32]


class RecordingMessenger:
    """Keeps what it was given, by id once; takes nothing through the channels in `refusing`. What
    it takes through those in `losing` never arrives, through those in `slow` not yet."""

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.refusing: set[str] = set()
        self.losing: set[str] = set()
        self.slow: set[str] = set()
        self.attempts: list[str] = []

    def send(self, letter: Letter) -> None:
        self.attempts.append(letter.id)
        if letter.channel in self.refusing:
            raise NotSent(f"{letter.channel} does not work")
        self.letters[letter.id] = letter

    def fate(self, letter: Letter) -> Fate:
        if letter.id in self.letters:
            return "delivered"
        if letter.channel in self.losing:
            return "failed"
        if letter.channel in self.slow:
            return "on_its_way"
        self.send(letter)
        return "delivered"

    def sent_to(self, contact: str) -> list[str]:
        """The texts that came to a phone or an address, in order."""
        return [letter.text for letter in self.letters.values() if letter.to == contact]


class Failing:
    """What may be down: then nothing is answered."""

    system: str

    def __init__(self) -> None:
        self.down = False

    def _answering(self) -> None:
        if self.down:
            raise Unavailable(self.system, "503", retry_after_s=60)


class RecordedRegisters(Failing):
    """ЕГРЮЛ and ЕГРИП with the records that a test has put in."""

    system = "egrul"

    def __init__(self) -> None:
        super().__init__()
        self.records: list[RegisterRecord] = []
        self.log: list[RegisterChange] = []

    def add(self, record: RegisterRecord) -> RegisterRecord:
        self.records.append(record)
        return record

    def change(self, ogrn: str, **fields: Any) -> RegisterRecord:
        """Put other facts into a record; the change is in the log."""
        at = next(at for at, each in enumerate(self.records) if each.ogrn == ogrn)
        changed = self.records[at] = replace(self.records[at], **fields)
        number = len(self.log) + 1
        self.log.append(
            RegisterChange(number, changed.kind, changed.ogrn, changed.inn, tuple(fields))
        )
        return changed

    def find(self, kind: Kind, number: str) -> RegisterRecord | None:
        self._answering()
        for record in self.records:
            if record.kind == kind and number in (record.ogrn, record.inn):
                return record
        return None

    def changes(self, kind: Kind, after: int) -> Sequence[RegisterChange]:
        self._answering()
        return [each for each in self.log if each.kind == kind and each.number > after]


class SetFns(Failing):
    """ФНС that finds everybody in order, but those in `people` (by ИНН) and `foreign_accounts`; the
    code of authority that it sends to a head is `authority_code`."""

    system = "fns"
    authority_code = "135790"

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, tuple[Verdict, Sequence[str]]] = {}
        self.foreign_accounts: set[str] = set()

    def check_person(self, person: NamedPerson, inn: str) -> tuple[Verdict, Sequence[str]]:
        self._answering()
        return self.people.get(inn, ("match", ()))

    def check_account(self, inn: str, bik: str, account: str) -> bool:
        self._answering()
        return account not in self.foreign_accounts

    def ask_authority_code(
        self, request_id: str, inn: str, ogrn: str, representative_inn: str
    ) -> str | None:
        self._answering()
        return f"CODE-{request_id}"

    def confirm_authority(self, number: str, code: str) -> AuthorityVerdict:
        self._answering()
        return "confirmed" if code == self.authority_code else "wrong_code"


class SetMvd(Failing):
    """МВД that finds every passport good, but those in `passports` (by series and number)."""

    system = "mvd"

    def __init__(self) -> None:
        super().__init__()
        self.passports: dict[tuple[str, str], tuple[PassportVerdict, Sequence[str]]] = {}

    def check_passport(
        self, person: NamedPerson, series: str, number: str, issued: dt.date
    ) -> tuple[PassportVerdict, Sequence[str]]:
        self._answering()
        return self.passports.get((series, number), ("valid", ()))


class SetVerification(Failing):
    """ФНС and ПФР as a test moves their cases on; a case begins in progress."""

    system = "smev"

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[str, CaseView] = {}
        self.submitted: list[tuple[Agency, str, Mapping[str, str]]] = []
        self.replies: list[tuple[Agency, str]] = []
        self.hurried: list[str] = []

    def submit(self, agency: Agency, request_id: str, data: Mapping[str, str]) -> str:
        self._answering()
        number = f"{agency}-{request_id}"
        if number not in self.cases:
            self.submitted.append((agency, request_id, dict(data)))
            self.cases[number] = CaseView(number=number, state="in_progress")
        return number

    def state(self, agency: Agency, number: str) -> CaseView:
        self._answering()
        if number not in self.cases:
            raise UnknownCase(number)
        return self.cases[number]

    def change(self, agency: Agency, number: str, request_id: str, data: Mapping[str, str]) -> str:
        self._answering()
        if number not in self.cases:
            raise UnknownCase(number)
        self.submitted.append((agency, request_id, dict(data)))
        self.cases[number] = CaseView(number=number, state="in_progress")
        return number

    def reply(
        self, agency: Agency, number: str, request_id: str, text: str, data: Mapping[str, str]
    ) -> str:
        self.replies.append((agency, text))
        return self.change(agency, number, request_id, data)

    def hurry(self, agency: Agency, number: str) -> None:
        self._answering()
        self.hurried.append(number)

    def answer(self, agency: Agency, state: CaseState, *remarks: Remark) -> None:
        """Move the latest case of an agency on."""
        number = [each for each in self.cases if each.startswith(f"{agency}-")][-1]
        self.cases[number] = CaseView(number=number, state=state, remarks=remarks)


class SetSignatures(Failing):
    """Certificates that a test has issued and messages that it has signed with them."""

    system = "cert_status"

    def __init__(self) -> None:
        super().__init__()
        self._certificates: dict[bytes, CertificateFacts] = {}
        self._messages: dict[bytes, tuple[bytes, SignatureFacts]] = {}
        self._documents: dict[bytes, SignatureFacts] = {}
        self.statuses: dict[str, CertificateStatus] = {}

    def issue(self, clock: MovedClock, name: str = "Иван", **facts: Any) -> CertificateFacts:
        """A certificate of a year from now; its file is `facts.der`."""
        der = f"certificate {len(self._certificates)} of {name}".encode()
        made = CertificateFacts(
            fingerprint=hashlib.sha256(der).hexdigest(),
            serial=f"{len(self._certificates) + 1:032x}",
            der=der,
            **{
                "common_name": name,
                "inn": None,
                "legal_inn": None,
                "ogrn": None,
                "ogrnip": None,
                "snils": None,
                "issuer": "УЦ",
                "algorithm": "gost",
                "not_before": clock.now(),
                "not_after": clock.now() + dt.timedelta(days=365),
                **facts,
            },
        )
        self._certificates[der] = made
        return made

    def sign(
        self,
        content: bytes,
        certificate: CertificateFacts,
        at: dt.datetime | None = None,
        stamped: dt.datetime | None = None,
    ) -> bytes:
        """A signature over `content` that `verify` knows."""
        message = f"signature {len(self._messages)}".encode()
        facts = SignatureFacts(certificate=certificate, signing_time=at, stamped=stamped)
        self._messages[message] = (content, facts)
        return message

    def sign_xml(self, document: bytes, certificate: CertificateFacts) -> None:
        """Let `document` count as one with a good signature inside."""
        self._documents[document] = SignatureFacts(
            certificate=certificate, signing_time=None, stamped=None
        )

    def certificate(self, file: bytes) -> CertificateFacts:
        if file not in self._certificates:
            raise WrongSignature("malformed", "Подпись или сертификат не разбирается")
        return self._certificates[file]

    def verify(self, message: bytes, content: bytes) -> SignatureFacts:
        if message not in self._messages:
            raise WrongSignature("malformed", "Подпись или сертификат не разбирается")
        signed, facts = self._messages[message]
        if signed != content:
            raise WrongSignature("digest", "Подписанные данные изменены: хеш не совпадает")
        return facts

    def verify_xml(self, document: bytes) -> SignatureFacts:
        if document not in self._documents:
            raise WrongSignature("signature", "Подпись неверна")
        return self._documents[document]

    def status(self, certificate: CertificateFacts, at: dt.datetime) -> CertificateStatus:
        self._answering()
        set_by_test = self.statuses.get(certificate.fingerprint)
        if set_by_test is not None:
            return set_by_test
        if at < certificate.not_before:
            return "not_yet_valid"
        return "expired" if at > certificate.not_after else "good"


class SetAuthority(Failing):
    """An authority whose applications a test moves on; the passport of every representative is
    4510 123456. It refuses the fields in `refusing` and issues the file `issued`."""

    system = "ca"

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, AuthorityOrder] = {}
        self.states: dict[str, OrderView] = {}
        self.refusing: list[str] = []
        self.issued = b""

    def submit(self, request_id: str, order: AuthorityOrder) -> OrderView:
        self._answering()
        if self.refusing:
            raise OrderRefused(self.refusing[0], "не принято")
        number = f"CERT-{len(self.orders) + 1}"
        self.orders[number] = order
        return self.move("checking", number)

    def view(self, number: str) -> OrderView:
        self._answering()
        return self.states[number]

    def supplement(
        self, number: str, request_id: str, documents: Sequence[OrderDocument]
    ) -> OrderView:
        self._answering()
        return self._after("documents", "checking", number)

    def pay(self, number: str, payment_id: str, kopecks: int) -> OrderView:
        self._answering()
        return self._after("payment", "identification", number)

    def identify(self, number: str, series: str, passport: str) -> OrderView:
        self._answering()
        if (series, passport) != ("4510", "123456"):
            raise NotIdentified("Паспорт не того, кто указан представителем")
        return self._after("identification", "issued", number)

    def receive(self, number: str) -> bytes:
        self._answering()
        return self.issued

    def move(self, state: OrderState, number: str = "", **more: Any) -> OrderView:
        """Let the latest application be there."""
        number = number or list(self.orders)[-1]
        moved = OrderView(number=number, state=state, price_kopecks=350_000, **more)
        self.states[number] = moved
        return moved

    def _after(self, before: OrderState, after: OrderState, number: str) -> OrderView:
        is_due = self.states[number].state == before
        return self.move(after, number) if is_due else self.states[number]


class EicarAntivirus(Failing):
    """Finds a virus in every file with «EICAR» in it."""

    system = "antivirus"

    def scan(self, name: str, content: bytes) -> str | None:
        self._answering()
        return "Eicar-Test-Signature" if b"EICAR" in content else None


class SetBank(Failing):
    """A bank with the `customers` of a test, by hint; `replies` are what they have done."""

    system = "bank"

    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, BankCustomer] = {}
        self.replies: dict[str, BankReply] = {}
        self._asked: dict[str, BankCustomer] = {}

    def begin(self, request_id: str, hint: str) -> str | None:
        self._answering()
        if hint not in self.customers:
            return None
        self._asked[request_id] = self.customers[hint]
        self.replies.setdefault(request_id, BankReply(answer="waiting"))
        return request_id

    def answer(self, number: str) -> BankReply:
        self._answering()
        return self.replies[number]

    def confirm(self) -> None:
        """The customer who was asked last confirms."""
        number = list(self._asked)[-1]
        self.replies[number] = BankReply(answer="confirmed", customer=self._asked[number])

    def decline(self) -> None:
        """The customer who was asked last declines."""
        self.replies[list(self._asked)[-1]] = BankReply(answer="declined")


class SetPaymentGateway(Failing):
    """A gateway whose payers agree or not as a test says; `created` is what it was asked for, by
    key once. It loses the next answers if `loses_answers`, and refuses the field `refusing`."""

    system = "payment_gateway"

    def __init__(self) -> None:
        super().__init__()
        self.created: dict[str, NewPayment] = {}
        self.payments: dict[str, GatewayPayment] = {}
        self.loses_answers = False
        self.refusing = ""

    def create(self, key: str, payment: NewPayment) -> GatewayPayment:
        self._answering()
        if self.refusing:
            raise GatewayRefused(self.refusing, "не принято")
        if self.created.setdefault(key, payment) != payment:
            raise AssertionError(f"another payment under the key {key}")
        made = GatewayPayment(number=f"N-{key}", state="pending", address=f"https://pay.test/{key}")
        found = self.payments.setdefault(key, made)
        if self.loses_answers:
            raise Unavailable(self.system, "the answer is lost")
        return found

    def view(self, number: str) -> GatewayPayment:
        self._answering()
        return self.payments[number.removeprefix("N-")]

    def end(self, state: GatewayState, reason: str = "") -> None:
        """The payer has decided on the latest payment."""
        key = list(self.payments)[-1]
        self.payments[key] = GatewayPayment(number=f"N-{key}", state=state, reason=reason)


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


class SetVideo(Failing):
    """Conversations that end as a test says."""

    system = "video_id"

    def __init__(self) -> None:
        super().__init__()
        self.views: dict[str, VideoView] = {}

    def begin(self, request_id: str, person: NamedPerson, snils: str) -> VideoSession:
        self._answering()
        self.views.setdefault(request_id, VideoView(state="waiting"))
        return VideoSession(number=request_id, address=f"https://video.test/{request_id}")

    def view(self, number: str) -> VideoView:
        self._answering()
        return self.views[number]

    def end(self, state: VideoState, reason: str | None = None) -> None:
        """The latest conversation is over."""
        self.views[list(self.views)[-1]] = VideoView(state=state, reason=reason)


class SetBiometry(Failing):
    """Templates of people by СНИЛС: a face is the template's own text, anything else a stranger's;
    a challenge is good once."""

    system = "biometry"

    def __init__(self) -> None:
        super().__init__()
        self.faces: dict[str, bytes] = {}
        self.asked: set[str] = set()
        self._numbers = itertools.count()

    def challenge(self, snils: str) -> str | None:
        self._answering()
        if snils not in self.faces:
            return None
        challenge = f"challenge {next(self._numbers)}"
        self.asked.add(challenge)
        return challenge

    def verify(
        self, request_id: str, snils: str, challenge: str, samples: Mapping[Modality, bytes]
    ) -> BiometricVerdict:
        self._answering()
        if snils not in self.faces:
            return "no_template"
        if challenge not in self.asked:
            return "no_challenge"
        self.asked.discard(challenge)
        return "match" if samples.get("face") == self.faces[snils] else "no_match"


class SetEsia(Failing):
    """ЕСИА with the people who come back, by code; another code is refused."""

    system = "esia"

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, EsiaPerson] = {}

    def sign_in_address(self, state: str) -> str:
        return f"https://esia.test/aas/oauth2/v2/ac?state={state}"

    def person(self, code: str, state: str) -> EsiaPerson:
        self._answering()
        if code not in self.people:
            raise EsiaRefused("ESIA-007011")
        return self.people[code]


class SetEmployment(Failing):
    """Contracts of people by СНИЛС (everybody else has none, but a consent is asked of them all),
    and the states of their consents, which they give at once unless a test says otherwise."""

    system = "citizen_portal"

    def __init__(self) -> None:
        super().__init__()
        self.contracts: dict[str, TypedEmployee] = {}
        self.consents: dict[str, Consent] = {}
        self.asked: list[str] = []
        self.strangers: set[str] = set()
        self._of: dict[str, str] = {}

    def ask_consent(self, request_id: str, inn: str, snils: str) -> Consent | None:
        self._answering()
        if snils in self.strangers:
            return None
        if request_id not in self._of:
            self._of[request_id] = snils
            self.asked.append(snils)
        approved = Consent(number=request_id, state="approved")
        return self.consents.get(snils, approved)

    def differing(self, consent: Consent, typed: TypedEmployee) -> Sequence[str]:
        self._answering()
        if consent.state != "approved":
            return ()
        contract = self.contracts.get(self._of[consent.number])
        if contract is None:
            return ("employment",)
        fields = ("full_name", "inn", "position", "department")
        return [name for name in fields if getattr(contract, name) != getattr(typed, name)]


class SetHealth:
    """What the portal's calls have seen of other systems, as a test sets it."""

    def __init__(self) -> None:
        self.systems: set[str] = set()

    def silent(self) -> set[str]:
        return self.systems
