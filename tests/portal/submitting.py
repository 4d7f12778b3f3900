"""Submissions under keys, sent by many threads to a server that may die."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import requests

from tests.portal.http_client import Client
from tests.portal.ready_applicants import ReadyApplicant

__all__ = ["Load", "Submission"]


@dataclass(eq=False)
class Submission:
    """A form of an applicant under a key; `answer` is what was acknowledged (None: nothing)."""

    applicant: ReadyApplicant
    path: str
    payload: dict[str, Any]
    key: str
    answer: dict[str, Any] | None = None

    def send(self, client: Client) -> requests.Response:
        """Send it; the same as often as one likes."""
        headers = {"Authorization": f"Bearer {self.applicant.token}", "Idempotency-Key": self.key}
        return client.post(f"/portal/v1/{self.path}", json=self.payload, headers=headers)


class Load:
    """`submissions` on their way by so many `threads`, in their order, until all are sent or the
    server answers no more."""

    def __init__(self, address: str, submissions: Sequence[Submission], threads: int) -> None:
        self._address = address
        self._waiting: SimpleQueue[Submission] = SimpleQueue()
        for submission in submissions:
            self._waiting.put(submission)
        self.answered = threading.Semaphore(0)
        self.refused: list[str] = []
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Wait until every thread has ended."""
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        client = Client(self._address)
        try:
            while True:
                self._send(client, self._waiting.get_nowait())
        except (Empty, requests.RequestException):
            return
        finally:
            client.close()

    def _send(self, client: Client, submission: Submission) -> None:
        answer = submission.send(client)
        if answer.status_code == 200:
            submission.answer = answer.json()
        else:
            self.refused.append(f"{submission.path} {answer.status_code} {answer.text}")
        self.answered.release()
