"""Why a run has not begun, as a code and what it is about: whoever has started Locust words it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from loadtests.applicants import NobodyLeft
from loadtests.target import StandMismatch, TargetError

__all__ = ["Refusal", "read_refusal", "refusal_of", "write_refusal"]

_FILE: Final = "refusal.json"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`country`: the `portal` has another one than the plan. `nobody`: it has no applicant of the
    `kind` left. `target`: a `request` was given this `answer`, which is no success; `target_clock`,
    `target_json`, `target_organization`: which is none of these. `other`: `said`, in English."""

    code: str
    params: Mapping[str, str]


def refusal_of(error: Exception) -> Refusal:
    """What an error says that whoever runs it can mend."""
    match error:
        case StandMismatch():
            return Refusal("country", {"portal": error.portal})
        case NobodyLeft():
            return Refusal("nobody", {"kind": error.kind})
        case TargetError():
            code = f"target_{error.lacks}" if error.lacks else "target"
            return Refusal(code, {"request": error.request, "answer": error.got})
        case _:
            return Refusal("other", {"said": str(error)})


def write_refusal(folder: Path, refusal: Refusal) -> None:
    """Leave it among the results of the run."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(refusal), ensure_ascii=False) + "\n"
    (folder / _FILE).write_text(text, encoding="utf-8")


def read_refusal(folder: Path) -> Refusal | None:
    """That of a run; None if it was not refused."""
    path = folder / _FILE
    return Refusal(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None
