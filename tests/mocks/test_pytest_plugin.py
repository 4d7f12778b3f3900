"""The pytest plugin, in test runs of its own."""

import tomllib
from pathlib import Path

import pytest

import mocks.in_process  # noqa: F401 - inner runs forget what they load; numpy loads only once
from mocks import pytest_plugin

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
CHECK = """
import mocks, pytest, requests
from tests.mocks.probe import probe

options = {"services": [probe()]}
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error")
    return pytester


def outcome(run: pytest.Pytester, text: str, *arguments: str) -> pytest.RunResult:
    run.makepyfile(CHECK + text)
    return run.runpytest_inprocess(*arguments, plugins=[pytest_plugin])


def test_plugin_is_found_by_its_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (module,) = project["entry-points"]["pytest11"].values()
    assert module == pytest_plugin.__name__


def test_runs_without_a_country_do_not_wait_for_its_services(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import sys

        def test_loaded(request):
            assert request.config.pluginmanager.has_plugin("mocks.pytest_plugin")
            assert {"fastapi", "mocks.core", "numba", "requests"}.isdisjoint(sys.modules)
        """
    )
    arguments = ("-p", "mocks.pytest_plugin", "-o", f"pythonpath={ROOT}")
    run.runpytest_subprocess(*arguments).assert_outcomes(passed=1)


def test_country_lasts_as_long_as_the_test_that_asks_for_it(run: pytest.Pytester) -> None:
    text = """
        from requests.adapters import HTTPAdapter
        send = HTTPAdapter.send

        @pytest.mark.poligon(**options)
        @pytest.mark.parametrize("n", [1, 2])
        def test_counts_from_one(country, n):
            answer = requests.post(f"{country.url}/egrul/task/a")
            assert answer.json()["count"] == 1
            assert country.world.seed == 1

        def test_without_a_country():
            assert HTTPAdapter.send is send
    """
    outcome(run, _dedented(text)).assert_outcomes(passed=3)


def test_seed_comes_from_the_marker_or_else_from_the_ini_file(run: pytest.Pytester) -> None:
    text = """
        @pytest.mark.poligon(**options)
        def test_of_the_ini_file(country):
            assert country.world.seed == 42

        @pytest.mark.poligon(seed=7, **options)
        def test_of_the_marker(country):
            assert country.world.seed == 7
    """
    outcome(run, _dedented(text), "-o", "poligon_seed=42").assert_outcomes(passed=2)


def test_marker_gives_faults_and_a_scenario_relative_to_rootdir(run: pytest.Pytester) -> None:
    scenario = (ROOT / "scenarios/egrul_outage.yaml").read_text(encoding="utf-8")
    run.path.joinpath("plan.yaml").write_text(scenario, encoding="utf-8")
    text = """
        @pytest.mark.poligon(faults=[{"id": "f", "service": "egrul", "kind": "reset"}], **options)
        def test_faults(country):
            with pytest.raises(requests.ConnectionError):
                requests.post(f"{country.url}/egrul/task/a")

        @pytest.mark.poligon(scenario="plan.yaml", **options)
        def test_scenario(country):
            assert country.core.scenario is not None
            assert "egrul" in {planned.active.service for planned in country.faults}
    """
    outcome(run, _dedented(text)).assert_outcomes(passed=2)


def test_tenant_is_the_tests_own_in_a_country_of_wider_scope(run: pytest.Pytester) -> None:
    run.makeconftest(
        _dedented("""
            import mocks, pytest
            from tests.mocks.probe import probe

            @pytest.fixture(scope="session")
            def country():
                with mocks.running(services=[probe()]) as here:
                    yield here
        """)
    )
    text = """
        names = set()

        @pytest.mark.parametrize("n", ["a b", "я" * 90])
        def test_own(country, tenant, n):
            assert requests.post(f"{tenant.url}/egrul/task/a").json()["count"] == 1
            tenant.clock.advance("1d")
            names.add(tenant.name)
            assert [t.name for t in country.core.tenants] == ["main", tenant.name]
            assert len(country.journal) == 0

        def test_names_differ():
            assert len(names) == 2
    """
    outcome(run, _dedented(text)).assert_outcomes(passed=3)


def test_failed_test_shows_its_last_calls_and_planned_faults(run: pytest.Pytester) -> None:
    text = """
        fault = {"id": "f", "service": "egrul", "kind": "error", "times": 1}

        @pytest.mark.poligon(faults=[fault], **options)
        def test_fails(country, tenant):
            for _ in range(2):
                requests.post(f"{country.url}/egrul/task/a")
            assert requests.get(f"{tenant.url}/egrul/refusal").ok
    """
    result = outcome(run, _dedented(text))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*Poligon: tenant main at 2026-02-02 10:00:00*",
            "last calls:",
            "  1. egrul POST /task/a -> 503 faults f",
            "  2. egrul POST /task/a -> 201",
            "planned faults:",
            "  f: error of egrul, holds now, 1 hits of 1",
            "*Poligon: tenant test-fails-* at 2026-02-02 10:00:00*",
            "last calls:",
            "  1. egrul GET /refusal -> 503 faults f",
        ]
    )


def test_passed_test_and_test_without_a_country_show_nothing(run: pytest.Pytester) -> None:
    text = """
        @pytest.mark.poligon(**options)
        def test_passes(country):
            requests.post(f"{country.url}/egrul/task/a")

        def test_fails():
            assert False
    """
    result = outcome(run, _dedented(text))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*Poligon*")


def _dedented(text: str) -> str:
    lines = text.splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines)


def test_marker_without_names_and_a_wrong_ini_seed_are_refused(run: pytest.Pytester) -> None:
    text = """
        @pytest.mark.poligon("plan.yaml")
        def test_marker(country):
            pass

        @pytest.mark.poligon(**options)
        def test_seed(country):
            pass
        """
    result = outcome(run, _dedented(text), "-o", "poligon_seed=x")
    result.assert_outcomes(errors=2)
    lines = ["*poligon('plan.yaml',): arguments of this marker have names*"]
    result.stdout.fnmatch_lines([*lines, "*poligon_seed: expected a whole number, got 'x'*"])


def test_a_test_may_delete_its_own_tenant(run: pytest.Pytester) -> None:
    text = """
        @pytest.mark.poligon(**options)
        def test_delete(country, tenant):
            requests.delete(f"{country.url}/_admin/tenants/{tenant.name}").raise_for_status()
        """
    outcome(run, _dedented(text)).assert_outcomes(passed=1)
