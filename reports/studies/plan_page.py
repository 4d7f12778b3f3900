"""`plan.html`: one page that needs nothing but itself."""

from functools import partial

from reports.formatting import exact
from reports.objectives import asked, bound
from reports.pages import environment, style
from reports.provenance import Provenance
from reports.studies.plan import method, objective_cell, place, sentences
from reports.studies.staircase import staircase
from reports.studies.texts import words
from rulebook import Language
from sim.studies.plan import Plan

__all__ = ["plan_page"]


def plan_page(plan: Plan, made: Provenance, lang: Language) -> str:
    """The page in `lang`."""
    page = environment(lang).get_template("plan.html.j2")
    told = sentences(plan, lang)
    return page.render(
        lang=lang,
        w=partial(words, lang=lang),
        style=style(),
        title=words("plan_title", lang, name=plan.name),
        scale=exact(plan.scale, lang) if plan.scale != 1.0 else "",
        verdict=told[0],
        is_bad=plan.answer.cheapest is None,
        more=told[1:],
        heads=[
            (o.id, asked(o, plan.titles, lang), bound(o, lang)) for o in plan.answer.most.objectives
        ],
        place=partial(place, plan),
        cell=partial(objective_cell, lang=lang),
        exact=partial(exact, lang=lang),
        stairs=staircase(plan, lang) if len(plan.variations) == 2 else None,
        method=method(plan, lang),
        prices=[
            words("plan_price", lang, name=key, price=exact(price, lang))
            for key, price in plan.prices.items()
        ],
        plan=plan,
        made=made,
    ) + "\n"  # fmt: skip
