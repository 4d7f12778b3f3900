"""Services of people and the portal: banks, payments, identification, antivirus."""

import itertools
from collections.abc import Mapping

from portal.ports.bank import BankCustomer, BankReply
from portal.ports.biometry import BiometricVerdict, Modality
from portal.ports.esia import EsiaPerson, EsiaRefused
from portal.ports.payments import GatewayPayment, GatewayRefused, GatewayState, NewPayment
from portal.ports.people_registers import NamedPerson
from portal.ports.unavailable import Unavailable
from portal.ports.video import VideoSession, VideoState, VideoView
from tests.portal.fakes.kernel import Failing


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
        self.decide(list(self.payments)[-1], state, reason)

    def decide(self, key: str, state: GatewayState, reason: str = "") -> None:
        """The payer has decided on the payment under that key."""
        self.payments[key] = GatewayPayment(number=f"N-{key}", state=state, reason=reason)


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


class SetHealth:
    """What the portal's calls have seen of other systems, as a test sets it."""

    def __init__(self) -> None:
        self.systems: set[str] = set()

    def silent(self) -> set[str]:
        return self.systems
