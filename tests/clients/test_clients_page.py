"""The page about clients: its blocks run as they are printed, on the stand it begins with."""

import datetime as dt
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.cli.serve_process import served
from tests.clients.openssl import needs_openssl
from tests.clients.running import CLIENTS, needs_clients, saw

PAGE = Path(__file__).parents[2] / "docs" / "clients.md"
SERVER = "http://127.0.0.1:8080"
BLOCK = re.compile(r"^```(\w*)\n(.+?)^```$", re.DOTALL | re.MULTILINE)
SECTION = re.compile(r"^## (.+?)\n(.+?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
# Signs people in through the real ЕСИА, but for the lines of the page.
CONNECTOR = """
import json, os, sys
from esia_connector.client import EsiaAuth, EsiaSettings

given = json.load(sys.stdin)
os.chdir(given["folder"])
settings = EsiaSettings(
    "PORTAL", "http://127.0.0.1:5000/esia", "/etc/portal/certificate.pem", "/etc/portal/key.pem",
    "https://esia.gosuslugi.ru", "openid fullname", "/etc/portal/esia.pem",
)
{lines}
auth = EsiaAuth(settings)
if "code" in given:
    person = auth.complete_authorization(given["code"], "a-state")
    print(json.dumps(person.get_person_main_info()))
else:
    print(json.dumps(auth.get_auth_url("a-state")))
"""

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def blocks(language: str, text: str | None = None) -> list[str]:
    found = BLOCK.findall(page() if text is None else text)
    return [block for its, block in found if its == language]


def section(title: str) -> str:
    found: dict[str, str] = dict(SECTION.findall(page()))
    return found[title]


def shell(block: str, url: str, folder: Path) -> None:
    """Run a block of commands; CalledProcessError if one fails."""
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    command = ["sh", "-euc", block.replace(SERVER, url)]
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The stand of the page at its URL, and a folder with the files that were fetched."""
    folder = tmp_path_factory.mktemp("client")
    start, fetch, tenant = blocks("sh")
    command, subcommand, *words = start.split()
    assert (command, subcommand) == ("poligon", "serve")
    with served(folder, *words) as (_, _, url):
        shell(fetch, url, folder)
        shell(tenant, url, folder)
        yield url, folder


@pytest.mark.parametrize("tenant", ["", "/b"])
def test_every_block_of_python_runs_in_the_order_of_the_page(
    stand: tuple[str, Path], tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = stand
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    assert "`OAUTHLIB_INSECURE_TRANSPORT=1`" in section("requests-oauthlib")
    names: dict[str, Any] = {}
    for block in blocks("python"):
        if block not in section("esia-connector"):
            code = block.replace(SERVER, url + tenant)
            exec(compile(code, str(PAGE), "exec"), names)
    calls = {"pattern": {"service": "esia", "path": "/aas/oauth2/te", "status": 200}, "times": 2}
    journal = f"{url}/_admin/tenants{tenant or '/main'}/journal"
    verified = requests.post(f"{journal}/verify", json=calls)
    assert verified.status_code == 200, verified.text


@needs_clients
@needs_openssl
def test_lines_of_esia_connector_lead_it_here(stand: tuple[str, Path]) -> None:
    url, folder = stand
    (lines,) = blocks("python", section("esia-connector"))
    program = folder / "system.py"
    program.write_text(CONNECTOR.format(lines=lines.replace(SERVER, url)), encoding="utf-8")
    sent = saw(program, python=CLIENTS, folder=str(folder))
    with requests.Session() as browser:
        browser.trust_env = False
        came_back = browser.get(f"{sent}&poligon_login=72559357432", allow_redirects=False)
    (code,) = parse_qs(urlsplit(came_back.headers["Location"]).query)["code"]
    told = saw(program, python=CLIENTS, folder=str(folder), code=code)
    assert (told["lastName"], told["firstName"]) == ("Кулагин", "Касьян")


def test_clock_of_the_other_tenant_goes_as_that_of_main(stand: tuple[str, Path]) -> None:
    url, _ = stand
    clocks = [requests.get(f"{url}/_admin/tenants/{name}/clock").json() for name in ("main", "b")]
    assert [clock["speed"] for clock in clocks] == [1.0, 1.0]
    main, other = (dt.datetime.fromisoformat(clock["now"]) for clock in clocks)
    now = dt.datetime.now(dt.UTC)
    assert max(abs(now - main), abs(now - other)) < dt.timedelta(minutes=5)


def test_every_file_and_description_named_is_there(stand: tuple[str, Path]) -> None:
    url, _ = stand
    named = set(re.findall(rf"{SERVER}(/[^\s`\"]+(?:\.pem|\?wsdl))", page()))
    assert len(named) == 5
    assert {requests.get(url + path).status_code for path in named} == {200}


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Any client of ЕСИА", ""),
        ("esia-connector", "python"),
        ("requests-oauthlib", "python"),
        ("Authlib", "python"),
        ("Any SOAP client of СМЭВ", ""),
        ("zeep", "python"),
        ("The REST face of СМЭВ", "python"),
    ],
)
def test_client_is_pointed_here_by_three_lines(title: str, language: str) -> None:
    (lines,) = (block for block in blocks(language, section(title)) if SERVER in block)
    assert len(lines.splitlines()) == 3


def test_links_lead_to_pages_and_their_sections() -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", page())
    assert links
    for name, anchor in links:
        text = (PAGE.parent / name).read_text(encoding="utf-8")
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert not anchor or anchor in [title.lower().replace(" ", "-") for title in titles], name
