"""How much a server slows down with its processor: the coefficient of a control variate.

The speed of a processor is told by a small piece of work (`loadtests.validation.processor`); a
server of another size and kind feels what the machine does more or less than that. Of runs with the
same load, some on a faster and some on a slower processor, least squares tell how much (Lavenberg,
Welch 1981).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

__all__ = ["elasticity_of"]

# The coefficient is held to be 1 ± 0.3 before there are runs, each of which is off by 3%: of a
# processor whose speed never changes nothing is learned.
_BELIEVED: Final = (0.03 / 0.3) ** 2


def elasticity_of(loads: Sequence[Sequence[tuple[float, float]]]) -> float:
    """By how many per cent the server is slower on a processor that is slower by one per cent.

    `loads` has of each load its runs: the mean speed, and the processor seconds that a request has
    taken. Runs of different loads are not compared with each other.
    """
    cross = squares = _BELIEVED
    for runs in loads:
        if runs:
            logs = np.log(np.array(runs))
            speeds, taken = (logs - logs.mean(axis=0)).T
            cross -= float(speeds @ taken)
            squares += float(speeds @ speeds)
    return cross / squares
