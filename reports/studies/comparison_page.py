"""`compare.html`: one page that needs nothing but itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from reports.formatting import exact, number
from reports.objectives import asked, metric_in_words
from reports.pages import environment, style
from reports.provenance import Provenance
from reports.studies.comparison import bounds, rows, sentences
from reports.studies.forest import forest
from reports.studies.texts import words
from reports.texts import text
from rulebook import Language
from sim.studies.comparison import Comparison, Difference

__all__ = ["comparison_page"]

_DRAWN = ("time.mean", "time.p95")


def comparison_page(
    comparison: Comparison,
    made: Provenance,
    files: Mapping[str, Mapping[str, Any]],
    notes: Sequence[str],
    lang: Language,
) -> str:
    """The page in `lang`; `files` are the `file` and the `changes` of each side, A and B, `notes`
    what was done to them."""
    page = environment(lang).get_template("compare.html.j2")
    found = Counter(difference.verdict for difference in comparison.differences)
    left_out = {"equal": found["equal"], "absent": found["absent"], "one": comparison.unmatched}
    return page.render(
        lang=lang,
        w=partial(words, lang=lang),
        t=partial(text, lang=lang),
        style=style(),
        title=_title(comparison, lang),
        scale=exact(comparison.scale, lang) if comparison.scale != 1.0 else "",
        pairs=words("cmp_pairs", lang, pairs=number(comparison.pairs, lang)),
        sentences=sentences(comparison, lang),
        objectives=[
            (one, asked(one.a, comparison.a.titles, lang), bounds(one, lang))
            for one in comparison.objectives
        ],
        forest=forest(_titled(comparison, lang), lang),
        rows=rows(comparison, lang),
        left_out={name: number(many, lang) for name, many in left_out.items()},
        comparison=comparison,
        made=made,
        files=files,
        notes=notes,
    ) + "\n"  # fmt: skip


def _title(comparison: Comparison, lang: Language) -> str:
    a, b = comparison.a.name, comparison.b.name
    return words("cmp_same", lang, name=a) if a == b else words("cmp_title", lang, a=a, b=b)


def _titled(comparison: Comparison, lang: Language) -> Sequence[tuple[str, Difference]]:
    """Times of the journeys that have arrivals, under their titles."""
    paths = [f"journeys.{j.name}.{f}" for j in comparison.a.titles.journeys for f in _DRAWN]
    found = [(path, comparison.of(path)) for path in paths]
    return [
        (metric_in_words(path, comparison.a.titles, lang), d)
        for path, d in found
        if d is not None and d.verdict != "one_sided"
    ]
