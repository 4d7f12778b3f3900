"""What every port of an outside system may say instead of an answer."""

__all__ = ["NotBelieved", "OnItsWay", "Unavailable"]


class Unavailable(Exception):
    """`system` (an id of the rule book) does not answer now, or not with sense: ask again.

    It is never a refusal (VER-09, CERT-08, OPS-02). `retry_after_s` is what it asked for itself.
    """

    def __init__(self, system: str, why: str, retry_after_s: int | None = None) -> None:
        super().__init__(f"{system}: {why}")
        self.system = system
        self.retry_after_s = retry_after_s


class NotBelieved(Unavailable):
    """A message has come or gone whose signature or form does not fit it: it counts as none
    (INT-01)."""


class OnItsWay(Unavailable):
    """The question has been taken, its answer is to come: asked again after `retry_after_s`, the
    same question gets it. Nothing has failed."""
