"""The scenario format as a JSON Schema (draft 2020-12), for editors.

It tells the shape of every key; what the loader checks between keys is beyond it. The committed
copy is `scenarios/schema.json`, remade by `python -m scenarios.schema > scenarios/schema.json`.
"""

import json
import sys
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from scenarios.format import Scenario

__all__ = ["json_schema", "json_schema_text"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file."""
    schema = Scenario.model_json_schema(by_alias=True, schema_generator=_WithoutTitles)
    return {"$schema": _DIALECT, **schema, "title": "Poligon scenario, format 1"}


def json_schema_text() -> str:
    """The schema as it is printed and committed."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out the titles that only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


if __name__ == "__main__":
    sys.stdout.write(json_schema_text())
