"""Pages that need nothing but themselves: templates and their filters, styles and scripts put in
as they are.
"""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.chart import ChartPage
from reports.formatting import count, duration, factor, share
from rulebook import Language

__all__ = ["environment", "scripts", "style"]

HERE = Path(__file__).parent
STATIC = HERE / "static"
UPLOT = STATIC / "uplot"


def environment(lang: Language) -> Environment:
    """The templates, escaping on; the filters show numbers in `lang` (ru or en)."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {
        name: partial(_in_language, show, lang)
        for name, show in {
            "count": count,
            "duration": duration,
            "share": share,
            "factor": factor,
        }.items()
    }
    return templates


def style() -> Markup:
    """The style sheet of every page."""
    return _as_it_is(STATIC / "report.css") + _as_it_is(STATIC / "study.css")


def scripts(drawn: ChartPage) -> dict[str, Markup]:
    """What a page with charts needs, by the names of its template: the numbers that are drawn, the
    script, and the style of both.
    """
    return {
        "chart_data": _script_json(drawn.as_data()),
        "style": _as_it_is(UPLOT / "uPlot.min.css") + style(),
        "uplot": _as_it_is(UPLOT / "uPlot.iife.min.js"),
        "script": _as_it_is(STATIC / "charts.js"),
    }


def _in_language(show: Any, lang: Language, value: float | None) -> str:
    return str(show(value, lang))


def _as_it_is(path: Path) -> Markup:
    return Markup(path.read_text(encoding="utf-8"))


def _script_json(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end its script element, whatever the scenario's names say."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        plain = plain.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(plain)
