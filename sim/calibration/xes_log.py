"""Event logs as XES (IEEE 1849), read trace by trace: only one is in memory as XML."""

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

from lxml import etree

from sim.calibration.log_problems import LogError, LogProblem
from sim.calibration.moments import MixedZones, Moments
from sim.calibration.raw_events import ABSENT, TRANSITIONS, RawEvents, Transition
from sim.experiments.visit_rows import OUTCOMES

__all__ = ["read_xes"]

_NAME: Final = "concept:name"
_LAST_LINE: Final = 65_534
_TIME: Final = "time:timestamp"

Attributes = Mapping[str, str]


def read_xes(stream: IO[bytes], path: Path, raw: RawEvents, moments: Moments) -> None:
    """Read all traces into `raw`. LogError with file and line: broken XML, a DOCTYPE, no time."""
    # Entities would need a DOCTYPE; limits of libxml2 against huge texts and depths stay on.
    traces = etree.iterparse(
        stream, events=("start", "end"), tag=("{*}log", "{*}trace"), resolve_entities=False,
        no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    reader = _Reader(path, raw, moments)
    number = 0
    try:
        for moment, element in traces:
            if moment == "start":
                reader.check(element)
            elif _local(element) == "trace":
                number += 1
                reader.trace(element, number)
                _forget(element)
    except etree.XMLSyntaxError as error:
        reason = error.msg or "XML"
        problem = LogProblem("log_xml", str(path), error.lineno or 1, params={"reason": reason})
        raise LogError([problem]) from None
    root = traces.root
    if root is None or _local(root) != "log":
        raise reader.error("log_root", 1, got="" if root is None else _local(root))


class _Reader:
    """Traces of one file into rows."""

    def __init__(self, path: Path, raw: RawEvents, moments: Moments) -> None:
        self._path = path
        self._raw = raw
        self._moments = moments
        self._case = ""

    def check(self, element: etree._Element) -> None:
        """LogError if the document has a DOCTYPE."""
        document: Any = element.getroottree()
        if document.docinfo.doctype:
            raise self.error("log_doctype", _line(element) or 1)

    def error(self, code: str, line: int, key: str = "", **params: object) -> LogError:
        """The problem `code` at a line, or in the present case."""
        where = " ".join(filter(None, (self._case, key)))
        problem = LogProblem(code, str(self._path), line or None, key=where, params=params)
        return LogError([problem])

    def trace(self, trace: etree._Element, number: int) -> None:
        """Keep the events of a trace, which is the `number`th."""
        raw, line = self._raw, _line(trace)
        about = _attributes(trace)
        self._case = f"trace {number}" + (f" ({about[_NAME]})" if about.get(_NAME) else "")
        events = [child for child in trace if _local(child) == "event"]
        replication = about.get("replication") if "journey" in about else None
        if replication not in (None, "0"):
            raw.repairs.add("other_replications", line, len(events))
            return
        name = about.get(_NAME, "")
        if not name:
            raw.repairs.add("unnamed_case", line)
        elif name in raw.cases:
            raw.repairs.add("repeated_case", line)
        if not name or name in raw.cases:
            name = f"{name}#{number}"
        if not events:
            raw.repairs.add("empty_case", line)
            return
        journey = about.get("journey", "")
        case = raw.case(name, journey)
        if replication is not None and about.get("outcome") == "unfinished":
            raw.cut_off(case)
        for event in events:
            self._event(event, case, journey, replication is not None)

    def _event(self, event: etree._Element, case: int, journey: str, modelled: bool) -> None:
        raw, line = self._raw, _line(event)
        about = _attributes(event)
        activity, when = about.get(_NAME, ""), about.get(_TIME, "")
        if not activity or not when:
            raw.repairs.add("no_time" if activity else "no_activity", line)
            return
        transition = self._transition(about, line)
        if transition is None:
            return
        enter = ABSENT
        if modelled:
            activity = activity.removeprefix(f"{journey}.")
            outcome = about.get("outcome", OUTCOMES[0])
            if outcome != OUTCOMES[0]:
                raw.repairs.add("not_served", line)
                return
            enter = self._time(about.get("enter", ""), line, "enter")
        raw.add(
            case,
            activity,
            self._time(when, line, _TIME),
            line,
            transition=transition,
            resource=about.get("org:resource", ""),
            instance=about.get("concept:instance", ""),
            enter=enter,
        )

    def _transition(self, about: Attributes, line: int) -> Transition | None:
        word = about.get("lifecycle:transition", "complete").casefold()
        if word not in TRANSITIONS:
            self._raw.repairs.add("other_transition", line)
            return None
        return TRANSITIONS[word]

    def _time(self, text: str, line: int, key: str) -> int:
        if not text:
            return ABSENT
        try:
            return self._moments.read(text)
        except MixedZones as mixed:
            expected = mixed.expected
            raise self.error("log_mixed_zones", line, key, got=text, expected=expected) from None
        except (ValueError, OverflowError):
            raise self.error("log_time", line, key, got=text) from None


def _attributes(element: etree._Element) -> dict[str, str]:
    """Attributes of a trace or an event, as text by key; nested ones are left alone."""
    found: dict[str, str] = {}
    for child in element:
        key, value = child.get("key"), child.get("value")
        if key is not None and value is not None:
            found.setdefault(key, value.strip())
    return found


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _line(element: etree._Element) -> int:
    """From 1; 0 where the parser does not know it: beyond 65534 in a file."""
    line: Any = element.sourceline
    return int(line) if line and line <= _LAST_LINE else 0


def _forget(element: etree._Element) -> None:
    """Free what has been read; otherwise the parser keeps the whole document."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
