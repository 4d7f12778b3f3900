"""Programs of real clients: what they get, what they may see, how they fail a test."""

from pathlib import Path

import pytest

from mocks.server.serving import serving
from tests.clients.running import CLIENTS, TESTS, needs_clients, saw
from tests.mocks.desk import country

EITHER = pytest.mark.parametrize(
    "python",
    [pytest.param(TESTS, id="tests"), pytest.param(CLIENTS, id="clients", marks=needs_clients)],
)


def program(folder: Path, text: str) -> Path:
    path = folder / "client.py"
    path.write_text(text, encoding="utf-8")
    return path


@EITHER
def test_program_asks_a_served_country_and_tells_what_it_saw(python: Path, tmp_path: Path) -> None:
    text = """
import json, requests, sys
given = json.load(sys.stdin)
seen = requests.get(f"{given['url']}/egrul/name/{given['name']}", timeout=30)
print(json.dumps(seen.json(), ensure_ascii=False))
"""
    with serving(country()) as server:
        seen = saw(program(tmp_path, text), python=python, url=server.url, name="Ёж")
    assert seen == {"name": "Ёж", "query": ""}


@EITHER
def test_program_sees_no_proxy_and_nothing_of_its_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, python: Path
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    text = """
import importlib.util, json, urllib.request
print(json.dumps([urllib.request.getproxies(), importlib.util.find_spec("client") is None]))
"""
    assert saw(program(tmp_path, text), python=python) == [{}, True]


def test_failed_program_fails_the_test_with_its_own_words(tmp_path: Path) -> None:
    failing = program(tmp_path, "raise SystemExit('нет такого маркера')")
    with pytest.raises(pytest.fail.Exception) as told:
        saw(failing)
    assert told.value.msg == "client.py ended with 1:\nнет такого маркера\n"


def test_program_that_never_ends_fails_the_test(tmp_path: Path) -> None:
    stuck = program(tmp_path, "import threading; threading.Event().wait()")
    with pytest.raises(pytest.fail.Exception, match=r"client\.py has not ended in 0\.1 s"):
        saw(stuck, deadline_s=0.1)


@needs_clients
def test_esia_connector_lives_with_the_pyjwt_that_it_was_written_for(tmp_path: Path) -> None:
    text = """
import importlib.metadata, json
import esia_connector.client
print(json.dumps([importlib.metadata.version(name) for name in ("esia-connector", "PyJWT")]))
"""
    assert saw(program(tmp_path, text), python=CLIENTS) == ["0.16", "1.7.1"]
