"""The code of the tutorial runs as it is printed."""

import re
from pathlib import Path
from typing import Any

import pytest

import mocks.in_process  # noqa: F401 - inner runs forget what they load; numpy loads only once
from mocks import pytest_plugin
from mocks.catalogue import SERVICES
from mocks.core.country import Country
from mocks.server.serving import serving

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "tutorial-broken-egrul.md"
SERVER = "http://127.0.0.1:8023"
BLOCK = re.compile(r"^```python\n(.+?)^```$", re.DOTALL | re.MULTILINE)


def blocks() -> list[str]:
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


def of_pytest(block: str) -> bool:
    return "@pytest.mark.poligon" in block


def test_every_block_runs_in_the_order_of_the_page() -> None:
    client, in_process, *rest = [block for block in blocks() if not of_pytest(block)]
    assert len([line for line in in_process.splitlines() if line]) <= 11, "ten lines and an import"
    names: dict[str, Any] = {}
    with serving(Country(SERVICES)) as server:
        for block in (client, in_process, *rest):
            exec(compile(block.replace(SERVER, server.url), str(PAGE), "exec"), names)
    assert SERVER in rest[-1]


def test_block_with_a_test_passes_under_the_plugin(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (block,) = filter(of_pytest, blocks())
    pytester.makepyfile(f"{blocks()[0]}\n{block}")
    pytester.runpytest_inprocess(plugins=[pytest_plugin]).assert_outcomes(passed=1)
