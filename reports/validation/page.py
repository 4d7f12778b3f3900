"""`validation.html`: one page that needs nothing but itself."""

from functools import partial
from typing import Any

from loadtests.validation.result import Level, Validation
from reports.formatting import number
from reports.pages import environment, scripts
from reports.provenance import Provenance
from reports.validation.charts import validation_charts
from reports.validation.figures import (
    figure_rows,
    outcome_in_words,
    processor_in_words,
    title_of,
)
from reports.validation.texts import validation_text
from rulebook import Language

__all__ = ["validation_page"]


def validation_page(result: Validation, made: Provenance, lang: Language) -> str:
    """The page in `lang` (ru or en)."""
    drawn = validation_charts(result, lang)
    context: dict[str, Any] = {
        "result": result,
        "made": made,
        "lang": lang,
        "t": partial(validation_text, lang=lang),
        "verdict": _verdict(result, lang),
        "ways": [
            {
                "name": way,
                "title": title_of(way, result, lang),
                "rows": [
                    {
                        "number": n,
                        "level": level,
                        "figures": figure_rows(level, lang),
                        "processor": processor_in_words([level], lang),
                    }
                    for n, level in enumerate(result.levels)
                    if level.way == way
                ],
            }
            for way in ("registry", "portal")
        ],
        "elasticity": number(result.calibrated.elasticity, lang, 2) if result.calibrated else "",
        "outcome": partial(outcome_in_words, lang=lang),
    }
    page = environment(lang).get_template("validation.html.j2")
    return page.render(context | scripts(drawn)) + "\n"


def _verdict(result: Validation, lang: Language) -> tuple[str, bool]:
    missed = [level for level in result.levels if not level.is_within]
    noisy = [level for level in result.levels if level.is_noisy]
    if missed:
        named = ", ".join(_named(level, lang) for level in missed)
        return validation_text("verdict_missed", lang, levels=named), True
    if noisy:
        named = ", ".join(_named(level, lang) for level in noisy)
        return validation_text("verdict_noisy", lang, levels=named), True
    return validation_text("verdict_met", lang), False


def _named(level: Level, lang: Language) -> str:
    name = validation_text(f"short_{level.way}", lang)
    return f"{name} {number(level.utilisation, lang, 2)}"
