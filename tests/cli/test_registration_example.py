"""docs/examples/registration.sh: an organization is registered by curl, as the README shows."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from poligon.app import run
from tests.cli.serve_process import served

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
TOOLS = ["bash", "curl", "openssl", "python3"]
# Pages that quote lines of the output; the rest of a long one is left out with an ellipsis.
PAGES = ["README.md", "README.ru.md"]

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}"
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the script prints against a portal of its own."""
    folder = tmp_path_factory.mktemp("registration")
    assert run(["world", "filing", "--index", "1", "--to", str(folder / "filing")]) == 0
    with served(folder) as (_, _, url):
        done = subprocess.run(
            ["bash", EXAMPLES / "registration.sh", url, folder / "filing"],
            env={**os.environ, "no_proxy": "*", "LC_ALL": "C.UTF-8"},
            capture_output=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_script_prints_what_is_kept_beside_it(printed: str) -> None:
    assert printed == (EXAMPLES / "registration.out").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_quotes_what_the_script_prints(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    quoted = text.partition("<!-- registration.out -->\n```\n")[2].partition("```")[0].splitlines()
    kept = iter((EXAMPLES / "registration.out").read_text(encoding="utf-8").splitlines())
    assert len(quoted) > 10
    for line in quoted:
        beginning = line.removesuffix("…")
        assert any(each.startswith(beginning) for each in kept), line
