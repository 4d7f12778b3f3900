"""What the twin promises beside its traces: each gate is asked, mistakes stay what they are until
they are mended, nothing is left of a case that has ended, and a wrong gate is found out."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import sim.twin.gates.all_questions  # noqa: F401  registers every question
from portal.rules.rule import Violation
from portal.use_case import TASKS, USE_CASES, VIEWS
from sim.engines.simpy_engine import simulate
from sim.model.judging import Judge
from sim.model.model import Model, compile_model
from sim.twin.desk import Desk
from sim.twin.differences import (
    MASKS,
    allowed_consequences,
    hidden,
    other_names,
    share_masked,
)
from sim.twin.gates.question import QUESTIONS, Question
from sim.twin.judging import Twin, UnexplainedVerdict, twin_of
from sim.twin.papers import Papers
from sim.twin.registries import Registries
from tests.parity.running import BOOK, Trace, scenario_of
from tests.parity.twin_page import (
    CONSEQUENCE_HEAD,
    GATE_HEAD,
    MASK_HEAD,
    NAME_HEAD,
    consequence_rows,
    counted,
    gate_rows,
    gates,
    mask_rows,
    name_rows,
)
from world.country import World
from world.defects import apply
from world.filings import filing_of

PAGE = Path(__file__).parents[2] / "docs" / "twin.md"
COUNTRY = World(2026)
LEGAL = 0  # the number of a legal entity there
FILED_ON = dt.date(2026, 4, 20)


def tables(page: str) -> Iterator[list[str]]:
    """The tables of a page, each as its lines."""
    table: list[str] = []
    for line in [*page.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
        elif table:
            yield table
            table = []


def test_every_gate_of_the_built_in_journeys_is_asked_and_no_other() -> None:
    assert {(journey, gate) for journey, gate, _ in gates()} == set(QUESTIONS)


def test_questions_go_through_what_the_portal_has() -> None:
    known = {*USE_CASES, *VIEWS, *TASKS}
    assert {name for each in QUESTIONS.values() for name in each.use_cases} <= known


def test_rules_under_another_name_are_of_their_gate_and_few() -> None:
    of_gate = {(journey, gate): rules for journey, gate, rules in gates()}
    others = list(other_names())
    for journey, gate, other in others:
        assert other.rule in of_gate[journey, gate]
        assert other.told in BOOK.rules
    assert len(others) < 0.1 * sum(map(len, of_gate.values()))


def test_page_repeats_the_tables() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert counted() in page
    found = list(tables(page))
    assert [*GATE_HEAD, *gate_rows()] in found
    assert [*NAME_HEAD, *name_rows()] in found
    assert [*MASK_HEAD, *mask_rows()] in found
    assert [*CONSEQUENCE_HEAD, *consequence_rows()] in found


def test_share_of_hidden_mistakes_is_a_sum_over_pairs() -> None:
    # Six pairs of four mistakes in numbers, three of three states of a certificate, four of the
    # clock, two of an employee's card.
    assert sum(len(list(mask.pairs)) for mask in MASKS) == 6 + 3 + 4 + 2
    assert share_masked(dict.fromkeys(BOOK.defects, 0.02)) == pytest.approx(15 * 0.02**2)
    assert share_masked({"inn_typo": 0.5}) == 0.0


def test_a_mended_mistake_is_gone_and_the_others_stay_as_they_were() -> None:
    good = filing_of(COUNTRY, 0, FILED_ON)
    papers = Papers(good, COUNTRY, BOOK.policy(), key=5)
    both = tuple(BOOK.defects[name] for name in ("inn_typo", "email_invalid"))
    wrong, mended = papers.with_defects(both), papers.with_defects(both[1:])
    assert wrong.form.inn != good.form.inn
    assert mended.form.inn == good.form.inn
    assert (wrong.form.email, wrong.form.head_email) == (mended.form.email, mended.form.head_email)
    alone = apply(both[1], good, world=COUNTRY, policy=BOOK.policy(), key=5)
    assert mended == alone
    assert papers.with_defects(()) == good


def test_papers_that_end_in_a_month_are_renewed_and_mistakes_stay() -> None:
    good = filing_of(COUNTRY, LEGAL, FILED_ON)
    [authority] = [each for each in good.documents if each.valid_until is not None]
    ends = min(authority.valid_until or FILED_ON, good.certificate.not_after)
    papers = Papers(good, COUNTRY, BOOK.policy(), key=5)
    wrong = (BOOK.defects["poa_expired"], BOOK.defects["cert_revoked"])
    early = papers.with_defects(wrong)
    papers.renew(ends - dt.timedelta(days=31))
    assert papers.good is good
    for day in (ends - dt.timedelta(days=30), ends + dt.timedelta(days=2000)):
        papers.renew(day)
        until = [each.valid_until for each in papers.good.documents if each.valid_until]
        assert min(*until, papers.good.certificate.not_after) > day + dt.timedelta(days=30)
        late = papers.with_defects(wrong)
        assert late.documents == early.documents
        assert late.certificate.revoked_on == early.certificate.revoked_on
        assert papers.with_defects(()) == papers.good


def test_nobody_is_refused_for_having_waited() -> None:
    model = compile_model(scenario_of("registration", 1, {}))
    registries = Registries(COUNTRY, model.calendar)
    good = filing_of(COUNTRY, LEGAL, model.calendar.date(0))
    papers = Papers(good, COUNTRY, BOOK.policy(), key=5)
    desk = Desk(registries, BOOK, BOOK.policy(), papers, "small")
    for gate in ("account", "form", "document", "certificate", "standing", "registry"):
        registries.now += dt.timedelta(days=300)
        question = QUESTIONS["registration", f"{gate}_gate"]
        desk.seat(question.family, ())
        assert question.rules(question.ask(desk)) - question.ahead == set()


def test_another_forms_mistake_is_made_in_a_field_that_it_has() -> None:
    good = filing_of(COUNTRY, 0, FILED_ON)
    spaces = [BOOK.defects["spaces_in_requisites"]]
    for key in range(20):
        papers = Papers(good, COUNTRY, BOOK.policy(), key)
        typed = papers.typed(good.form, spaces, ("inn",))
        assert typed.inn != good.form.inn
        assert "".join(filter(str.isdigit, typed.inn)) == good.form.inn
        assert typed.ogrn == good.form.ogrn


class Kept:
    """Judges that can be looked at when the run is over."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin
        self.made: list[Judge] = []

    def of_replication(self, model: Model, replication: int) -> Judge:
        self.made.append(self._twin.of_replication(model, replication))
        return self.made[-1]


def ran(journey: str, cases: int, **defects: float) -> Judge:
    """The judge of a run that is over."""
    scenario = scenario_of(journey, cases, defects)
    model = compile_model(scenario)
    kept = Kept(twin_of(scenario, model.graph))
    simulate(replace(model, judges=kept), 0, [Trace()])
    return kept.made[0]


def test_nothing_is_kept_of_cases_that_have_ended() -> None:
    judge = ran("registration", 20, inn_typo=0.5)
    assert vars(judge)["_desks"] == {}


@pytest.mark.parametrize(
    ("defects", "rules"),
    [
        ({"inn_of_other_org"}, set()),
        ({"ogrn_typo"}, set()),
        ({"inn_of_other_org", "ogrn_typo"}, {"REG-05", "REG-14"}),
        ({"inn_ogrn_swapped", "ogrn_typo"}, {"ID-01", "ID-02", "ID-03", "ID-04"}),
    ],
)
def test_what_a_mistake_brings_about_is_said_in_advance(defects: set[str], rules: set[str]) -> None:
    assert allowed_consequences("registration", "form_gate", defects) == rules
    assert allowed_consequences("registration", "registry_gate", defects) == set()


def test_a_rule_is_hidden_only_where_the_gate_asks_for_both() -> None:
    typos = {"inn_typo", "ogrn_typo"}
    both = {"inn_typo": "ID-01", "ogrn_typo": "ID-03", "email_invalid": "ID-10"}
    form = ("registration", "form_gate")
    assert hidden(*form, both, typos | {"email_invalid"}) == {"ID-01", "ID-03"}
    assert hidden(*form, both, {"inn_typo"}) == set()
    assert hidden(*form, {"inn_typo": "ID-01"}, typos) == set()
    clock = {"clock_skew": "CERT-10", "cert_personal": "CERT-04"}
    assert hidden("certificate", "certificate_gate", clock, clock) == {"CERT-04", "CERT-10"}
    assert hidden("registration", "certificate_gate", clock, clock) == set()


def test_a_false_refusal_beside_a_true_one_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    of_gate = {(journey, gate): rules for journey, gate, rules in gates()}

    def lying(question: Question, rule: str) -> Question:
        def ask(desk: Desk) -> list[Violation]:
            told = list(question.ask(desk))
            return [*told, Violation(rule, "")] if told else told

        return replace(question, ask=ask)

    # Nobody's СНИЛС is wrong, yet whoever is refused is told so.
    place = ("registration", "form_gate")
    assert "ID-06" in of_gate[place]
    known = {**QUESTIONS, place: lying(QUESTIONS[place], "ID-06")}
    monkeypatch.setattr("sim.twin.judging.QUESTIONS", known)
    with pytest.raises(UnexplainedVerdict, match=r"form_gate: the portal has told ID-06$"):
        ran("registration", 10, email_invalid=0.9)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let another question be asked at a gate."""

    def put(journey: str, gate: str, *told: Violation) -> None:
        def ask(desk: Desk) -> tuple[Violation, ...]:
            return told

        known = dict(QUESTIONS)
        known[journey, gate] = replace(known[journey, gate], ask=ask)
        monkeypatch.setattr("sim.twin.judging.QUESTIONS", known)

    return put


@pytest.mark.parametrize(
    ("told", "named"),
    [
        (Violation("ROLE-06", "inn"), "ROLE-06"),  # of no gate of this journey
        (Violation("ID-10", "email"), "ID-10"),  # of this gate, but nobody's e-mail is wrong
    ],
)
def test_a_refusal_that_no_mistake_explains_is_a_fault_of_the_model(
    asked: Callable[..., None], told: Violation, named: str
) -> None:
    asked("recovery", "form_gate", told)
    expected = rf"recovery\.form_gate: the portal has told {named}"
    with pytest.raises(UnexplainedVerdict, match=expected):
        ran("recovery", 5)
