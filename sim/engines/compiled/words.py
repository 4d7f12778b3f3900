"""How an event is packed into 64 bits, so that one comparison orders those of one instant."""

from dataclasses import dataclass

from sim.model.model import Model
from sim.model.numbering import MAX_VISITS

__all__ = ["TooLarge", "Words", "word_sizes"]

WORD_BITS = 63  # of a signed integer that is never negative
_CLASS_BITS = 3
_LEAST_CELL_BITS = 16
_SIGMAS = 12  # above the mean no Poisson number comes


class TooLarge(ValueError):
    """The model has more of something than words of this engine can bear: they have 63 bits, and
    `needed` would be."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"the compiled engine would need words of {needed} bits")
        self.needed = needed


@dataclass(frozen=True)
class Words:
    """Bits of the parts: class | journey | number of the case | cell, the first above
    `class_shift`; and of an attempt in the order of visits."""

    number: int
    cell: int
    class_shift: int
    attempt: int


def word_sizes(model: Model) -> Words:
    """The parts for the cases and stations of `model`. Raises TooLarge."""
    expected = sum(stream.expected for a in model.arrivals for stream in a.streams)
    number = int(expected + _SIGMAS * expected**0.5 + 100).bit_length()
    # Changes of stations have a station's number and two bits in the place of journey and case.
    entity = max(
        number + (len(model.arrivals) - 1).bit_length(), len(model.stations).bit_length() + 2
    )
    tries = max((s.retry.max for s in model.stations if s.retry is not None), default=0)
    visit = (MAX_VISITS - 1).bit_length()
    order = len(model.graph.nodes).bit_length() + visit + tries.bit_length() + 1
    needed = max(order, _CLASS_BITS + entity + _LEAST_CELL_BITS)
    if needed > WORD_BITS:
        raise TooLarge(needed)
    class_shift = WORD_BITS - _CLASS_BITS
    return Words(number, class_shift - entity, class_shift, tries.bit_length())
