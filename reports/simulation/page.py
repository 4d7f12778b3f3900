"""`report.html`: one page that needs nothing but itself; the template says what stands where."""

from reports.pages import environment, scripts
from reports.provenance import Provenance
from reports.simulation.charts import simulation_charts
from reports.simulation.sections import sections
from rulebook import Language
from sim.experiments.results import Result

__all__ = ["simulation_page"]


def simulation_page(result: Result, made: Provenance, lang: Language) -> str:
    """The page in `lang` (ru or en)."""
    drawn = simulation_charts(result, lang)
    parts = sections(result, made, frozenset(drawn.charts), lang)
    page = environment(lang).get_template("report.html.j2")
    return page.render(parts | scripts(drawn)) + "\n"
