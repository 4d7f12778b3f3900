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
