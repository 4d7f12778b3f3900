"""Notes of a run in words."""

from reports.notes import notes_in_words


def test_rounded_capacities_share_one_line() -> None:
    notes = ["scale-rounding:egrul=1/0.5", "replayed-not-scaled", "scale-rounding:fns=3/2.6"]
    assert notes_in_words(notes, "ru") == [
        "Записанные моменты поступления масштаб не меняет: они воспроизводятся как есть.",
        "Масштаб округлил мощность: egrul — 1 вместо 0,5; fns — 3 вместо 2,6.",
    ]
    assert notes_in_words(notes, "en")[1] == (
        "The scale rounded capacities: egrul 1 instead of 0.5; fns 3 instead of 2.6."
    )


def test_a_note_without_a_text_stands_as_it_is() -> None:
    assert notes_in_words(["something else"], "en") == ["something else"]


def test_without_notes_there_are_no_lines() -> None:
    assert notes_in_words([], "en") == []


def test_a_note_names_what_it_is_about() -> None:
    notes = ["station-unused:fnss", "policy-unused:VER-02.typical_h", "fault-not-begun:down"]
    assert notes_in_words(notes, "en") == [
        "No node asks station fnss: is its name right?",
        "Policy VER-02.typical_h changes nothing in this model: its journeys and stations do not"
        " read it.",
        "Fault down never began: the run ended before it.",
    ]
