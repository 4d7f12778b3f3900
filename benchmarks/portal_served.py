"""A portal whose registries answer in process, served in a process of its own, and its clients."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.portal_in_process import portal_over
from benchmarks.served import Client, get, post, tell, usage
from mocks.server.serving import serving
from portal.http.app import portal_app
from portal.http.served import ServedPortal

__all__ = ["PortalProcess", "Submission", "portal_process"]

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Submission:
    """An application as it is sent, and the token of whoever sends it."""

    token: str
    payload: Mapping[str, Any]

    def request(self) -> bytes:
        """The registration, under a key."""
        body = json.dumps(self.payload, ensure_ascii=False).encode()
        return post(
            "/portal/v1/register-organization",
            body,
            "application/json",
            Authorization=f"Bearer {self.token}",
            Idempotency_Key=self.token,
        )

    def look(self, organization: str) -> bytes:
        """The question for its status."""
        path = f"/portal/v1/registration?organization={organization}"
        return get(path, Authorization=f"Bearer {self.token}")


class PortalProcess:
    """The process by its pipes; `port` is the server's."""

    def __init__(self, asked: IO[str], told: IO[str]) -> None:
        self._asked = asked
        self._told = told
        self.port: int = json.loads(told.readline())["port"]

    def client(self) -> Client:
        """A connection of one's own."""
        return Client("portal", self.port, self._asked, self._told)

    def prepared(self, count: int) -> Sequence[Submission]:
        """That many new applicants are ready in its records, and the last ones are forgotten."""
        self._tell({"prepare": count})
        return [Submission(**each) for each in json.loads(self._told.readline())]

    def usage(self) -> dict[str, float]:
        """CPU seconds used so far, memory in MB."""
        self._tell({})
        found: dict[str, float] = json.loads(self._told.readline())
        return found

    def _tell(self, what: Mapping[str, int]) -> None:
        print(json.dumps(what), file=self._asked, flush=True)


@contextmanager
def portal_process() -> Iterator[PortalProcess]:
    """The portal over a new SQLite file."""
    with (
        tempfile.TemporaryDirectory(prefix="poligon-") as folder,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.portal_served", f"{folder}/portal.db"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield PortalProcess(process.stdin, process.stdout)
        finally:
            process.kill()


def main() -> None:
    """Say the port, then do what each line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    options = parser.parse_args()
    with portal_over(f"sqlite:///{options.database}") as (portal, applicants):
        app = portal_app(ServedPortal(portal=portal))
        with serving(applicants.country, guests={"portal": lambda tenant: app}) as server:
            tell({"port": server.port})
            for line in sys.stdin:
                asked = json.loads(line)
                if "prepare" not in asked:
                    tell(usage())
                    continue
                applicants.records.clear()
                ready = applicants.take(portal.ports.store, asked["prepare"])
                tell([{"token": each.token, "payload": each.payload} for each in ready])


if __name__ == "__main__":
    main()
