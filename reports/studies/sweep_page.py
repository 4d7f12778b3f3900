"""`sweep.html`: one page that needs nothing but itself."""

from collections.abc import Sequence
from functools import partial

from reports.formatting import exact, number
from reports.pages import environment, style
from reports.provenance import Provenance
from reports.studies.curves import curve, heat_map
from reports.studies.sweep import columns
from reports.studies.texts import words
from rulebook import Language
from sim.studies.sweep import Sweep

__all__ = ["sweep_page"]


def sweep_page(sweep: Sweep, metrics: Sequence[str], made: Provenance, lang: Language) -> str:
    """The page in `lang`, with the scenario's objectives and `metrics`."""
    shown = columns(sweep, metrics, lang)
    keys = len(sweep.variations)
    curves = [curve(column, sweep, lang) for column in shown] if keys == 1 else []
    page = environment(lang).get_template("sweep.html.j2")
    return page.render(
        lang=lang,
        w=partial(words, lang=lang),
        style=style(),
        title=words("sweep_title", lang, name=sweep.name),
        scale=exact(sweep.scale, lang) if sweep.scale != 1.0 else "",
        points=number(len(sweep.points), lang),
        columns=shown,
        curves=[one for one in curves if one is not None],
        maps=[heat_map(column, sweep, lang) for column in shown] if keys == 2 else [],
        sweep=sweep,
        made=made,
    ) + "\n"  # fmt: skip
