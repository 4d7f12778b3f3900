"""What a load test sees of its own processes."""

import os
import subprocess
import sys

from poligon.load.monitor import _with_children
from tests.cli.process_tree import needs_proc

BURNT_S = 0.2
BURNING = f"import time\nwhile time.process_time() < {BURNT_S}: pass"
TICKS_S = 0.05  # the system counts in ticks


@needs_proc
def test_cpu_of_a_process_that_has_ended_stays_ours() -> None:
    before = _with_children(os.getpid())
    subprocess.run([sys.executable, "-c", BURNING], check=True)
    assert _with_children(os.getpid()) - before > BURNT_S - TICKS_S
