"""A submission under its idempotency key, over all its attempts: whether the portal has said that
it took it, or may have taken it although nobody was told so."""

from dataclasses import dataclass

from loadtests.answers import Reply, Verdict

__all__ = ["Submission"]


@dataclass(slots=True)
class Submission:
    """What is sent once under `key`, however often; `kind` is what the portal makes of it, by whose
    name the answer has its id. `taken` is that id once it is known; `is_lost` says that an attempt
    had no answer from which one could tell."""

    kind: str
    key: str
    taken: str | None = None
    is_lost: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the portal may have done it and nobody was told so."""
        return self.is_lost and self.taken is None

    def answered(self, reply: Reply, verdict: Verdict) -> bool:
        """Learn from the answer to an attempt; true if it is the first to tell of what was taken.

        An answer that says so counts even if something else about it is wrong. A refusal and one
        that was shed have done nothing; a failure of the server, a connection that broke and an
        answer without the id may have.
        """
        is_taken = 200 <= reply.status < 300
        if is_taken and self.kind in verdict.told.data:
            is_first = self.taken is None
            self.taken = str(verdict.told.data[self.kind])
            return is_first
        is_shed = verdict.outcome == "shed"
        self.is_lost |= bool(reply.error) or is_taken or (reply.status >= 500 and not is_shed)
        return False
