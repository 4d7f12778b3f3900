"""Campaigns in a process of their own: `python -m tests.fuzz.running NAME …`.

Each is fed all its inputs, then the first of them twice more: both times every outcome must be the
same, and at the end no more may be held in memory the second time than the first. If an input
hangs, the process tells where, and ends. `python -m tests.fuzz.running NAME NUMBER` feeds one input
and prints what became of it.
"""

import faulthandler
import gc
import hashlib
import json
import resource
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz.campaign import Campaign
from tests.fuzz.catalogue import CAMPAIGNS

__all__ = ["chance_of"]

_INPUT_DEADLINE_S: Final = 60.0  # after which it hangs; inputs take milliseconds
_PAGES: Final = Path("/proc/self/statm")
_AGAIN: Final = 300  # inputs that are fed twice more
_MOST_BROKEN: Final = 3  # inputs that are told of


def main(words: Sequence[str]) -> None:
    """Write what became of the inputs, as JSON by campaign."""
    if words[-1].isdecimal():
        name, number = words
        campaign = CAMPAIGNS[name]()
        campaign.begin()
        sys.stdout.write(f"{campaign.fed(chance_of(name, int(number)))}\n")
    else:
        json.dump({name: _told(name) for name in words}, sys.stdout)


def chance_of(name: str, number: int) -> Random:
    """What input `number` of a campaign is made by."""
    return Random(f"{name} {number}")


def _told(name: str) -> dict[str, Any]:
    campaign = CAMPAIGNS[name]()
    campaign.begin()
    told, *_ = _pass(name, campaign, campaign.count)
    first, blocks, resident = _pass(name, campaign, _AGAIN)
    second, blocks_then, resident_then = _pass(name, campaign, _AGAIN)
    growth = {"blocks": blocks_then - blocks, "resident": resident_then - resident}
    return {**told, **growth, "same": first == second}


def _pass(name: str, campaign: Campaign, count: int) -> tuple[dict[str, Any], int, int]:
    """Outcomes, and what is held in memory once they are forgotten."""
    outcomes: Counter[str] = Counter()
    told = hashlib.sha256()
    broken = []
    for number in range(count):
        faulthandler.dump_traceback_later(_INPUT_DEADLINE_S, exit=True)
        try:
            outcome = campaign.fed(chance_of(name, number))
        except Exception:  # whatever it is, it should not have come
            broken.append(f"input {number}:\n{traceback.format_exc()}")
            outcomes["broken"] += 1
            continue
        outcomes[outcome.name] += 1
        told.update(outcome.told)
    faulthandler.cancel_dump_traceback_later()
    campaign.begin()
    gc.collect()
    seen = {
        "outcomes": dict(sorted(outcomes.items())),
        "digest": told.hexdigest(),
        "broken": broken[:_MOST_BROKEN],
    }
    return seen, sys.getallocatedblocks(), _resident_bytes()


def _resident_bytes() -> int:
    """Memory now where the system tells it; elsewhere nothing is known."""
    if not _PAGES.exists():
        return 0
    return int(_PAGES.read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    main(sys.argv[1:])
