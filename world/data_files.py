"""Tables of the country: `data/NAME.yaml` is a mapping from NAME to a list of entries."""

from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _YamlLoader
except ImportError:  # PyYAML built without libyaml: same result, slower
    from yaml import SafeLoader as _YamlLoader  # type: ignore[assignment]

__all__ = ["entries"]

_FOLDER = Path(__file__).parent / "data"


def entries(name: str) -> list[dict[str, Any]]:
    """The entries of one table, in its order."""
    with (_FOLDER / f"{name}.yaml").open("rb") as file:
        read: list[dict[str, Any]] = yaml.load(file, Loader=_YamlLoader)[name]
    return read
