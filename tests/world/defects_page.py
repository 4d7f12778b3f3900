"""The table of docs/defects.md: every defect made in one filing of a legal entity.

After a change of the country or of a defect, `python -m tests.world.defects_page` writes it anew.
"""

import datetime as dt
from pathlib import Path

from rulebook import Defect, load
from tests.world.differences import differences
from world.country import World
from world.defects import apply
from world.documents import EICAR
from world.filings import filing_of

PAGE = Path(__file__).parents[2] / "docs" / "defects.md"
HEAD = ["| defect | where | что становится не так | example | caught by |", "|---|---|---|---|---|"]

SEED, INDEX, DAY, KEY = 2026, 0, dt.date(2026, 4, 20), 5


def table() -> list[str]:
    """The lines of the table, one for each defect of the rule book."""
    return [*HEAD, *(row(defect) for defect in load().defects.values())]


def row(defect: Defect) -> str:
    cells = (f"`{defect.id}`", defect.where, defect.text.ru, example(defect), rules(defect))
    return "| " + " | ".join(cells) + " |"


def example(defect: Defect) -> str:
    country = World(SEED)
    before = filing_of(country, INDEX, DAY)
    after = apply(defect, before, world=country, policy=load().policy(), key=KEY)
    if len(after.documents) < len(before.documents):
        (missing,) = set(before.documents) - set(after.documents)
        return f"`documents`: без файла «{missing.file_name}»"
    return "; ".join(
        f"`{path}`: {shown(was)} → {shown(now)}"
        for path, (was, now) in differences(before, after).items()
    )


def shown(value: object) -> str:
    match value:
        case None:
            return "нет"
        case "" | b"":
            return "пусто"
        case bool():
            return "да" if value else "нет"
        case bytes() if value == EICAR:
            return "проверочная строка EICAR"
        case _:
            return f"«{value}»"


def rules(defect: Defect) -> str:
    legal, sole = defect.rule_for("legal"), defect.rule_for("sole_proprietor")
    if sole is None:
        return f"{legal}; у ИП не бывает"
    return f"{legal}" if sole == legal else f"{legal}; у ИП {sole}"


def written_anew(page: str) -> str:
    """The page with the table as it should be."""
    start = page.index(HEAD[0])
    end = page.index("\n\n", start)
    return page[:start] + "\n".join(table()) + page[end:]


if __name__ == "__main__":
    PAGE.write_text(written_anew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
