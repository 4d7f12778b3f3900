"""The committed JSON Schema and the page of the format are those of the format."""

import re
from pathlib import Path

import scenarios
from scenarios.builtin_models import BUILTIN_JOURNEYS
from scenarios.format import Scenario
from scenarios.loader import loads
from scenarios.metrics import JOURNEY_FIGURES, STATION_FIGURES
from scenarios.schema import json_schema, json_schema_text

COMMITTED = Path(scenarios.__file__).parent / "schema.json"
PAGE = (Path(scenarios.__file__).parents[1] / "docs/scenario-format.md").read_text(encoding="utf-8")


def test_committed_schema_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == json_schema_text()


def test_schema_has_every_key_as_files_spell_it_and_admits_no_other() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(Scenario.model_fields)
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {
        "version", "name", "calendar", "stations", "arrivals", "journeys",
    }  # fmt: skip
    assert set(schema["$defs"]["Peak"]["properties"]) == {"from", "to", "factor"}
    assert set(schema["$defs"]["Fault"]["properties"]) >= {"from", "for"}
    assert set(schema["$defs"]["Choice"]["properties"]) == {"to", "p", "if"}


def keys_of(schema: object) -> set[str]:
    """Every key that the schema has for a mapping, at any depth."""
    if isinstance(schema, list):
        return {key for item in schema for key in keys_of(item)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own | {key for item in schema.values() for key in keys_of(item)}


def test_page_of_the_format_tells_every_key_and_metric() -> None:
    words = {word.strip(".") for word in re.findall(r"[\w.]+", PAGE)}
    assert keys_of(json_schema()) - words == set()
    assert {*JOURNEY_FIGURES, *STATION_FIGURES, *BUILTIN_JOURNEYS} - words == set()


def test_example_of_the_page_is_a_scenario() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert loads(example).scenario.name == "Registration before the tax period"
