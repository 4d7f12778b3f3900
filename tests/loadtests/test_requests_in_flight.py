"""What is in flight when its user or the run ends is waited for, or reported: nothing vanishes."""

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from loadtests.plan import PLAN_VARIABLE, ClosedShape, LoadPlan
from loadtests.samples import OUTCOMES, read_journeys, read_samples

HORIZON_S = 5.0
SLOW_S = 0.4
HUNG_EVERY = 4


class Sluggish(ThreadingHTTPServer):
    """Somebody's portal: each sign-up takes a while, each fourth one has no answer at all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.seen = self.hung = 0

    def is_hung(self) -> bool:
        with self.lock:
            self.seen += 1
            is_hung = self.seen % HUNG_EVERY == 0
            self.hung += is_hung
        return is_hung


class Answering(BaseHTTPRequestHandler):
    server: Sluggish

    def do_GET(self) -> None:
        self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.is_hung():
            self.server.over.wait()
        elif not self.server.over.wait(SLOW_S):
            self.send_error(500)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def sluggish() -> Iterator[Sluggish]:
    with Sluggish() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def test_each_request_has_a_sample_although_its_user_is_taken_away_or_the_run_ends(
    tmp_path: Path,
) -> None:
    results = tmp_path / "results"
    with sluggish() as server:
        plan = LoadPlan(
            scenario=None,
            seed=1,
            portal=f"http://127.0.0.1:{server.server_port}",
            horizon_s=HORIZON_S,
            drain_s=1.0,
            arrivals=ClosedShape(kind="spike", users=10),
            mix={"account": 1.0},
            results=results,
        )
        plan.write(tmp_path / "plan.json")
        words = [sys.executable, "-m", "locust", "-f", "loadtests/locustfile.py", "--headless"]
        ran = subprocess.run(
            [*words, "--only-summary", "--stop-timeout", "1"],
            env={**os.environ, "no_proxy": "*", PLAN_VARIABLE: str(tmp_path / "plan.json")},
            capture_output=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip
        seen, hung = server.seen, server.hung
    samples, ends = read_samples(results), read_journeys(results)
    answered = samples["detail"] == b"500 no-json"
    cut_off = (samples["detail"] == b"abandoned") & (samples["status"] == 0)
    assert {OUTCOMES[each] for each in samples["outcome"]} == {"failed"}, ran.stderr
    assert int(answered.sum()) + int(cut_off.sum()) == len(samples) == seen, ran.stderr
    # Who was only slow had the time to end, unless the machine had none.
    assert int(cut_off.sum()) >= hung > 1
    assert int(answered.sum()) > 1
    endings = Counter(each.ending for each in ends)
    assert endings == {"failed": int(answered.sum()), "abandoned": int(cut_off.sum())}
