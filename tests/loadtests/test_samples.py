"""Raw samples: written by each worker, read together, whole or not at all."""

from pathlib import Path

import pytest

from loadtests.samples import (
    OUTCOMES,
    SAMPLE,
    Acknowledged,
    JourneyEnd,
    Note,
    Sample,
    SampleWriter,
    read_acknowledged,
    read_journeys,
    read_notes,
    read_samples,
    read_start,
    write_start,
)


def sample(at_us: int, **changes: object) -> Sample:
    fields = {"journey": "account", "entity": 1, "operation": "POST sign-up", "status": 200}
    fields |= {"outcome": "ok", **changes}
    return Sample(intended_us=at_us, sent_us=at_us + 10, ended_us=at_us + 500, **fields)  # type: ignore[arg-type]


def test_a_sample_is_read_as_it_was_written(tmp_path: Path) -> None:
    fields = {"status": 422, "outcome": "refused", "detail": "ID-02", "entity": 41, "attempt": 2}
    with SampleWriter(tmp_path, 3) as writer:
        writer.write(sample(7, **fields, first_us=5))
    (row,) = read_samples(tmp_path)
    assert row.item() == (
        *(7, 17, 507, 5, 41, 3, 2, 422, OUTCOMES.index("refused")),
        *(b"account", b"POST sign-up", b"ID-02"),
    )


def test_first_attempt_is_the_one_that_is_not_told_of_another(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        writer.write(sample(7))
    assert read_samples(tmp_path)["first_us"].tolist() == [7]


def test_samples_of_all_workers_are_ordered_by_the_intended_instant(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as first, SampleWriter(tmp_path, 1) as second:
        second.write(sample(300, entity=3))
        first.write(sample(200, entity=4))
        second.write(sample(100, entity=1))
        first.write(sample(200, entity=2))
    rows = read_samples(tmp_path)
    assert list(zip(rows["intended_us"], rows["entity"], rows["worker"], strict=True)) == [
        (100, 1, 1), (200, 2, 0), (200, 4, 0), (300, 3, 1),
    ]  # fmt: skip


def test_what_a_kill_has_torn_is_left_out(tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        for at_us in (1, 2):
            writer.write(sample(at_us))
            writer.acknowledge(Acknowledged("account", f"id-{at_us}", "account", at_us, at_us))
    for name, size in (("samples-0.bin", SAMPLE.itemsize), ("acknowledged-0.jsonl", 10)):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[: -size // 2])
    assert read_samples(tmp_path)["intended_us"].tolist() == [1]
    assert [each.id for each in read_acknowledged(tmp_path)] == ["id-1"]


def test_nothing_is_read_where_nothing_was_written(tmp_path: Path) -> None:
    assert len(read_samples(tmp_path)) == 0
    assert [*read_acknowledged(tmp_path), *read_journeys(tmp_path), *read_notes(tmp_path)] == []
    assert read_start(tmp_path) is None


def test_a_writer_goes_on_where_a_former_one_has_ended(tmp_path: Path) -> None:
    for at_us in (1, 2):
        with SampleWriter(tmp_path, 0) as writer:
            writer.write(sample(at_us))
    assert read_samples(tmp_path)["intended_us"].tolist() == [1, 2]


def test_ends_notes_and_the_start_are_kept_beside_them(tmp_path: Path) -> None:
    ends = [JourneyEnd("account", n, 10 * n, 100, "completed") for n in (2, 1)]
    note = Note("recovery", "no-inbox")
    write_start(tmp_path, 1_700_000_000_000_000)
    for worker, end in enumerate(ends):
        with SampleWriter(tmp_path, worker) as writer:
            writer.end(end)
            writer.note(note)
    assert read_journeys(tmp_path) == ends[::-1]
    assert read_notes(tmp_path) == [note]
    assert read_start(tmp_path) == 1_700_000_000_000_000


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_number(outcome: str, tmp_path: Path) -> None:
    with SampleWriter(tmp_path, 0) as writer:
        writer.write(sample(1, outcome=outcome))
    assert OUTCOMES[read_samples(tmp_path)["outcome"][0]] == outcome
