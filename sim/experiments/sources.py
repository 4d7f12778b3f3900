"""The sources that figures depend on, as a digest: two runs of another program are never taken for
runs of the same one, whatever version it says it is."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["FIGURES", "LIBRARIES", "TWIN", "digest_of", "sources_digest"]

FIGURES: Final = ("sim", "scenarios", "world", "rulebook")
TWIN: Final = ("portal", "signatures")  # of runs with the portal's own use cases as well
LIBRARIES: Final = ("numpy", "numba", "simpy")  # whose versions figures depend on
# Scenarios of the country lie in their package; which one is run is known by its content.
_EXAMPLES: Final = ("scenarios", (".yaml", ".csv", ".json"))


@cache
def sources_digest(packages: tuple[str, ...] = FIGURES) -> str:
    """Of all files of `packages`, as they are when it is first asked for in a process."""
    folders = {}
    for name in packages:
        spec = find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations
        folders[name] = Path(spec.submodule_search_locations[0])
    return digest_of(folders)


def digest_of(folders: Mapping[str, Path]) -> str:
    """Of the names and contents of files below `folders`, by the names of their packages; without
    what Python and Numba keep there."""
    digest = hashlib.sha256()
    for name, folder in sorted(folders.items()):
        for path in sorted(_files(name, folder)):
            content = path.read_bytes()
            place = f"{name}/{path.relative_to(folder).as_posix()}"
            digest.update(f"{place}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(name: str, folder: Path) -> Iterable[Path]:
    package, endings = _EXAMPLES
    for path in folder.rglob("*"):
        if "__pycache__" in path.parts or not path.is_file():
            continue
        if name != package or path.parent != folder or path.suffix not in endings:
            yield path
