"""`validation.md`: the tables of a validation in English, for documents."""

from loadtests.validation.result import Validation
from reports.formatting import count, number
from reports.provenance import Provenance
from reports.validation.figures import figure_rows, outcome_in_words, processor_in_words, title_of

__all__ = ["validation_markdown"]


def validation_markdown(result: Validation, made: Provenance) -> str:
    """The tables in English, for documents."""
    lines = [
        f"`{made.command}`, {(made.started_at or '')[:16].replace('T', ' ')} UTC, "
        f"{made.elapsed_s or 0.0:.0f} s, on {made.machine}.",
    ]
    for way in ("registry", "portal"):
        levels = [level for level in result.levels if level.way == way]
        if not levels:
            continue
        lines += ["", f"**{title_of(way, result, 'en')}**", ""]
        heads = ["utilisation", "arrivals a second", "cases", "figure", "model", "live"]
        heads += ["live against model", "tolerance", "outcome"]
        lines += [_line(heads), _line(["---"] * len(heads))]
        lines += [
            _line(
                [
                    number(level.utilisation, "en", 2),
                    count(level.rate, "en"),
                    str(level.cases),
                    row.compared.figure,
                    row.predicted,
                    row.live,
                    row.error,
                    row.tolerance,
                    outcome_in_words(level, row.compared, "en") if row.tolerance else "",
                ]
            )
            for level in levels
            for row in figure_rows(level, "en")
        ]
    found = result.calibrated
    if found is not None:
        alone = ", ".join(f"{name} {ms:.2f} ms" for name, ms in found.alone_ms.items())
        speeds = ", ".join(f"{speed:.2f} with {inside:.1f}" for inside, speed in found.speeds)
        processor = processor_in_words(result.levels, "en")
        lines += [
            "",
            f"Calibration: alone {alone}; speed {speeds} inside; "
            f"a refusal {found.refusal_ms:.2f} ms; saturation {found.saturation:.0f} a second of a "
            f"processor as fast as then; slower by {found.elasticity:.2f}% for each per cent that "
            "the processor is slower. Others used "
            f"{max(level.others_cpu or 0.0 for level in result.levels):.2f} processors at "
            f"most{processor and f', {processor}'}.",
        ]
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
