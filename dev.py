"""The developer's commands; only the standard library of Python 3.11 or newer is needed.

    python3 dev.py demo [option ...]     simulate a scaled-down tax-period peak and name its report
    python3 dev.py test [option ...]     run the tests on every core (options go to pytest)
    python3 dev.py check                 lint, format, types and layers; all run, all are reported
    python3 dev.py nightly               run the benchmarks, with the packages they alone need, and
                                         the long tests
    python3 dev.py setup                 only make .venv/ and .venv/clients/

Every command first makes `.venv/` if it is missing, or brings it up to date if the pinned packages
changed; `test` and `setup` do so with `.venv/clients/` too, the environment of those real clients
that clash with the other packages. Commands run in the checkout, whatever the current folder is.
The exit code is that of the command; 130 after Ctrl-C.
"""

import sys

# Above everything that an older Python could not load, so that it says why.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("Poligon needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import hashlib
import os
import shutil
import subprocess
import sysconfig
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

DEMO = ["scenarios/tax_peak.yaml", "--scale", "0.02", "--replications", "10"]
CHECKS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["lint-imports"],
]
BENCHMARKS = [
    "benchmarks.validity",
    "benchmarks.engines",
    "benchmarks.calibration",
    "benchmarks.mocks",
    "benchmarks.portal",
    "benchmarks.load",
    "benchmarks.mutation",
]
# Tests that `test` runs as well, with so many rounds each night.
LONG_TESTS = {
    "tests/portal/test_killing.py": {"POLIGON_KILLS": "50", "POLIGON_KILLS_END": "1"},
    "tests/portal/test_life_of_an_organization.py": {"POLIGON_LIVES": "1000"},
    "tests/sim/test_engines_agree.py": {"POLIGON_RANDOM_GRAPHS": "500"},
    "tests/portal/test_importing_employees.py": {"POLIGON_IMPORT_ROWS": "50000"},
    "tests/cli/test_load_command.py": {"POLIGON_LOAD_ENDS": "all"},
    "tests/studies/test_plan_theory.py": {"POLIGON_PLANS": "200"},
    "tests/parity/test_traces.py": {"POLIGON_PARITY_CASES": "2100"},
}

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"
# Inside the first environment, so that both are thrown away together.
CLIENTS = VENV / "clients"
CLIENTS_PYTHON = CLIENTS / PYTHON.relative_to(VENV)
CLIENTS_LOCK = ROOT / "requirements-clients.lock"
# Long enough for a child that got the same Ctrl-C to put its files in order.
INTERRUPT_GRACE_S = 10
INTERRUPTED = 130


def say(text: str) -> None:
    """Print one line about the work itself, at once, apart from the output of the tools."""
    print(f"dev.py: {text}", flush=True)


def run(command: Sequence[str | Path]) -> int:
    """Run a command in the checkout and return its exit code; on Ctrl-C let it end first."""
    with subprocess.Popen(command, cwd=ROOT) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            try:
                child.wait(INTERRUPT_GRACE_S)
            except (KeyboardInterrupt, subprocess.TimeoutExpired):
                child.kill()
            raise


def hand_over(command: Sequence[str | Path]) -> NoReturn:
    """Become the command, so that signals and its exit code need no relay (but on Windows)."""
    if os.name == "nt":
        sys.exit(run(command))
    os.chdir(ROOT)
    os.execv(command[0], [str(word) for word in command])


def place() -> str:
    """Return what a virtual environment can't survive a change of: its folder and its Python."""
    return f"{VENV} {sys.version}"


def digest(lock: Path) -> str:
    """Return the SHA-256, in hex, of what decides which packages and scripts are installed."""
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def says(stamp: Path, text: str) -> bool:
    """Tell whether a stamp of an earlier set-up is there and says exactly this."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == text


def make_environment() -> None:
    """Make `.venv/` with pip in it, unless a whole one of this Python is already in this place."""
    stamp = VENV / "poligon-place"
    if says(stamp, place()):
        return
    say("making .venv/")
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)
    except subprocess.CalledProcessError:
        sys.exit("dev.py: this Python can't make virtual environments: install its venv package.")
    stamp.write_text(place(), encoding="utf-8")


def install(lock: Path) -> None:
    """Install the packages of a lock file, by hash, and the project itself as an editable package.

    Exits with the installer's code if it fails. Does nothing if this was done before.
    """
    stamp = VENV / f"poligon-{lock.name}"
    expected = digest(lock)
    if says(stamp, expected):
        return
    fill(
        lock,
        ["--require-hashes", "-r", lock],
        # The build backend comes from the lock as well: nothing is fetched here.
        ["--no-deps", "--no-build-isolation", "-e", ROOT],
    )
    stamp.write_text(expected, encoding="utf-8")


def install_clients() -> None:
    """Make `.venv/clients/` anew with the packages of its lock file, by hash.

    Exits with the installer's code if it fails. Does nothing if this was done before.
    """
    stamp = CLIENTS / f"poligon-{CLIENTS_LOCK.name}"
    expected = digest(CLIENTS_LOCK)
    if says(stamp, expected):
        return
    venv.EnvBuilder(clear=True, symlinks=os.name != "nt").create(CLIENTS)
    packages = sysconfig.get_path("purelib", "venv", {"base": str(CLIENTS)})
    # It has no installer of its own: `.venv/` puts packages there, and builds what has no wheel.
    # Few of their modules are ever run: compiling all would take longer than the rest.
    step = ["--target", packages, "--no-compile", "--no-build-isolation", "--require-hashes"]
    fill(CLIENTS_LOCK, [*step, "-r", CLIENTS_LOCK])
    stamp.write_text(expected, encoding="utf-8")


def fill(lock: Path, *steps: Sequence[str | Path]) -> None:
    """Run the steps of an installation with uv, or with the pip of `.venv/` if that fails.

    Exits with the installer's code if both fail.
    """
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install"]
    installers = [("pip", [*pip, "--quiet"])]
    uv = shutil.which("uv")
    if uv:
        installers.insert(0, ("uv", [uv, "pip", "install", "--quiet", "--python", PYTHON]))
    code = 1
    for name, installer in installers:
        say(f"installing {lock.name} with {name} (the first time may take a minute or two)")
        started = time.monotonic()
        code = next(filter(None, (run([*installer, *step]) for step in steps)), 0)
        if code == 0:
            say(f"installed in {time.monotonic() - started:.0f} s")
            return
        say(f"{name} failed with exit code {code}")
    sys.exit(code)


def setup() -> None:
    """Bring `.venv/` to the state that the lock file describes."""
    make_environment()
    install(LOCK)


def check() -> int:
    """Run every static check, report each, and return 1 if any failed."""
    failed = []
    for words in CHECKS:
        name = " ".join(words)
        say(name)
        if run([SCRIPTS / words[0], *words[1:]]) != 0:
            failed.append(name)
    for words in CHECKS:
        name = " ".join(words)
        say(f"{'FAILED' if name in failed else 'passed'}  {name}")
    return 1 if failed else 0


def nightly() -> int:
    """Run every benchmark, with the packages only they need, and the long tests; return 1 if any
    failed."""
    install(BENCH_LOCK)
    commands: dict[str, list[str | Path]] = {}
    commands.update((module, [PYTHON, "-m", module]) for module in BENCHMARKS)
    for test, rounds in LONG_TESTS.items():
        os.environ.update(rounds)
        commands[test] = [PYTHON, "-m", "pytest", test]
    failed = []
    for name, command in commands.items():
        say(name)
        if run(command) != 0:
            failed.append(name)
    for name in commands:
        say(f"{'FAILED' if name in failed else 'passed'}  {name}")
    return 1 if failed else 0


def main(arguments: Sequence[str]) -> int:
    """Set up, run the named command and return its exit code (2 if there is no such command)."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help"):
        print(__doc__)
        return 0
    if command not in ("demo", "test", "check", "nightly", "setup"):
        print(__doc__, file=sys.stderr)
        print(f"dev.py: no such command: {command or '(none)'}", file=sys.stderr)
        return 2
    if rest and command not in ("demo", "test"):
        print(f"dev.py: {command} takes no options, got: {' '.join(rest)}", file=sys.stderr)
        return 2
    setup()
    if command in ("test", "setup"):
        install_clients()
    if command == "demo":
        hand_over([SCRIPTS / "poligon", "simulate", *DEMO, *rest])
    if command == "test":
        hand_over([PYTHON, "-m", "pytest", "-n", "auto", *rest])
    if command == "check":
        return check()
    if command == "nightly":
        return nightly()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(INTERRUPTED)
