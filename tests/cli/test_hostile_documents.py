"""Hostile XML and JSON sent to the real command: refused in the words of the protocol, in bounded
memory, while the others are served."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.cli.process_tree import DEADLINE_S
from tests.cli.serve_process import served

MEGABYTE = 2**20
MOST_GROWTH = 96 * MEGABYTE  # of the server's peak memory; the inputs expand to gigabytes
NAMESPACE = "urn://x-artefacts-fns-vipul-tosmv-ru/311-14/4.0.6"
REQUEST = f'<FNSVipULRequest xmlns="{NAMESPACE}" ИдДок="1">{{}}</FNSVipULRequest>'
REJECTED = "RequestRejected"

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ха"}">' for n in range(12)
)  # a billion laughs
DOCUMENTS = {
    "doctype": "<!DOCTYPE a><a/>",
    "entity bomb": f"<!DOCTYPE a [{LAUGHS}]><a>&l11;</a>",
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    "deep": "<a>" * 50_000,
    "wide": REQUEST.format("<ЗапросЮЛ/>" * 40_000),
    "many attributes": "<a " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>",
    "unclosed": "<a>",
    "other root": "<a/>",
    "two numbers": REQUEST.format("<ЗапросЮЛ><ОГРН>1</ОГРН><ИННЮЛ>2</ИННЮЛ></ЗапросЮЛ>"),
    "empty": "",
}
HUGE = b"<a>" + b"x" * 50 * MEGABYTE + b"</a>"
ENCODED = {
    "not UTF-8": b"<a>\xff</a>",
    "declared otherwise": '<?xml version="1.0" encoding="windows-1251"?><a>ж</a>'.encode("cp1251"),
    "UTF-16": "<a/>".encode("utf-16"),
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "NUL": b"<a>\0</a>",
}
JSON = {
    "deep": b"[" * 500_000,
    "long number": b'{"series": ' + b"9" * 500_000 + b"}",
    "not a number": b'{"series": NaN}',
    "lone surrogate": b'{"series": "\\ud800"}',
    "not UTF-8": b'{"series": "\xff"}',
    "empty": b"",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """URL and process of a running `poligon serve`."""
    with served(tmp_path_factory.mktemp("serve")) as (child, _, url):
        yield url, child.pid


def peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("the peak memory of another process is known on Linux alone")
    (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def post(url: str, path: str, body: bytes) -> requests.Response:
    return requests.post(f"{url}{path}", data=body, timeout=DEADLINE_S)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_xml_is_rejected_in_the_protocols_own_words(
    server: tuple[str, int], name: str
) -> None:
    answer = post(server[0], "/egrul/smev", DOCUMENTS[name].encode())
    assert answer.status_code == 400
    assert REJECTED in answer.text
    assert "xml" in answer.headers["Content-Type"]


def test_a_document_of_50_mb_is_refused_before_it_is_read(server: tuple[str, int]) -> None:
    answer = post(server[0], "/egrul/smev", HUGE)
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")


@pytest.mark.parametrize("name", ENCODED)
def test_xml_in_a_bad_encoding_is_rejected(server: tuple[str, int], name: str) -> None:
    answer = post(server[0], "/egrul/smev", ENCODED[name])
    assert (answer.status_code, REJECTED in answer.text) == (400, True)


@pytest.mark.parametrize("name", JSON)
def test_hostile_json_is_refused(server: tuple[str, int], name: str) -> None:
    answer = post(server[0], "/mvd/v1/passport-checks", JSON[name])
    assert answer.status_code in (400, 422)
    assert set(answer.json()) >= {"error", "message"}


def test_memory_stays_bounded_and_others_are_served_meanwhile(server: tuple[str, int]) -> None:
    url, pid = server
    before = peak_memory(pid)
    documents = [HUGE, *(text.encode() for text in DOCUMENTS.values()), *ENCODED.values()]
    with ThreadPoolExecutor(8) as clients:
        hostile = [clients.submit(post, url, "/egrul/smev", d) for d in documents * 4]
        served_well = [
            clients.submit(requests.get, f"{url}/healthz", timeout=DEADLINE_S) for _ in range(20)
        ]
        assert {each.result().status_code for each in hostile} == {400, 413}
        assert {each.result().text for each in served_well} == {"ok"}
    assert peak_memory(pid) - before < MOST_GROWTH
