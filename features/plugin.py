"""pytest plugin of the specs: collects feature files, runs them on a driver, keeps the matrix.

Loaded by `-p features.plugin`, which this project's pytest settings have. The rooms below are not
imported before a feature file is collected.
"""

import argparse
import gc
import importlib
import pkgutil
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from pytest_bdd.parser import Step

    from features.feature_files import SpecScenario
    from features.matrix import Run, Traced
    from features.scene import Scene

__all__ = [
    "pytest_addoption",
    "pytest_bdd_apply_tag",
    "pytest_bdd_step_error",
    "pytest_bdd_step_func_lookup_error",
    "pytest_collect_file",
    "pytest_configure",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]

_FOLDER: Final = Path(__file__).parent
_PROPERTY: Final = "poligon_spec"
_GARBAGE: Final = 10_000  # new objects before it is looked for: some MB
_REPORTS: Final = pytest.StashKey["_Reports"]()
_UNCOVERED: Final = pytest.StashKey[list[str]]()
_UNREADABLE: Final = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the specs."""
    group = parser.getgroup("poligon", "Poligon: the specs of the portal")
    group.addoption(
        "--driver",
        default="in_process",
        help="which portal is under test: a driver by its name, or by module:function",
    )
    group.addoption("--base-url", help="where a portal that runs elsewhere is")
    group.addoption("--capabilities", type=Path, help="what that portal can do, a file")
    group.addoption("--personas", type=Path, help="people who exist on that portal, a file")
    group.addoption("--living-docs", type=Path, help="write the specs with their results, a page")
    group.addoption("--matrix-dir", type=Path, help="where the matrix goes (reports/out)")
    group.addoption(
        "--require-coverage",
        nargs="?",
        const="",
        type=_chapters,
        metavar="CHAPTERS",
        help="fail if a rule of these chapters (ID,REG; all if none is named) lacks an accepting or"
        " a refusing scenario",
    )

    parser.addini(
        "poligon_features",
        "folders with feature files that are specs of the portal, beside Poligon's own",
        type="paths",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register what tests bear."""
    config.stash[_REPORTS] = _Reports()
    config.pluginmanager.register(config.stash[_REPORTS], "poligon-spec-reports")
    config.addinivalue_line("markers", f"{_PROPERTY}(run): the scenario that a test runs")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Feature files of this folder and of those in the settings; others are of other tools."""
    folders = [_FOLDER, *parent.config.getini("poligon_features")]
    if file_path.suffix != ".feature" or not any(f in file_path.parents for f in folders):
        return None
    _register_steps(parent.config)
    import rulebook  # noqa: PLC0415 - see above
    from features.collector import FeatureFile  # noqa: PLC0415

    found: Any = FeatureFile.from_parent(parent, path=file_path)
    found.book = rulebook.load()
    return found  # type: ignore[no-any-return]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there by now stays to the end, and a scenario leaves little garbage: looking for it
    so often and everywhere would take a tenth of the run."""
    if any(item.get_closest_marker(_PROPERTY) for item in session.items):
        gc.freeze()
        gc.set_threshold(_GARBAGE)


@pytest.hookimpl(tryfirst=True)
def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool | None:
    """Every tag is a marker, also of a form that Python's names have not."""
    from pytest_bdd.utils import CONFIG_STACK  # noqa: PLC0415

    CONFIG_STACK[-1].addinivalue_line("markers", f"{tag}: a tag of the specs")
    getattr(pytest.mark, tag)(function)
    return True


def pytest_bdd_step_error(exception: Exception) -> None:
    """What the portal under test is not able to do is no failure of it."""
    from features.driver import Unsupported  # noqa: PLC0415

    if isinstance(exception, Unsupported):
        pytest.skip(str(exception))


@pytest.hookimpl(trylast=True)
def pytest_bdd_step_func_lookup_error(request: pytest.FixtureRequest, step: "Step") -> None:
    """A step that there is not is told with its file and line, and the one that is most like it."""
    if request.node.get_closest_marker(_PROPERTY) is None:
        return
    from features.feature_files import place_of  # noqa: PLC0415
    from features.missing_steps import missing_step  # noqa: PLC0415

    place = place_of(request.node.path, request.config.rootpath)
    pytest.fail(missing_step(step, f"{place}:{step.line_number}", _FOLDER), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A scenario reports what it has asserted; one that fails tells its rule and its story."""
    marker = item.get_closest_marker(_PROPERTY)
    if marker is not None and call.when == "call":
        item.user_properties += _properties_of(item, marker.args[0])
    report = yield
    if marker is None or report.when != "call":
        return report
    from features.fixtures import SCENE  # noqa: PLC0415

    spec, scene = marker.args[0], item.stash.get(SCENE, None)
    run = _run_of(item, spec, report.outcome, scene)
    report.user_properties.append((_PROPERTY, run.as_json()))
    if report.failed and scene is not None:
        rule = scene.book.rule(spec.rule)
        sources = "; ".join(rule.sources)
        report.sections.append((f"Правило {rule.id}", f"{rule.rule}\nоснование: {sources}"))
        report.sections.append(("Сценарий", scene.story()))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the matrix, and fail the run if coverage was asked for and is not there."""
    config = session.config
    runs = config.stash[_REPORTS].runs
    required = config.option.require_coverage
    is_asked = required is not None or config.option.living_docs is not None
    if hasattr(config, "workerinput") or not (runs or is_asked):
        return
    import rulebook  # noqa: PLC0415
    from features.feature_files import UnreadableFile, scenarios_written  # noqa: PLC0415
    from features.matrix import Run, kept, uncovered, written  # noqa: PLC0415

    book = rulebook.load()
    folder = config.option.matrix_dir or config.rootpath / "reports" / "out"
    folders = [_FOLDER, *config.getini("poligon_features")]
    try:
        scenarios = scenarios_written(folders, config.rootpath)
    except UnreadableFile as error:
        config.stash[_UNREADABLE] = str(error)
        session.exitstatus = session.exitstatus or pytest.ExitCode.USAGE_ERROR
        return
    matrix = kept(folder, [Run.from_json(run) for run in runs], scenarios, book)
    written(matrix, folder, book)
    if config.option.living_docs is not None:
        _write_living_docs(config, folders, matrix)
    if required is not None:
        config.stash[_UNCOVERED] = uncovered(matrix, required, book)
        if config.stash[_UNCOVERED]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which rules are not covered, and why there is no matrix."""
    if _UNREADABLE in config.stash:
        terminalreporter.section("Матрица не записана")
        terminalreporter.line(config.stash[_UNREADABLE])
    lines = config.stash.get(_UNCOVERED, None)
    if lines is None:
        return
    terminalreporter.section("Покрытие правил")
    for line in lines or ["каждое правило показано с обеих сторон"]:
        terminalreporter.line(line)


def _run_of(item: pytest.Item, spec: "SpecScenario", result: str, scene: "Scene | None") -> "Run":
    from features.feature_files import place_of  # noqa: PLC0415
    from features.matrix import Run  # noqa: PLC0415

    return Run(
        rule=spec.rule,
        name=spec.name,
        file=place_of(item.path, item.config.rootpath),
        line=spec.line,
        duty=spec.duty,
        contrast=spec.contrast,
        driver=item.config.option.driver,
        result=result,
        accepts=scene is not None and scene.asserted.accepted,
        refuses=() if scene is None else tuple(dict.fromkeys(scene.asserted.refused)),
    )


def _properties_of(item: pytest.Item, spec: "SpecScenario") -> list[tuple[str, object]]:
    """What a JUnit report says of the test."""
    chapter = spec.rule.partition("-")[0]
    return [("rule", spec.rule), ("feature", chapter), ("scenario", spec.name), ("line", spec.line)]


def _write_living_docs(
    config: pytest.Config, folders: list[Path], matrix: "Mapping[str, Traced]"
) -> None:
    import rulebook  # noqa: PLC0415
    from features.living_docs import Told, living_page  # noqa: PLC0415

    told = [Told(*each) for each in config.stash[_REPORTS].told]
    page = living_page(folders, config.rootpath, matrix, told, rulebook.load())
    path: Path = config.option.living_docs
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


class _Reports:
    """Sees reports where they come together: under xdist in the process that started the
    workers."""

    def __init__(self) -> None:
        self.runs: list[Any] = []
        self.told: list[tuple[str, int, str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what the scenario has asserted, and why it did not pass."""
        runs: list[Any] = [value for name, value in report.user_properties if name == _PROPERTY]
        for run in runs:
            self.runs.append(run)
            if report.outcome != "passed":
                place = run["file"], run["line"], run["driver"]
                self.told.append((*place, _why(report)))


def _why(report: pytest.TestReport) -> str:
    """The failure, or the reason of a skip."""
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(report.longrepr if crash is None else crash.message).removeprefix("AssertionError: ")


def _chapters(text: str) -> tuple[str, ...]:
    if "/" in text or text.endswith(".feature"):
        raise argparse.ArgumentTypeError(f"{text}: expected chapters; write --require-coverage=ID")
    return tuple(filter(None, text.split(",")))


def _register_steps(config: pytest.Config) -> None:
    """Fixtures, steps and acts of the whole folder, once."""
    manager = config.pluginmanager
    if manager.has_plugin("features.fixtures"):
        return
    import features.acts  # noqa: PLC0415
    import features.steps  # noqa: PLC0415

    for package in (features.acts, features.steps):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            if package is features.steps:
                manager.register(module, found.name)
    manager.register(importlib.import_module("features.fixtures"), "features.fixtures")
