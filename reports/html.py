"""`report.html`: one page that needs nothing but itself; the template says what stands where."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.charts import chart_data
from reports.formatting import count, duration, factor, share
from reports.sections import sections
from sim.experiments.results import Result

__all__ = ["html"]

HERE = Path(__file__).parent
UPLOT = "static/uplot"


def html(result: Result, manifest: Mapping[str, Any], lang: str) -> str:
    """The page in `lang` (ru or en); of `manifest` it shows `command` and `versions` if they are
    there.
    """
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        name: partial(_in_language, show, lang)
        for name, show in {
            "count": count,
            "duration": duration,
            "share": share,
            "factor": factor,
        }.items()
    }
    page = environment.get_template("report.html.j2")
    data = chart_data(result, lang)
    parts = sections(result, manifest, frozenset(data["charts"]), lang)
    return page.render(parts | _scripts(data)) + "\n"


def _in_language(show: Any, lang: str, value: float | None) -> str:
    return str(show(value, lang))


def _scripts(data: Mapping[str, Any]) -> dict[str, Markup]:
    """Style, scripts and the numbers they draw."""
    return {
        "chart_data": _script_json(data),
        "style": _raw(f"{UPLOT}/uPlot.min.css") + _raw("static/report.css"),
        "uplot": _raw(f"{UPLOT}/uPlot.iife.min.js"),
        "script": _raw("static/charts.js"),
    }


def _script_json(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end its script element, whatever the scenario's names say."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        plain = plain.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(plain)


def _raw(path: str) -> Markup:
    """A file of ours or a vendored one, as it is."""
    return Markup((HERE / path).read_text(encoding="utf-8"))
