"""The scanner's HTTP face: scans of uploaded content, statistics, database updates, signatures."""

import base64
import binascii
from datetime import UTC
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mocks.antivirus.scanner import EICAR_SIGNATURE, Finding, Signature, scan
from mocks.core.http import Answer, Refusal, json_answer
from mocks.core.service import Call, Service
from mocks.core.tenant import Tenant
from world.microseconds import HOUR_US, MINUTE_US

__all__ = ["service"]

VERSIONS: Final = ("v3.0", "v3.1")
MOST_SIGNATURES: Final = 1_000
UPDATE_US: Final = 2 * MINUTE_US  # assumption
AUTOMATIC_UPDATE_US: Final = HOUR_US  # assumption
_HEURISTIC: Final = "HEUR:Trojan.Script.Generic"

service: Final = Service(
    "antivirus",
    own_faults={
        "false_positive": "чистый файл объявляется заражённым",
        "missed": "заражённый файл проходит как чистый",
        "stuck_update": "обновление баз завершается ошибкой",
        "engine_error": "движок не отвечает: scanResult SERVER_ERROR",
    },
    # 20 MB (DOC-04) in base64, with room for the message around it
    most_body=32 * 2**20,
)


class ScanRequest(BaseModel):
    """A block of memory to scan, in base64; `timeout` in milliseconds."""

    model_config = ConfigDict(extra="forbid")

    object: str
    name: str | None = None
    timeout: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")] | None = None


class NewSignature(BaseModel):
    """A signature to detect from now on: a digest of the content or a text inside it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    text: Annotated[str, Field(min_length=4, max_length=1000)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "NewSignature":
        if (self.sha256 is None) == (self.text is None):
            raise ValueError("ожидается либо sha256, либо text")
        return self


class Engine:
    """A tenant's scanner: its signatures, its database and what it has counted."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.signatures: dict[str, Signature] = {EICAR_SIGNATURE.name: EICAR_SIGNATURE}
        self.counts = dict.fromkeys(
            (
                "total_requests",
                "infected_requests",
                "protected_requests",
                "error_requests",
                "engine_errors",
                "processed_data",
                "infected_data",
                "processed_urls",
                "infected_urls",
            ),
            0,
        )
        self.released_us = tenant.now_us
        self.updating = False
        self.last_result = "success"
        tenant.agenda.at(tenant.now_us + AUTOMATIC_UPDATE_US, self._update_hourly)

    def begin_update(self, now_us: int, fails: bool) -> bool:
        """Start an update; False if one is under way."""
        if self.updating:
            return False
        self.updating = True
        self._tenant.agenda.at(now_us + UPDATE_US, lambda us: self._end_update(us, fails))
        return True

    def _update_hourly(self, now_us: int) -> None:
        key = self._tenant.keys.made("antivirus", "update")
        self.begin_update(now_us, self._tenant.hit("stuck_update", "antivirus", key))
        self._tenant.agenda.at(now_us + AUTOMATIC_UPDATE_US, self._update_hourly)

    def _end_update(self, now_us: int, failed: bool) -> None:
        self.updating = False
        self.last_result = "error" if failed else "success"
        if not failed:
            self.released_us = now_us

    def count(self, verdict: str, size: int) -> None:
        """Add a scan to the statistics."""
        self.counts["total_requests"] += 1
        self.counts["processed_data"] += size
        if verdict == "DETECT":
            self.counts["infected_requests"] += 1
            self.counts["infected_data"] += size
        elif verdict == "SERVER_ERROR":
            self.counts["engine_errors"] += 1
        elif verdict != "CLEAN":
            self.counts["error_requests"] += 1


def scan_memory(call: Call) -> Answer:
    """Scan what the client has sent (DOC-07)."""
    engine = call.tenant.state(Engine)
    asked = call.request.read(ScanRequest)
    try:
        content = base64.b64decode(asked.object, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "bad-base64", "object: ожидается base64", field="object") from None
    if call.hit("engine_error"):
        engine.count("SERVER_ERROR", 0)
        return json_answer(_named({"object": "memory", "scanResult": "SERVER_ERROR"}, asked.name))
    findings = scan(content, engine.signatures.values())
    if findings[0].verdict == "DETECT" and call.hit("missed"):
        findings = [Finding("", "CLEAN")]
    elif findings[0].verdict == "CLEAN" and call.hit("false_positive"):
        findings = [Finding("", "DETECT", _HEURISTIC)]
    engine.count(findings[0].verdict, len(content))
    answer = _named(_result(findings[0]), asked.name)
    if len(findings) > 1:
        answer["subObjectsScanResults"] = [_result(finding) for finding in findings[1:]]
    return json_answer(answer)


def statistics(call: Call) -> Answer:
    """What has been scanned since the start or the last clearing."""
    return json_answer({"statistics": call.tenant.state(Engine).counts})


def clear_statistics(call: Call) -> Answer:
    """Count anew."""
    counts = call.tenant.state(Engine).counts
    counts.update(dict.fromkeys(counts, 0))
    return json_answer({"clearStatistics": "true"})


def bases_date(call: Call) -> Answer:
    """When the database in use was released, by the UTC clock."""
    released = call.tenant.clock.calendar.local(call.tenant.state(Engine).released_us)
    return json_answer({"databaseVersion": f"{released.astimezone(UTC):%d.%m.%Y %H:%M GMT}"})


def start_update(call: Call) -> Answer:
    """Update the database; it takes two minutes."""
    engine = call.tenant.state(Engine)
    begun = engine.begin_update(call.now_us, call.hit("stuck_update"))
    return json_answer({"status": "update started" if begun else "update already launched"})


def update_status(call: Call) -> Answer:
    """Whether an update is under way, and how the last one ended."""
    engine = call.tenant.state(Engine)
    if engine.updating:
        return json_answer({"status": "in progress"})
    return json_answer({"status": "completed", "last_update_result": engine.last_result})


for version in VERSIONS:
    service.post(f"/api/{version}/scanmemory")(scan_memory)
    service.get(f"/api/{version}/getstatistics")(statistics)
    service.post(f"/api/{version}/clearstatistics")(clear_statistics)
    service.get(f"/api/{version}/basesdate")(bases_date)
    service.post(f"/api/{version}/update/start")(start_update)
    service.get(f"/api/{version}/update/status")(update_status)


@service.get("/v1/signatures")
def list_signatures(call: Call) -> Answer:
    """What is detected beside clean content."""
    signatures = call.tenant.state(Engine).signatures.values()
    return json_answer({"signatures": [_listed(each) for each in signatures]})


@service.post("/v1/signatures")
def add_signature(call: Call) -> Answer:
    """Detect something more from now on."""
    new = call.request.read(NewSignature)
    engine = call.tenant.state(Engine)
    if new.name in engine.signatures:
        raise Refusal(409, "signature-taken", f"Сигнатура {new.name} уже есть", field="name")
    if len(engine.signatures) >= MOST_SIGNATURES:
        raise Refusal(507, "too-many", f"Сигнатур не больше {MOST_SIGNATURES}")
    pattern = None if new.text is None else new.text.encode()
    engine.signatures[new.name] = Signature(new.name, new.sha256, pattern)
    return json_answer(_listed(engine.signatures[new.name]), 201)


@service.route("DELETE", "/v1/signatures/{name}")
def remove_signature(call: Call) -> Answer:
    """Take a signature out of the list."""
    name = call.values["name"]
    if call.tenant.state(Engine).signatures.pop(name, None) is None:
        raise Refusal(404, "no-such-signature", f"Нет сигнатуры {name}")
    return Answer(204)


def _result(finding: Finding) -> dict[str, object]:
    result: dict[str, object] = {
        "object": f"memory{finding.path}",
        "scanResult": finding.verdict,
    }
    if finding.detection is not None:
        result["detectionName"] = finding.detection
    result["containsOfficeMacro"] = "true" if finding.macro else "false"
    return result


def _named(result: dict[str, object], name: str | None) -> dict[str, object]:
    return result if name is None else {**result, "name": name}


def _listed(signature: Signature) -> dict[str, str]:
    listed = {"name": signature.name}
    if signature.sha256 is not None:
        listed["sha256"] = signature.sha256
    if signature.pattern is not None:
        listed["text"] = signature.pattern.decode(errors="replace")
    return listed
