"""A portal over a database that is served under a plan of faults, killed and served again."""

import datetime as dt
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import requests

from portal.adapters.kept_clock import kept_moment
from portal.store.journal_chain import broken_at
from portal.store.sql_store import SqlStore
from tests.cli.serve_process import served
from tests.portal.fakes import CountedEntropy
from tests.portal.http_client import Client
from tests.portal.ready_applicants import (
    SEED,
    ReadyApplicant,
    filings_on,
    ready_applicant,
    stand_over,
)
from tests.portal.submitting import Load

__all__ = ["KilledServer", "kill_during"]

START: Final = dt.datetime(2026, 4, 20, 10, tzinfo=ZoneInfo("Europe/Moscow"))
FAULTS: Final = """
- {id: egrul-fails, service: egrul, kind: error, status: 503, p: 0.2}
- {id: egrip-fails, service: egrip, kind: error, status: 503, p: 0.2}
- {id: fns-resets, service: fns, kind: reset, processed: true, p: 0.2}
- {id: pfr-fails, service: pfr, kind: error, status: 500, p: 0.2}
- {id: pfr-loses, service: pfr, kind: lost_case, p: 0.1}
- {id: sms-refuses, service: sms, kind: error, status: 429, retry_after: 30s, p: 0.3}
"""
CLOCK: Final = "/_admin/tenants/main/clock"
PATIENCE_S: Final = 120
MINUTES: Final = 3  # by which time is moved under load: signatures are good for five


class KilledServer:
    """Where it lives: `folder` has the database and the plan."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = f"sqlite:///{folder / 'portal.db'}"
        (folder / "faults.yaml").write_text(FAULTS, encoding="utf-8")
        self._filings = filings_on(START.date(), "ecc", "rsa")
        self._entropy = CountedEntropy()
        self._told = START

    @contextmanager
    def records(self) -> Iterator[SqlStore]:
        """The database, whose journal is whole."""
        with SqlStore(self._database) as store:
            assert broken_at(store.journal()) is None
            yield store

    @contextmanager
    def running(self) -> Iterator[tuple["subprocess.Popen[str]", Client]]:
        """The server and a client of it; its time is not before what an earlier one has told."""
        words = ["--db", self._database, "--faults", "faults.yaml"]
        words += ["--seed", f"{SEED}", "--start", f"{START:%Y-%m-%dT%H:%M}"]
        with served(self._folder, *words) as (child, _, url):
            client = Client(url)
            self.now(client)
            yield child, client
            client.close()

    def now(self, client: Client) -> dt.datetime:
        """What the clock tells, never less than before."""
        return self._later(client.get(CLOCK).json()["now"])

    def advance(self, client: Client, by: str) -> dt.datetime:
        """Let time pass."""
        answer = client.post(f"{CLOCK}/advance", json={"by": by})
        assert answer.status_code == 200, answer.text
        return self._later(answer.json()["now"])

    def newcomers(self, store: SqlStore, number: int) -> list[ReadyApplicant]:
        """So many applicants who are going to file."""
        stand = stand_over(store, kept_moment(store) or START, self._entropy)
        return [ready_applicant(stand, each) for each in islice(self._filings, number)]

    def _later(self, told: str) -> dt.datetime:
        before, self._told = self._told, dt.datetime.fromisoformat(told)
        assert self._told >= before
        return self._told


def kill_during(
    load: Load, child: "subprocess.Popen[str]", client: Client, after: int, pause_s: float
) -> None:
    """Kill the server `pause_s` after so many submissions of `load` were answered, while time
    passes."""
    time = threading.Thread(target=_let_time_pass, args=(client.address,))
    load.start()
    time.start()
    for _ in range(after):
        assert load.answered.acquire(timeout=PATIENCE_S)
    threading.Event().wait(pause_s)
    child.kill()
    child.wait()
    load.join()
    time.join()


def _let_time_pass(address: str) -> None:
    """Minute by minute, so that what is due of earlier rounds is done meanwhile."""
    client = Client(address)
    try:
        for _ in range(MINUTES):
            client.post(f"{CLOCK}/advance", json={"by": "1m"})
    except requests.RequestException:
        return
    finally:
        client.close()
