"""junit.xml: what a pipeline reads."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from reports.junit import junit
from sim.experiments.results import CheckResult
from tests.reports.tiny import tiny, without_completions

Suite = tuple[dict[str, str], list[tuple[dict[str, str], dict[str, str] | None, str | None]]]


def suites(document: str) -> list[Suite]:
    """Suites with their cases: attributes, attributes of the failure and its text."""
    found: list[Suite] = []
    for suite in ET.fromstring(document):
        cases = []
        for case in suite:
            failure = case.find("failure")
            there = failure is not None
            cases.append((
                dict(case.attrib),
                dict(failure.attrib) if there and failure is not None else None,
                failure.text if there and failure is not None else None,
            ))  # fmt: skip
        found.append((dict(suite.attrib), cases))
    return found


def test_failed_objective_says_by_how_much() -> None:
    numbers = {"errors": "0", "skipped": "0"}
    assert suites(junit(tiny(), "ru")) == [
        (
            {"name": "objectives", "tests": "2", "failures": "1", **numbers},
            [
                (
                    {"classname": "objectives.registration", "name": "five-days"},
                    {
                        "message": "five-days: 96,3\u00a0% (95,8–96,8\u00a0%), "
                        "требуется ≥\u00a099\u00a0%; "
                        "запас −3,2\u00a0п.\u00a0п.; срок не наступил: 2",
                        "type": "objectives",
                    },
                    "metric=journeys.registration.within\nbound=at_least\nlimit=0.99\n"
                    "value=0.963\nlow=0.958\nhigh=0.968\nmargin=-0.032\nundue=2.0",
                ),
                ({"classname": "objectives", "name": "quick"}, None, None),
            ],
        ),
        (
            {"name": "checks", "tests": "1", "failures": "0", **numbers},
            [({"classname": "checks", "name": "flow"}, None, None)],
        ),
    ]


def test_totals_cover_both_suites() -> None:
    root = ET.fromstring(junit(tiny(), "en"))
    assert root.tag == "testsuites"
    assert root.attrib == {
        "name": "Проба", "tests": "3", "failures": "1", "errors": "0", "skipped": "0",
    }  # fmt: skip


def test_objective_without_a_value_says_so() -> None:
    _, cases = suites(junit(without_completions(), "en"))[0]
    failure = cases[0][1]
    assert failure is not None
    assert failure["message"] == (
        "five-days: there is no value, required ≥\u00a099%; not yet due: 100"
    )


def test_objective_of_a_metric_that_failed_says_nothing_of_deadlines() -> None:
    result = tiny()
    slow = [replace(each, passed=False) for each in result.objectives if each.within is None]
    _, cases = suites(junit(replace(result, objectives=slow), "en"))[0]
    told = [failure["message"] for _, failure, _ in cases if failure is not None]
    assert [each.split(":")[0] for each in told] == ["quick"]
    assert "not yet due" not in told[0]
    assert told[0].split("; ")[-1].startswith("margin ")


def test_broken_check_fails_with_its_numbers() -> None:
    check = CheckResult("flow", False, "replication 3: 100 != 99 & <so on>")
    _, cases = suites(junit(tiny(checks=[check]), "ru"))[1]
    assert cases == [
        (
            {"classname": "checks", "name": "flow"},
            {"message": check.detail, "type": "checks"},
            check.detail,
        )
    ]


def test_characters_that_xml_forbids_are_replaced() -> None:
    root = ET.fromstring(junit(tiny(name='a\x00b\x1f<"&>\ufffe'), "ru"))
    assert root.attrib["name"] == 'a\ufffdb\ufffd<"&>\ufffd'


def test_same_result_gives_the_same_bytes() -> None:
    assert junit(tiny(), "ru") == junit(tiny(), "ru")
