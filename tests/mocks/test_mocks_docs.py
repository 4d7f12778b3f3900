"""The pages about the mocks and their administration say what there is."""

import json
import re
from pathlib import Path

import requests

import mocks
from mocks.core.faults import KINDS
from tests.mocks.probe import probe

DOCS = Path(__file__).parents[2] / "docs"
CALL = re.compile(r"```http\n(\w+) (\S+)\n\n(.+?)\n```\n```json\n(.+?)\n```", re.DOTALL)


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_table_of_faults_has_every_kind_in_the_order_of_the_code() -> None:
    table = page("mocks.md").partition("## Faults")[2].partition("## The journal")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(KINDS)


def test_table_of_operations_has_every_operation() -> None:
    with mocks.running(services=[probe()]) as country:
        paths = requests.get(f"{country.url}/_admin/openapi.json").json()["paths"]
    operations = {(method.upper(), path) for path in paths for method in paths[path]}
    listed = re.findall(r"^\| `([A-Z]+) (/\S+)` \|", page("admin-api.md"), re.MULTILINE)
    assert len(listed) == len(operations)
    assert set(listed) == operations


def test_example_of_a_refusal_is_what_is_really_answered() -> None:
    ((method, path, body, expected),) = CALL.findall(page("admin-api.md"))
    with mocks.running(services=[probe()]) as country:
        answer = requests.request(method, country.url + path, json=json.loads(body))
    assert answer.json() == json.loads(expected)


def test_links_lead_to_pages() -> None:
    for name in ("mocks.md", "admin-api.md", "tutorial-broken-egrul.md"):
        links = re.findall(r"\]\(([^)#]+)", page(name))
        assert links
        assert [link for link in links if not (DOCS / link).is_file()] == []
