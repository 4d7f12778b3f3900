"""The shape of the project itself: rooms, pins, documents and the developer's commands."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import dev

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.lock", "requirements-bench.lock", "requirements-clients.lock"]
SHAPELESS_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
MACHINE_PATH = re.compile(r"(^|[\s`\"'(=])/(work|tmp|home|root)/", re.MULTILINE)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def own_files(suffix: str) -> list[Path]:
    """Files of the checkout, without hidden folders and generated reports."""
    found = []
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if not n.startswith(".") and n not in ("out", "build")]
        found += [Path(folder, name) for name in files if name.endswith(suffix)]
    return found


def package_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return match.group().lower()


def pins(lock: str) -> dict[str, str]:
    """Return each requirement line of a lock file with the lines under it, up to the next one."""
    blocks: dict[str, str] = {}
    head = ""
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            head = line.removesuffix(" \\")
        blocks[head] = blocks.get(head, "") + line + "\n"
    return blocks


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_file_names_no_registry_host_or_folder(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r".*(?:://|--index|--extra-index|--find-links|@ ).*", text) == []
    assert MACHINE_PATH.findall(text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_file_has_one_exact_version_and_a_hash(lock: str) -> None:
    blocks = pins(lock)
    assert len(blocks) > 10
    assert [head for head in blocks if not re.match(r"[a-z0-9-]+==\S+( ; .+)?$", head)] == []
    assert [head for head, text in blocks.items() if "--hash=sha256:" not in text] == []


def test_every_declared_dependency_is_pinned_by_the_lock_that_its_commands_install() -> None:
    declared = project()["project"]
    extras = declared["optional-dependencies"]
    base = {package_name(r) for r in declared["dependencies"] + extras["dev"]}
    everything = base | {package_name(r) for names in extras.values() for r in names}
    assert base - {package_name(head) for head in pins("requirements.lock")} == set()
    assert everything - {package_name(head) for head in pins("requirements-bench.lock")} == set()


def test_every_client_is_pinned_in_the_version_of_the_tests_or_is_in_its_own_lock_only() -> None:
    declared = {package_name(r) for r in project()["dependency-groups"]["clients"]}
    versions, own = (
        {package_name(head): head.split(" ;")[0] for head in pins(lock)}
        for lock in ("requirements.lock", "requirements-clients.lock")
    )
    assert declared - set(own) == set()
    assert {name for name in own if name in versions and own[name] != versions[name]} == set()
    of_pm4py = {
        *("pm4py", "contourpy", "cvxopt", "cycler", "fonttools", "graphviz", "kiwisolver"),
        *("matplotlib", "networkx", "pandas", "pillow", "pyparsing", "tqdm"),
    }
    assert set(own) - set(versions) == {"esia-connector", "pyjwt", "pytz"} | of_pm4py


def test_benchmarks_run_on_the_versions_that_the_tests_ran_on() -> None:
    assert set(pins("requirements.lock")) - set(pins("requirements-bench.lock")) == set()


def test_every_dependency_is_justified_and_every_justification_has_its_dependency() -> None:
    declared = project()["project"]
    extras = declared["optional-dependencies"]
    groups = [declared["dependencies"], *extras.values(), project()["dependency-groups"]["clients"]]
    named = {package_name(requirement) for group in groups for requirement in group}
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.{10,}) \|$", text, re.MULTILINE)
    assert {name.lower() for name, _ in rows} == named


def test_developer_commands_import_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert "subprocess" in imported
    assert imported - sys.stdlib_module_names == set()


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = own_files(".py")
    assert ROOT / "dev.py" in modules
    parts = {path: set(path.relative_to(ROOT).with_suffix("").parts) for path in modules}
    assert [path for path, names in parts.items() if names & SHAPELESS_NAMES] == []


def test_layers_cover_every_room_and_there_is_no_other_package() -> None:
    linter = project()["tool"]["importlinter"]
    (contract,) = linter["contracts"]
    layered = [room for layer in contract["layers"] for room in re.split(r"\s*[:|]\s*", layer)]
    above_the_rooms = {"benchmarks", "tests"}
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - above_the_rooms
    assert sorted(layered) == sorted(linter["root_packages"]) == sorted(folders)


def test_portal_and_mocks_may_not_import_each_other() -> None:
    (contract,) = project()["tool"]["importlinter"]["contracts"]
    assert contract["type"] == "layers"
    assert "portal | mocks" in contract["layers"]


def test_documents_name_no_folder_of_the_machine_they_were_written_on() -> None:
    documents = own_files(".md")
    assert ROOT / "docs/dependencies.md" in documents
    assert [p for p in documents if MACHINE_PATH.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("arguments", [["nonsense"], [], ["check", "--quick"]])
def test_wrong_developer_command_ends_with_code_2_before_any_set_up(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-S", ROOT / "dev.py", *arguments],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "no such command" in ended.stderr or "takes no options" in ended.stderr


@pytest.mark.parametrize("test", dev.LONG_TESTS)
def test_nightly_sets_every_variable_that_makes_a_long_test_longer(test: str) -> None:
    read = set(re.findall(r"POLIGON_[A-Z_]+", (ROOT / test).read_text(encoding="utf-8")))
    assert {each for each in read if not each.endswith("_SEED")} == dev.LONG_TESTS[test].keys()


@pytest.mark.parametrize("code", [0, 1, 3])
def test_exit_code_of_a_command_is_passed_on(code: int) -> None:
    assert dev.run([sys.executable, "-c", f"raise SystemExit({code})"]) == code


def purelib_of(environment: Path) -> str:
    """Where a virtual environment's own Python looks for packages."""
    python = environment / dev.PYTHON.relative_to(ROOT / ".venv")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return subprocess.run(
        [python, "-c", ask], capture_output=True, check=True, text=True
    ).stdout.strip()


@pytest.fixture
def installations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Commands that set-up would run, in a checkout of a lock file and a pyproject.toml only."""
    commands: list[list[str]] = []

    def record(command: list[str | Path]) -> int:
        commands.append([str(word) for word in command])
        return 0

    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.lock").write_text("simpy==4.1.2\n")
    (tmp_path / "requirements-clients.lock").write_text("pytz==2026.6\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "CLIENTS", tmp_path / ".venv/clients")
    monkeypatch.setattr(dev, "CLIENTS_LOCK", tmp_path / "requirements-clients.lock")
    monkeypatch.setattr(dev, "run", record)
    monkeypatch.setattr("shutil.which", lambda name: None)
    return commands


def test_packages_are_installed_by_hash_and_only_once_while_the_lock_stays(
    installations: list[list[str]], tmp_path: Path
) -> None:
    lock = tmp_path / "requirements.lock"
    dev.install(lock)
    dev.install(lock)
    assert [command[5:] for command in installations] == [
        ["--quiet", "--require-hashes", "-r", str(lock)],
        ["--quiet", "--no-deps", "--no-build-isolation", "-e", str(tmp_path)],
    ]


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_packages_are_installed_again_after_the_pins_changed(
    installations: list[list[str]], tmp_path: Path, changed: str
) -> None:
    dev.install(tmp_path / "requirements.lock")
    (tmp_path / changed).write_text("# other\n")
    dev.install(tmp_path / "requirements.lock")
    assert len(installations) == 4


def test_failed_installation_ends_with_its_code_and_is_tried_again_next_time(
    installations: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lock = tmp_path / "requirements.lock"
    with monkeypatch.context() as failing:
        failing.setattr(dev, "run", lambda command: 23)
        with pytest.raises(SystemExit) as ended:
            dev.install(lock)
    assert ended.value.code == 23
    assert installations == []
    dev.install(lock)
    assert len(installations) == 2


def test_pip_installs_the_packages_when_uv_fails(
    monkeypatch: pytest.MonkeyPatch, installations: list[list[str]], tmp_path: Path
) -> None:
    def record(command: list[str | Path]) -> int:
        installations.append([str(word) for word in command])
        return 1 if str(command[0]) == "uv" else 0

    monkeypatch.setattr(dev, "run", record)
    monkeypatch.setattr("shutil.which", lambda name: name)
    dev.install(tmp_path / "requirements.lock")
    assert [command[:4] for command in installations] == [
        ["uv", "pip", "install", "--quiet"],
        [str(dev.PYTHON), "-m", "pip", "--disable-pip-version-check"],
        [str(dev.PYTHON), "-m", "pip", "--disable-pip-version-check"],
    ]


def test_clients_are_installed_by_hash_into_an_environment_of_their_own_and_only_once(
    installations: list[list[str]], tmp_path: Path
) -> None:
    dev.install_clients()
    dev.install_clients()
    (command,) = installations
    assert command[5:-1] == [
        *("--quiet", "--target", purelib_of(tmp_path / ".venv/clients"), "--no-compile"),
        *("--no-build-isolation", "--require-hashes", "-r"),
    ]
    assert command[0] == str(dev.PYTHON)
    assert command[-1] == str(tmp_path / "requirements-clients.lock")


def test_clients_are_installed_anew_after_their_lock_changed(
    installations: list[list[str]], tmp_path: Path
) -> None:
    dev.install_clients()
    left_over = Path(purelib_of(tmp_path / ".venv/clients"), "pytz.py")
    left_over.touch()
    (tmp_path / "requirements-clients.lock").write_text("pytz==2026.7\n")
    dev.install_clients()
    assert len(installations) == 2
    assert not left_over.exists()


@pytest.mark.parametrize(
    ("command", "locks"),
    [
        ("setup", ["requirements.lock", "requirements-clients.lock"]),
        ("test", ["requirements.lock", "requirements-clients.lock"]),
        ("check", ["requirements.lock"]),
        ("demo", ["requirements.lock"]),
    ],
)
def test_clients_are_installed_only_for_the_commands_that_need_them(
    installations: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    command: str, locks: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(dev, "CHECKS", [])
    monkeypatch.setattr(dev, "make_environment", lambda: None)
    monkeypatch.setattr(dev, "hand_over", lambda command: None)
    assert dev.main([command]) == 0
    read = [Path(words[words.index("-r") + 1]).name for words in installations if "-r" in words]
    assert read == locks
