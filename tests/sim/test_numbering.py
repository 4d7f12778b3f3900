"""How much a record can number, and the refusal of what is beyond."""

import numpy as np
import pytest

from sim.model.model import compile_model
from sim.model.numbering import (
    ENTITY_SHIFT,
    MAX_ATTEMPTS,
    MAX_JOURNEYS,
    MAX_NODES,
    MAX_VISITS,
    NODE_SHIFT,
    refuse_too_many,
)
from tests.sim.tracing import ONE_DESK, scenario


def test_the_last_of_each_still_fits_a_column_and_the_next_does_not() -> None:
    most = np.iinfo(np.int64).max
    assert most == (MAX_JOURNEYS - 1) << ENTITY_SHIFT | ((1 << ENTITY_SHIFT) - 1)
    assert most == (MAX_NODES - 1) << NODE_SHIFT | (MAX_VISITS - 1)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_more_than_can_be_recorded_is_refused_by_name(place: int) -> None:
    counts = [MAX_JOURNEYS, MAX_NODES, MAX_ATTEMPTS]
    refuse_too_many(*counts)
    counts[place] += 1
    what = ("journeys", "nodes", "attempts")[place]
    with pytest.raises(ValueError, match=f"{counts[place]} {what}.*{counts[place] - 1} at most"):
        refuse_too_many(*counts)


def test_more_retries_than_there_are_keys_for_are_refused_when_the_model_is_compiled() -> None:
    text = (
        "arrivals: [{journey: j, rate: {per_hour: 1}}]\nstations: {desk: {servers: 1, "
        "service: {constant: 1s}, timeout: 1s, retry: {max: %d, backoff: 1s}}}" + ONE_DESK
    )
    compile_model(scenario(text % (MAX_ATTEMPTS - 1), horizon="1h"))
    with pytest.raises(ValueError, match="attempts"):
        compile_model(scenario(text % MAX_ATTEMPTS, horizon="1h"))
