"""`report.html`: one page that needs nothing but itself; the template says what stands where."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reports.charts import chart_data
from reports.pages import environment, raw
from reports.sections import sections
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["html", "scripts"]

UPLOT = "static/uplot"


def html(result: Result, manifest: Mapping[str, Any], lang: Language) -> str:
    """The page in `lang` (ru or en); of `manifest` it shows `command` and `versions` if they are
    there.
    """
    page = environment(lang).get_template("report.html.j2")
    data = chart_data(result, lang)
    parts = sections(result, manifest, frozenset(data["charts"]), lang)
    return page.render(parts | scripts(data)) + "\n"


def scripts(data: Mapping[str, Any]) -> dict[str, Markup]:
    """Style, scripts and the numbers they draw."""
    return {
        "chart_data": _script_json(data),
        "style": raw(f"{UPLOT}/uPlot.min.css") + raw("static/report.css") + raw("static/study.css"),
        "uplot": raw(f"{UPLOT}/uPlot.iife.min.js"),
        "script": raw("static/charts.js"),
    }


def _script_json(data: Mapping[str, Any]) -> Markup:
    """JSON that cannot end its script element, whatever the scenario's names say."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        plain = plain.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(plain)
