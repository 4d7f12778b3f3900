"""Reading event logs: what is taken from them, what is repaired, what is refused and how."""

import gzip
from pathlib import Path

import pytest

from sim.calibration import raw_events
from sim.calibration.activity_log import ActivityLog
from sim.calibration.log_problems import LogError, Repair
from sim.calibration.raw_events import ABSENT, NOBODY
from sim.calibration.reading import read_log

HEAD = '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">'


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def event(activity: str, time: str, transition: str = "complete", **more: str) -> str:
    keys = {"concept:name": activity, "lifecycle:transition": transition}
    keys |= {key.replace("__", ":"): value for key, value in more.items()}
    texts = "".join(f'<string key="{key}" value="{value}"/>' for key, value in keys.items())
    return f'<event>{texts}<date key="time:timestamp" value="{time}"/></event>'


def trace(name: str, *events: str) -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def rows(log: ActivityLog) -> list[tuple[object, ...]]:
    """Case, activity, resource, and seconds of enter, start and end since the first end."""
    zero = int(log.end.min())

    def second(us: int) -> float | None:
        return None if us == ABSENT else (us - zero) / 1e6

    return [
        (
            int(case),
            log.activities[activity],
            None if resource == NOBODY else log.resources[resource],
            second(int(enter)),
            second(int(start)),
            second(int(end)),
        )
        for case, activity, resource, enter, start, end in zip(
            log.case, log.activity, log.resource, log.enter, log.start, log.end, strict=True
        )
    ]


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(LogError) as caught:
        read_log(path, **options)  # type: ignore[arg-type]
    return caught.value.text("en").replace(f"{path.parent}/", "")


# --- CSV ------------------------------------------------------------------------------------------


def test_csv_columns_are_found_by_their_usual_names_whatever_the_order(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "Resource,Activity,Timestamp,Case ID\n"
        "ann,ask,2026-04-20T09:00:00+03:00,7\n"
        "bob,answer,2026-04-20T09:01:30+03:00,7\n",
    )
    log = read_log(path)
    assert rows(log) == [
        (0, "ask", "ann", None, None, 0.0),
        (0, "answer", "bob", None, None, 90.0),
    ]
    assert (log.zone, log.repairs) == ("Europe/Moscow", ())


def test_csv_of_a_russian_excel_is_read_with_its_delimiter_names_and_times(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "\ufeffНомер обращения;Шаг;Начало;Окончание;Исполнитель\r\n"
        "1;приём;20.04.2026 09:00;20.04.2026 09:05:30;Иванова\r\n",
    )
    log = read_log(path)
    assert rows(log) == [(0, "приём", "Иванова", None, -330.0, 0.0)]
    assert log.repairs == (Repair("local_times", 1),)


def test_csv_columns_with_unusual_names_are_given(tmp_path: Path) -> None:
    path = written(tmp_path, "log.csv", "a,b,c\n1,ask,2026-04-20T09:00:00Z\n")
    assert refusal(path) == (
        "log.csv:1: expected a column for the case; name it: --columns case=COLUMN; "
        "there are: a, b, c"
    )
    log = read_log(path, {"case": "a", "activity": "b", "time": "c"})
    assert rows(log) == [(0, "ask", None, None, None, 0.0)]
    assert refusal(path, columns={"case": "d"}) == (
        'log.csv:1: --columns case: there is no such column: got "d"; there are: a, b, c'
    )


def test_csv_starts_and_completions_in_rows_of_their_own_are_paired(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "case,activity,time,lifecycle\n"
        "1,ask,2026-04-20T09:00:00Z,schedule\n1,ask,2026-04-20T09:00:10Z,START\n"
        "1,ask,2026-04-20T09:00:40Z,complete\n1,ask,2026-04-20T09:01:00Z,start\n"
        "1,ask,2026-04-20T09:01:00Z,suspend\n",
    )
    log = read_log(path)
    assert rows(log) == [(0, "ask", None, -40.0, -30.0, 0.0)]
    assert log.repairs == (Repair("other_transition", 1, 6), Repair("unpaired_start", 1, 5))


def test_csv_rows_without_case_activity_or_time_are_counted_with_their_first_line(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "case,activity,time\n,ask,2026-04-20T09:00Z\n1,,2026-04-20T09:00Z\n1,ask,\n\n1\n"
        "1,ask,2026-04-20T09:00Z\n",
    )
    log = read_log(path)
    assert len(log.case) == 1
    assert log.repairs == (
        Repair("no_case", 1, 2),
        Repair("no_activity", 2, 3),
        Repair("no_time", 1, 4),
    )


def test_events_out_of_order_are_sorted_and_repeated_ones_left_out(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "case,activity,time\n1,b,2026-04-20T09:02Z\n1,a,2026-04-20T09:01Z\n"
        "2,a,2026-04-20T09:00Z\n1,b,2026-04-20T09:02Z\n",
    )
    log = read_log(path)
    assert [(case, name) for case, name, *_ in rows(log)] == [(0, "a"), (0, "b"), (1, "a")]
    assert log.repairs == (Repair("unordered", 1, 3), Repair("duplicate", 1, 5))


def test_a_start_after_its_end_leaves_the_end_only(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "log.csv",
        "case,activity,start,end\n1,a,2026-04-20T09:02Z,2026-04-20T09:01Z\n",
    )
    log = read_log(path)
    assert rows(log) == [(0, "a", None, None, None, 0.0)]
    assert log.repairs == (Repair("start_after_end", 1, 2),)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("2026-04-20T09:00", "expected a time 2026-04-20T09:00:00+03:00"),
        ("yesterday", "expected an ISO 8601 time like"),
    ],
)
def test_a_time_that_cannot_be_read_names_its_line_and_column(
    tmp_path: Path, second: str, expected: str
) -> None:
    text = f"case,activity,time\n1,a,2026-04-20T09:00:00Z\n1,b,{second}\n"
    told = refusal(written(tmp_path, "log.csv", text))
    assert told.startswith(f"log.csv:3: time: {expected}")
    assert f'got "{second}"' in told


def test_offsets_tell_the_zone_and_strange_ones_are_counted(tmp_path: Path) -> None:
    lines = [f"1,a,2026-01-{day:02d}T09:00:00+05:00" for day in range(1, 29)] * 4
    lines += ["1,a,2026-02-01T09:00:00+09:00"]
    path = written(tmp_path, "log.csv", "\n".join(["case,activity,time", *sorted(set(lines))]))
    log = read_log(path)
    assert log.zone == "Europe/Moscow"
    assert log.repairs[0] == Repair("unknown_offsets", 29)
    log = read_log(path, timezone="Asia/Yekaterinburg")
    assert log.zone == "Asia/Yekaterinburg"
    assert Repair("other_offset_hours", 1) in log.repairs


def test_a_zone_of_summer_and_winter_time_is_found(tmp_path: Path) -> None:
    text = "case,activity,time\n1,a,2026-01-10T09:00:00+01:00\n1,b,2026-07-10T09:00:00+02:00\n"
    assert read_log(written(tmp_path, "log.csv", text)).zone == "Europe/Berlin"


# --- XES ------------------------------------------------------------------------------------------


def test_xes_plain_and_zipped_give_the_same_activities(tmp_path: Path) -> None:
    text = HEAD + trace(
        "one",
        event("ask", "2026-04-20T09:00:00.000+03:00", "start", org__resource="ann"),
        event("ask", "2026-04-20T09:01:00.000+03:00", "complete"),
        event("answer", "2026-04-20T09:03:00.000+03:00"),
    ) + trace("two") + "</log>"  # fmt: skip
    plain = written(tmp_path, "log.xes", text)
    zipped = tmp_path / "zipped.xes.gz"
    zipped.write_bytes(gzip.compress(text.encode()))
    for path in (plain, zipped):
        log = read_log(path)
        assert rows(log) == [
            (0, "ask", "ann", None, -60.0, 0.0),
            (0, "answer", None, None, None, 120.0),
        ]
        assert log.repairs == (Repair("empty_case", 1, 1),)


def test_xes_instances_that_overlap_are_paired_by_their_name(tmp_path: Path) -> None:
    text = HEAD + trace(
        "one",
        event("ask", "2026-04-20T09:00:00Z", "start", concept__instance="i"),
        event("ask", "2026-04-20T09:00:10Z", "start", concept__instance="j"),
        event("ask", "2026-04-20T09:00:20Z", "complete", concept__instance="j"),
        event("ask", "2026-04-20T09:01:00Z", "complete", concept__instance="i"),
    ) + "</log>"  # fmt: skip
    log = read_log(written(tmp_path, "log.xes", text))
    assert [row[4:] for row in rows(log)] == [(-20.0, 40.0), (-10.0, 0.0)]


def test_xes_cases_of_one_name_are_kept_apart_and_nameless_ones_numbered(tmp_path: Path) -> None:
    one = event("a", "2026-04-20T09:00:00Z")
    text = HEAD + trace("x", one) + trace("x", one) + f"<trace>{one}</trace></log>"
    log = read_log(written(tmp_path, "log.xes", text))
    assert [row[0] for row in rows(log)] == [0, 1, 2]
    assert log.repairs == (Repair("repeated_case", 1, 1), Repair("unnamed_case", 1, 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<log><trace></log>", "log.xes:1: broken XML: "),
        ("<!DOCTYPE log><log/>", "log.xes:1: a log may have no DOCTYPE"),
        ('<!DOCTYPE log [<!ENTITY a "aaaa">]><log><trace/></log>', "log.xes:1: a log may have no"),
        ("<html/>", 'log.xes:1: expected the root log (XES), got "html"'),
        ("", "log.xes:1: broken XML: "),
        (HEAD + "</log>", "log.xes: the log has no events"),
        (HEAD + "\n<trace>\n" + event("a", "soon") + "</trace></log>",
         "log.xes:3: trace 1 time:timestamp: expected an ISO 8601 time"),
    ],
)  # fmt: skip
def test_xes_that_cannot_be_used_says_why_and_where(tmp_path: Path, text: str, told: str) -> None:
    assert refusal(written(tmp_path, "log.xes", text)).startswith(told)


def test_beyond_the_lines_that_the_parser_counts_the_case_is_named(tmp_path: Path) -> None:
    text = HEAD + "\n" * 70_000 + trace("one", event("a", "soon")) + "</log>"
    told = refusal(written(tmp_path, "log.xes", text))
    assert told.startswith("log.xes: trace 1 (one) time:timestamp: expected an ISO 8601 time")


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("log.csv", b"", "log.csv:1: the log has no events"),
        ("log.csv", b"case,activity,time\n", "log.csv: the log has no events"),
        ("log.csv", "обращение,шаг,время\n".encode("cp1251"), "log.csv:1: expected UTF-8 text"),
        ("log.csv", b'case,activity,time\n"1"x,a,2026', "log.csv:2: broken CSV"),
        ("log.csv.gz", gzip.compress(b"case,activity,time\n", mtime=0)[:30],
         "log.csv.gz: the gzip archive is broken"),
        ("log.parquet", b"", "log.parquet: expected a log .csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_log_says_why(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path).startswith(told)


def test_a_missing_file_a_folder_and_an_unknown_zone_say_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv") == "no.csv: there is no such file"
    (tmp_path / "folder.csv").mkdir()
    assert refusal(tmp_path / "folder.csv").startswith("folder.csv: the file cannot be read")
    path = written(tmp_path, "log.csv", "case,activity,time\n1,a,2026-04-20\n")
    assert refusal(path, timezone="Mars").startswith("log.csv: --timezone: expected a zone")


def test_a_log_beyond_the_bound_is_refused_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_events, "MOST_EVENTS", 2)
    text = "case,activity,time\n" + "1,a,2026-04-20T09:00Z\n" * 3
    assert refusal(written(tmp_path, "log.csv", text)).startswith("log.csv:4: more than")


def test_progress_is_told_while_events_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_events, "_TOLD_EVERY", 2)
    text = "case,activity,time\n" + "".join(f"{n},a,2026-04-20T09:00Z\n" for n in range(5))
    heard: list[int] = []
    read_log(written(tmp_path, "log.csv", text), on_progress=heard.append)
    assert heard == [2, 4]
