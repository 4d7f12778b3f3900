"""Routes of biometric confirmation: challenges, templates, verifications, the person's samples."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from mocks.biometry.challenges import Challenges, Purpose
from mocks.biometry.matching import THRESHOLD, confidence, similarity
from mocks.biometry.samples import Modality, NotASampleError, Take, read_take, soiled, take
from mocks.biometry.templates import FAILURES, SERVICE, Level, Template, Templates
from mocks.core.feed_page import feed_page
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.moments import moment
from mocks.core.number_fields import Snils
from mocks.core.register import Numbered, Register, new_id
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from world.identifiers import is_valid_snils

__all__ = ["service"]

FALSE_REJECTION, FALSE_ACCEPTANCE = "false_rejection", "false_acceptance"
DEGRADED_SENSOR: Final = "degraded_sensor"

service: Final = Service(
    SERVICE,
    own_faults={
        FALSE_REJECTION: "человека не узнают, хотя это он (OPS-07)",
        FALSE_ACCEPTANCE: "другого человека принимают за этого",
        DEGRADED_SENSOR: "датчик загрязнён: образцы проверки сняты как в плохих условиях",
    },
)

Quality: TypeAlias = Literal["good", "poor"]

NOISE: Final[dict[Quality, float]] = {"good": 0.35, "poor": 6.0}
"""Assumption: takes in good conditions always match, poor ones about once in ten."""

_MOST_TAKES: Final = 10**9  # numbers of takes
_MOST_VERIFICATIONS: Final = 10_000  # the latest
_MOST_ENROLMENTS: Final = 10_000


Container: TypeAlias = Annotated[Base64Bytes, Field(min_length=1, max_length=8_192)]


class ChallengeRequest(BaseModel):
    """Whom and what for to ask."""

    model_config = ConfigDict(extra="forbid")

    snils: Snils
    purpose: Purpose


class Samples(BaseModel):
    """Samples in Base64; one of them may be missing, not both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    face: Container | None = None
    voice: Container | None = None

    @property
    def containers(self) -> dict[Modality, bytes]:
        """Those that there are."""
        given: dict[Modality, bytes | None] = {"face": self.face, "voice": self.voice}
        return {modality: content for modality, content in given.items() if content is not None}


class Enrolment(Numbered):
    """A template of a person who consents to it (572-ФЗ, art. 4)."""

    snils: Snils
    level: Level
    consent: Literal[True]
    challenge: str
    samples: Samples


class VerificationRequest(Numbered):
    """Is it this person?"""

    snils: Snils
    challenge: str
    samples: Samples


class Presence(BaseModel):
    """How the person stands before the sensor; `number` tells takes apart."""

    model_config = ConfigDict(extra="forbid")

    modality: Modality
    challenge: Annotated[str, Field(min_length=1, max_length=64)]
    number: Annotated[int, Field(ge=0, lt=_MOST_TAKES)] = 0
    quality: Quality = "good"


@dataclass(frozen=True, slots=True)
class Verification:
    """One comparison and its result."""

    id: str
    snils: str
    result: Literal["match", "no_match", "liveness_failed"]
    confidence: float | None
    attempts_left: int
    at_us: int


class Answers:
    """What one tenant's clients were answered, by their numbers."""

    def __init__(self, tenant: Tenant) -> None:
        self.verifications: Register[Verification] = Register(_MOST_VERIFICATIONS)
        self.enrolments: Register[Template] = Register(_MOST_ENROLMENTS)


@service.post("/v1/challenges")
def ask_challenge(call: Call) -> Answer:
    """What the person must answer; good once, for five minutes."""
    asked = call.request.read(ChallengeRequest)
    _known(call, asked.snils)
    challenges = call.tenant.state(Challenges)
    challenge = challenges.ask(asked.snils, asked.purpose, call.key, call.now_us)
    expires = moment(call.tenant, challenge.expires_us)
    return json_answer({"challenge": challenge.text, "expires": expires}, 201)


@service.post("/v1/templates")
def enrol(call: Call) -> Answer:
    """A person's template: 201; 200 for the same request again.

    Refusal 422 if the samples are not of a living one, or not of the person whose passport lies on
    the desk.
    """
    asked = call.request.read(Enrolment)
    answers, templates = call.tenant.state(Answers), call.tenant.state(Templates)
    repeated = answers.enrolments.repeated(asked)
    if repeated is not None:
        return json_answer(templates.view(repeated))
    _known(call, asked.snils)
    takes = _takes(asked.samples)
    _use(call, asked.challenge, asked.snils, "enrolment")
    if not _is_alive(takes, asked.challenge):
        raise Refusal(422, "liveness_failed", "Образцы сняты не с живого человека", field="samples")
    if not _is_the_holder(call, asked.snils, takes):
        message = "Образцы не того человека, чей паспорт предъявлен"
        raise Refusal(422, "not-the-holder", message, field="samples")
    features = {modality: one.features for modality, one in takes.items()}
    template_id = new_id(call.key, "template")
    template = templates.enrol(
        template_id, asked.snils, asked.level, features, call.key, call.now_us
    )
    answers.enrolments.keep(template_id, template, asked)
    return json_answer(templates.view(template), 201)


@service.get("/v1/templates/{snils}")
def show_template(call: Call) -> Answer:
    """Whether a person has a template, of which level, until when."""
    templates = call.tenant.state(Templates)
    return json_answer(templates.view(templates.find(call.values["snils"])))


@service.post("/v1/templates/{snils}/withdrawal")
def withdraw_consent(call: Call) -> Answer:
    """The person withdraws the consent."""
    templates = call.tenant.state(Templates)
    template = templates.find(call.values["snils"])
    templates.withdraw(template, call.now_us)
    return json_answer(templates.view(template))


@service.post("/v1/verifications")
def verify(call: Call) -> Answer:
    """Compare a person with their own template, one to one."""
    asked = call.request.read(VerificationRequest)
    register = call.tenant.state(Answers).verifications
    repeated = register.repeated(asked)
    if repeated is not None:
        return json_answer(_view(call, repeated))
    templates = call.tenant.state(Templates)
    template = templates.usable(asked.snils, call.now_us)
    takes = _takes(asked.samples)
    lacking = [modality for modality in takes if modality not in template.features]
    if lacking:
        message = f"В шаблоне нет модальности {', '.join(lacking)}"
        raise Refusal(422, "no-modality", message, field="samples")
    _use(call, asked.challenge, asked.snils, "verification")
    result, degree = _compared(call, template, takes, asked.challenge)
    templates.count(template, result == "match", call.now_us)
    locked = call.now_us < template.locked_until_us
    left = 0 if locked else FAILURES - template.failures
    found = Verification(
        new_id(call.key, "verification"), asked.snils, result, degree, left, call.now_us
    )
    register.keep(found.id, found, asked)
    return json_answer(_view(call, found), 201)


@service.get("/v1/verifications/{verification_id}")
def show_verification(call: Call) -> Answer:
    """The result of a comparison."""
    found = call.tenant.state(Answers).verifications.find(call.values["verification_id"])
    if found is None:
        message = f"Нет проверки {call.values['verification_id']}"
        raise Refusal(404, "no-such-verification", message)
    return json_answer(_view(call, found))


service.get("/v1/events")(feed_page)


@service.post("/v1/people/{snils}/samples")
def take_sample(call: Call) -> Answer:
    """The person stands before the sensor, which answers with what it has taken."""
    asked = call.request.read(Presence)
    snils = call.values["snils"]
    _known(call, snils)
    seed = call.tenant.records.world.seed
    noise = NOISE[asked.quality]
    content = take(seed, snils, asked.modality, asked.number, asked.challenge, noise)
    return json_answer({"modality": asked.modality, "sample": b64encode(content).decode()})


def _known(call: Call, snils: str) -> None:
    if not is_valid_snils(snils) or call.tenant.records.person_by_snils(snils) is None:
        raise Refusal(404, "no-such-person", f"Гражданина со СНИЛС {snils} нет", field="snils")


def _takes(samples: Samples) -> dict[Modality, Take]:
    takes: dict[Modality, Take] = {}
    for modality, container in samples.containers.items():
        try:
            takes[modality] = read_take(modality, container)
        except NotASampleError as error:
            message, field = str(error), f"samples.{modality}"
            raise Refusal(422, "not-a-sample", message, field=field) from None
    if not takes:
        raise Refusal(422, "no-samples", "Нужен образец лица или голоса", field="samples")
    return takes


def _use(call: Call, challenge: str, snils: str, purpose: Purpose) -> None:
    call.tenant.state(Challenges).use(challenge, snils, purpose, call.now_us)


def _is_alive(takes: dict[Modality, Take], challenge: str) -> bool:
    return all(one.answers(challenge) for one in takes.values())


def _is_the_holder(call: Call, snils: str, takes: dict[Modality, Take]) -> bool:
    """Whether the official sees the person of the passport, whose likeness is without noise."""
    seed = call.tenant.records.world.seed
    likeness = {m: read_take(m, take(seed, snils, m, 0, "", 0.0)) for m in takes}
    return _degree({m: one.features for m, one in likeness.items()}, takes) >= THRESHOLD


def _compared(
    call: Call, template: Template, takes: dict[Modality, Take], challenge: str
) -> tuple[Literal["match", "no_match", "liveness_failed"], float | None]:
    if not _is_alive(takes, challenge):
        return "liveness_failed", None
    if call.hit(DEGRADED_SENSOR):
        number = call.key.word("dirt") % _MOST_TAKES
        takes = {m: soiled(one, number, NOISE["poor"]) for m, one in takes.items()}
    degree = _degree(template.features, takes)
    if degree >= THRESHOLD:
        if call.hit(FALSE_REJECTION):
            degree = call.key.uniform("stranger") * THRESHOLD
    elif call.hit(FALSE_ACCEPTANCE):
        degree = 1.0 - call.key.uniform("likeness") * (1.0 - THRESHOLD)
    return ("match" if degree >= THRESHOLD else "no_match"), round(degree, 6)


def _degree(features: dict[Modality, bytes], takes: dict[Modality, Take]) -> float:
    return confidence(similarity(features[m], one.features) for m, one in takes.items())


def _view(call: Call, found: Verification) -> dict[str, Any]:
    return {
        "verification_id": found.id,
        "snils": found.snils,
        "result": found.result,
        "confidence": found.confidence,
        "threshold": THRESHOLD,
        "attempts_left": found.attempts_left,
        "at": moment(call.tenant, found.at_us),
    }
