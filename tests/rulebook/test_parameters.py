"""No number without unit and source."""

from __future__ import annotations

import pytest

from rulebook import Parameter, UnknownEntryError, load

BOOK = load()
UNIT_OF_SUFFIX = {
    "_working_days": "working_days",
    "_days": "days",
    "_mb": "megabytes",
    "_gb": "gigabytes",
    "_ghz": "gigahertz",
    "_bits": "bits",
    "_length": "characters",
    "_min": "minutes",
    "_h": "hours",
    "_s": "seconds",
}


@pytest.mark.parametrize("parameter", BOOK.parameters.values(), ids=lambda each: each.key)
def test_unit_agrees_with_the_suffix_of_the_name(parameter: Parameter) -> None:
    suffixes = [suffix for suffix in UNIT_OF_SUFFIX if parameter.key.endswith(suffix)]
    if suffixes:
        assert parameter.unit == UNIT_OF_SUFFIX[suffixes[0]]
    if parameter.type == "list":
        assert parameter.unit == "list"


@pytest.mark.parametrize("parameter", BOOK.parameters.values(), ids=lambda each: each.key)
def test_section_given_as_source_is_one_of_the_rules_sources(parameter: Parameter) -> None:
    if parameter.key == "BND.confirmation":
        cited = {source for rule in BOOK.chapters["BND"].rules for source in rule.sources}
        cited |= set(BOOK.rule("SIG-04").sources)
    else:
        cited = set(BOOK.rule(parameter.key.partition(".")[0]).sources)
    sections = {part for part in parameter.source.split("; ") if part.startswith("S")}
    assert sections <= cited


def test_figure_from_a_source_names_its_section() -> None:
    parameter = BOOK.parameter("VER-02.guarantee_working_days")
    assert (parameter.value, parameter.unit, parameter.source) == (5, "working_days", "S0 2.5")


def test_figure_of_our_own_is_called_an_assumption() -> None:
    assert BOOK.parameter("AUTH-06.resend_interval_s").source == "assumption"


def test_unknown_parameter_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(UnknownEntryError) as caught:
        BOOK.parameter("VER-02.guarantee_workingdays")
    assert caught.value.suggestions[0] == "VER-02.guarantee_working_days"
    assert str(caught.value).startswith(
        "the rule book has no parameter VER-02.guarantee_workingdays; "
        "did you mean VER-02.guarantee_working_days"
    )
