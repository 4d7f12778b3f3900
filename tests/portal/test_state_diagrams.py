"""The page of state machines shows the tables of the code as they are."""

from pathlib import Path

from portal.state_diagrams import diagram, page
from portal.state_table import StateTable

PAGE = Path(__file__).parents[2] / "docs" / "state-machines.md"


def test_the_page_is_what_the_tables_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_table_is_drawn_with_titles_events_beginning_and_end() -> None:
    table = StateTable(
        name="lamp",
        titles={"off": "Выключена", "on": "Горит", "burnt": "Перегорела"},
        first="off",
        transitions={("off", "press"): "on", ("on", "press"): "off", ("on", "burn"): "burnt"},
    )
    assert list(diagram(table)) == [
        "stateDiagram-v2",
        '    state "Выключена" as off',
        '    state "Горит" as on',
        '    state "Перегорела" as burnt',
        "    [*] --> off",
        "    off --> on: press",
        "    on --> off: press",
        "    on --> burnt: burn",
        "    burnt --> [*]",
    ]
