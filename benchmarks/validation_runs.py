"""The latest validations beside one another: what was judged in each, as a table and a drawing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["Judged", "Run", "drawn", "kept_with", "run_of", "tabled"]

_KEPT: Final = 5
_COLUMNS: Final = (("registry", "p95"), ("portal", "p95"), ("portal", "throughput"))
_WIDTH, _LABELS, _ROW, _MARGIN = 920, 330, 34, 26
_WIDEST: Final = 0.3  # an error beyond is drawn at the edge, with its figure
_TICKS: Final = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
_STYLE: Final = (
    "text{font:12px 'DejaVu Sans',sans-serif;fill:#333}.far{font-size:11px;fill:#a33}"
    ".band{fill:#dcebdc}.axis{stroke:#bbb}.zero{stroke:#777}.run{fill:#2b6cb0}"
)


@dataclass(frozen=True)
class Judged:
    """A figure of a level: its error is a part of what the model says (0.05: live is 5% above)."""

    way: str
    utilisation: float
    figure: str
    error: float
    tolerance: float


@dataclass(frozen=True)
class Run:
    """A validation: when (UTC, to the minute), its judged times and throughputs, how many figures
    of all were missed, and how many levels were on a busy machine."""

    at: str
    judged: Sequence[Judged]
    missed: int
    noisy: int


def run_of(found: Mapping[str, Any]) -> Run:
    """The run of a `validation.json`."""
    rows = [(level, each) for level in found["levels"] for each in level["compared"]]
    judged = [
        Judged(level["way"], level["utilisation"], row["figure"], row["error"], row["tolerance"])
        for level, row in rows
        if row["tolerance"] is not None and (level["way"], row["figure"]) in _COLUMNS
    ]
    missed = sum(row["is_met"] is False for _, row in rows)
    noisy = sum(level["is_noisy"] for level in found["levels"])
    return Run(found["started_at"][:16].replace("T", " "), judged, missed, noisy)


def kept_with(run: Run, file: Path) -> list[Run]:
    """The latest runs, that one first, which are kept in `file` from now on."""
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    runs = [Run(**{**each, "judged": [Judged(**row) for row in each["judged"]]}) for each in before]
    runs = [run, *(each for each in runs if each.at != run.at)][:_KEPT]
    file.write_text(json.dumps([asdict(each) for each in runs], indent=1) + "\n", encoding="utf-8")
    return runs


def tabled(runs: Iterable[Run]) -> str:
    """A row a run, in Markdown."""
    heads = ["run", "registry, p95", "portal, p95", "throughput at saturation", "outcome"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(['---'] * len(heads))} |"]
    for run in runs:
        outcome = f"{run.missed} missed" if run.missed else "all met"
        if run.noisy:
            outcome += f", {run.noisy} levels on a busy machine"
        cells = [f"{run.at} UTC", *(_errors(run, *column) for column in _COLUMNS), outcome]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def drawn(runs: Sequence[Run]) -> str:
    """An SVG: a row a figure, its tolerance as a band, a dot a run, the latest the darkest."""
    rows = {_place(each): each for run in runs for each in run.judged}
    bottom = _MARGIN + len(rows) * _ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{bottom + _MARGIN}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{bottom + _MARGIN}" fill="#fff"/>',
        f'<text x="{_x(0.0)}" y="16" text-anchor="middle">live against model</text>',
    ]
    for number, (place, judged) in enumerate(rows.items()):
        parts += _row(_MARGIN + (number + 0.5) * _ROW, place, judged.tolerance, runs)
    for tick in _TICKS:
        style = "axis" if tick else "zero"
        parts.append(
            f'<path class="{style}" d="M{_x(tick)} {_MARGIN}V{bottom}"/>'
            f'<text x="{_x(tick)}" y="{bottom + 16}" text-anchor="middle">{tick:+.0%}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _row(
    y: float, place: tuple[str, str, float], tolerance: float, runs: Sequence[Run]
) -> list[str]:
    way, figure, utilisation = place
    left = _x(-tolerance)
    parts = [
        f'<text x="12" y="{y + 4}">{way}, {figure} at {utilisation:g}</text>',
        f'<rect class="band" x="{left}" y="{y - _ROW / 2 + 3}" '
        f'width="{_x(tolerance) - left}" height="{_ROW - 6}"/>',
    ]
    for age, run in reversed(list(enumerate(runs))):
        for each in run.judged:
            if _place(each) == place:
                opacity = 1.0 - age / (_KEPT + 1)
                level = y + (age - (len(runs) - 1) / 2) * 4
                parts.append(
                    f'<circle class="run" cx="{_x(each.error)}" cy="{level}" r="4" '
                    f'opacity="{opacity:.2f}"><title>{run.at} UTC: {each.error:+.1%}</title>'
                    "</circle>"
                )
    far = [each.error for run in runs for each in run.judged if _place(each) == place]
    told = ", ".join(f"{error:+,.0%}" for error in far if abs(error) > _WIDEST)
    if told:
        parts.append(f'<text class="far" x="12" y="{y + 16}">beyond: {told}</text>')
    return parts


def _place(judged: Judged) -> tuple[str, str, float]:
    return judged.way, judged.figure, judged.utilisation


def _x(error: float) -> float:
    inside = min(max(error, -_WIDEST), _WIDEST)
    return round(_LABELS + (inside + _WIDEST) / (2 * _WIDEST) * (_WIDTH - _LABELS - _MARGIN), 1)


def _errors(run: Run, way: str, figure: str) -> str:
    told = [
        f"{100 * each.error:+.1f} at {each.utilisation:g}"
        for each in run.judged
        if (each.way, each.figure) == (way, figure)
    ]
    return ", ".join(told) or "—"
