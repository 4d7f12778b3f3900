"""Whatever is done to a signed message, a token, a certificate: it is answered as documented, taken
for true only as it was signed, and leaves nothing behind.

Campaigns are processes of their own: one that hangs or falls dead is seen, and what it holds in
memory is its own. An input that fails is looked at by `python -m tests.fuzz.running NAME NUMBER`.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import pytest

from mocks.core.http import Answer
from mocks.server.serving import Server, serving
from tests.fuzz.campaign import Asked
from tests.fuzz.catalogue import CAMPAIGNS, OF_SERVICES, OF_SIGNATURES
from tests.fuzz.running import chance_of
from tests.mocks.raw_client import RawClient, head

ROOT: Final = Path(__file__).parents[2]
DEADLINE_S: Final = 900.0  # of some campaigns, which take some twenty seconds
LEAST_INPUTS: Final = 20_000  # of all campaigns together
OVER_HTTP: Final = 150  # inputs of each campaign
# What may be held more after the same inputs again. Certificates in GOST are others in each new
# tenant, and a cache keeps them; were something kept of every input, it would be more.
MOST_BLOCKS: Final = 3_000
MOST_RESIDENT: Final = 4 * 2**20  # bytes
TOO_LARGE_FOR_HTTP: Final = (414, 431)  # a URL, a header


def test_campaigns_have_enough_inputs() -> None:
    assert sum(campaign.count for campaign in CAMPAIGNS.values()) >= LEAST_INPUTS


@pytest.mark.parametrize("names", [OF_SIGNATURES, OF_SERVICES], ids=["signatures", "services"])
def test_altered_inputs_are_answered_as_documented_and_leave_nothing_behind(
    names: Collection[str],
) -> None:
    for name, told in told_by(names).items():
        campaign, outcomes = CAMPAIGNS[name], told["outcomes"]
        assert (name, told["broken"]) == (name, [])
        assert sum(outcomes.values()) == campaign.count
        assert set(outcomes) <= campaign.documented, name
        assert campaign.reached <= set(outcomes), name
        assert told["same"], name
        assert told["blocks"] < MOST_BLOCKS, name
        assert told["resident"] < MOST_RESIDENT, name


def told_by(names: Collection[str]) -> Any:
    """What campaigns write; their error output if they end badly."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.running", *names],
        cwd=ROOT, capture_output=True, check=False, encoding="utf-8", timeout=DEADLINE_S,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("name", OF_SERVICES)
def test_altered_inputs_over_http_are_answered_as_documented_and_the_server_lives(
    name: str,
) -> None:
    campaign = OF_SERVICES[name]()
    campaign.begin()
    with serving(campaign.country) as server:
        for number in range(OVER_HTTP):
            asked = campaign.asked(chance_of(name, number))
            answer = answered(server, asked)
            if answer.status not in TOO_LARGE_FOR_HTTP:
                assert campaign.judged(asked, answer) in campaign.documented
        with RawClient(server) as client:
            assert client.get("/healthz").answer().body == b"ok"


def answered(server: Server, asked: Asked) -> Answer:
    headers = [f"{name}: {value}" for name, value in asked.headers.items()]
    with RawClient(server) as client:
        length = f"Content-Length: {len(asked.body)}"
        client.send(head(asked.method, asked.path, length, *headers) + asked.body)
        seen = client.answer(asked.method)
    media_type = seen.headers["content-type"]
    return Answer(seen.status, seen.body, media_type, tuple(seen.headers.items()))
