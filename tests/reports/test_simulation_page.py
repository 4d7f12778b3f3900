"""report.html: complete, self-contained, safe, in both languages."""

import json
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import reports
from reports.provenance import Provenance
from reports.simulation.page import simulation_page
from reports.texts import NOUNS, TEXTS
from rulebook import Language
from sim.experiments.results import CheckResult, Result
from tests.reports.sample import sample
from tests.reports.tiny import JOURNEY, MADE, tiny, without_completions, without_intervals

VOID = {"meta", "br", "hr", "img", "input", "link", "col"}
HOSTILE = "</script><script>alert('x')</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Elements, visible words by element, and whether every element that was opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open:
            self.words.setdefault(self.open[-1], []).append(data.strip())

    @property
    def visible(self) -> str:
        return "\n".join(
            w for tag, words in self.words.items() if tag not in ("script", "style") for w in words
        )


@pytest.fixture(scope="module")
def page() -> str:
    return simulation_page(sample(), MADE, "ru")


ROWS = [sample(), sample(1), tiny(), without_intervals(), without_completions()]


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("result", ROWS, ids=["full", "full-1", "tiny", "tiny-1", "nothing"])
def test_page_is_well_formed(result: Result, lang: Language) -> None:
    page = Page(simulation_page(result, MADE, lang))
    assert page.elements[0] == ("html", {"lang": lang})


def test_empty_result_still_makes_a_page() -> None:
    empty = tiny(
        figures={}, objectives=[], checks=[], journeys=[], stations=[], faults=[], unfinished=[],
        rules={}, defaults=[], notes=[],
    )  # fmt: skip
    assert "Обращений в сценарии нет." in Page(simulation_page(empty, MADE, "ru")).visible


def test_page_refers_to_nothing_outside_itself(page: str) -> None:
    # The XML namespace is a name, not an address that anything loads.
    attributes = [
        value for _, attrs in Page(page).elements for name, value in attrs.items()
        if name in ("src", "href", "action", "data", "srcset", "poster", "style", "xlink:href")
    ]  # fmt: skip
    assert [value for value in attributes if value is None or "//" in value] == []
    assert re.findall(r"url\(|@import", page) == []
    assert re.findall(r"\bimport\(|fetch\(|XMLHttpRequest|WebSocket|sendBeacon", page) == []
    assert "default-src 'none'" in page
    assert not any(
        tag in ("link", "iframe", "object", "embed", "img") for tag, _ in Page(page).elements
    )


def test_ids_are_unique_and_links_lead_to_them(page: str) -> None:
    elements = Page(page).elements
    ids = [attrs["id"] for _, attrs in elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {attrs["href"] for _, attrs in elements if attrs.get("href")}
    assert {link.removeprefix("#") for link in links if link} <= set(ids)


def test_everything_of_the_result_is_on_the_page(page: str) -> None:
    result, visible = sample(), Page(page).visible
    named = [
        *(objective.id for objective in result.objectives),
        *(station.name for station in result.stations),
        *(station.title["ru"] for station in result.stations),
        *(journey.name for journey in result.journeys),
        *(journey.title["ru"] for journey in result.journeys),
        *(node.id for journey in result.journeys for node in journey.nodes),
        *(node.title["ru"] for journey in result.journeys for node in journey.nodes),
        *(fault.id for fault in result.faults),
        *result.rules,
        *(texts["ru"] for texts in result.rules.values()),
        *(check.name for check in result.checks),
        *(check.detail for check in result.checks),
        *(line["ru"] for line in result.defaults), *result.notes,
        result.scenario_hash, "Europe/Moscow", "2026", "0,02",
        "poligon simulate <file>", "python 3.11.2",
    ]  # fmt: skip
    assert [name for name in named if name not in visible] == []


def test_figures_stand_in_cells_with_their_intervals(page: str) -> None:
    assert '<td class="n">1320<small>1300–1340</small></td>' not in page
    assert '<td class="n">812<small>796–829</small></td>' in page.replace("\u202f", " ")


def test_charts_of_the_page_have_data_and_a_description(page: str) -> None:
    holders = [attrs for _, attrs in Page(page).elements if "data-chart" in attrs]
    data = json.loads(re.findall(r'id="chart-data">(.*?)</script>', page, re.DOTALL)[0])
    wanted = {holder["data-chart"] for holder in holders}
    # Eight of nine stations are busy; two charts each. Two journeys with three.
    assert len(wanted) == len(holders) == 22
    assert wanted <= set(data["charts"])
    assert all(holder["role"] == "img" and holder["aria-label"] for holder in holders)


def test_verdict_tells_good_from_bad_news() -> None:
    def verdict(result: Result) -> str:
        page = simulation_page(result, MADE, "en")
        return str(re.findall(r'<p class="verdict[^>]*>[^<]*', page)[0])

    assert verdict(tiny()) == '<p class="verdict bad">1 of 2 objectives met'
    assert verdict(without_intervals()) == '<p class="verdict">All objectives met: 1 of 1'
    assert verdict(tiny(objectives=[])) == '<p class="verdict">The scenario sets no objectives'
    broken = tiny(checks=[CheckResult("flow", False, "1 != 2")])
    assert verdict(broken).startswith('<p class="verdict bad">The model broke its conservation')


def test_scale_is_warned_about_unless_it_is_one() -> None:
    warning = "потоки и постоянные мощности умножены"
    assert f"Масштаб 0,02: {warning}" in simulation_page(tiny(scale=0.02), MADE, "ru")
    assert warning not in simulation_page(tiny(scale=1.0), MADE, "ru")


def test_one_replication_shows_no_intervals_and_says_why() -> None:
    page = simulation_page(without_intervals(), MADE, "ru")
    assert "Одна репликация: интервалов нет" in page
    assert re.findall(r'<td class="n">[^<]*<small>', page) == []


def test_hostile_names_are_text() -> None:
    journey = replace(JOURNEY, name=HOSTILE, title={"ru": HOSTILE, "en": HOSTILE})
    result = tiny(
        name=HOSTILE, description=HOSTILE, journeys=[journey], notes=[HOSTILE],
        defaults=[{"ru": HOSTILE, "en": HOSTILE}],
        rules={"REG-02": {"ru": HOSTILE, "en": HOSTILE}},
        checks=[CheckResult(HOSTILE, True, HOSTILE)],
        faults=[replace(tiny().faults[0], id=HOSTILE)],
    )  # fmt: skip
    page = simulation_page(result, Provenance(command=HOSTILE, versions={HOSTILE: HOSTILE}), "ru")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert HOSTILE in Page(page).words["h1"]


def test_known_notes_and_checks_are_told_in_words() -> None:
    page = Page(simulation_page(tiny(), MADE, "en")).visible
    assert "The scale does not change recorded arrivals: they are replayed as they are." in page
    assert "Arrived = completed + abandoned + unfinished" in page


def test_rules_that_never_rejected_are_listed_apart() -> None:
    page = simulation_page(tiny(), MADE, "ru")
    assert page.index("Не отказали ни разу:") < page.index(">REG-04</span>")


def test_same_result_gives_the_same_bytes() -> None:
    assert simulation_page(sample(), MADE, "ru") == simulation_page(sample(), MADE, "ru")


def test_texts_have_the_same_blanks_in_both_languages() -> None:
    def blanks(text: str) -> set[str | None]:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field}

    assert [key for key, found in TEXTS.items() if not (found.ru and found.en)] == []
    assert [key for key, found in TEXTS.items() if blanks(found.ru) != blanks(found.en)] == []
    assert all(len(nouns.ru) == 3 and len(nouns.en) == 2 for nouns in NOUNS.values())


def test_russian_texts_have_no_latin_words_and_english_ones_no_cyrillic() -> None:
    def latin(key: str, text: str) -> list[str]:
        return re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}|\|L − λW\|", "", text))

    assert {key: latin(key, found.ru) for key, found in TEXTS.items() if latin(key, found.ru)} == {}
    assert [key for key, found in TEXTS.items() if re.search("[а-яё]", found.en, re.I)] == []


def test_headings_of_a_page_are_in_its_language(page: str) -> None:
    russian, english = Page(page), Page(simulation_page(sample(), MADE, "en"))
    for tag in ("h2", "h3", "h4", "caption", "dt", "summary", "figcaption"):
        assert [w for w in russian.words.get(tag, []) if re.search("[A-Za-z]", w)] == []
        assert [w for w in english.words.get(tag, []) if re.search("[а-яё]", w, re.I)] == []


def test_every_text_is_used() -> None:
    folder = Path(reports.__file__).parent
    sources = [p for p in folder.rglob("*") if p.suffix in (".py", ".j2") and p.name != "texts.py"]
    source = "\n".join(p.read_text(encoding="utf-8") for p in sources)
    named = set(re.findall(r"""["']([\w.-]+)["']""", source))
    # Keys that are put together from an id.
    built = ("fault_", "check_", "note_", "at_")
    assert [k for k in [*TEXTS, *NOUNS] if k not in named and not k.startswith(built)] == []
