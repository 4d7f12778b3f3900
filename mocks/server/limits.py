"""How much a client may send, and how long it may take."""

from dataclasses import dataclass
from typing import Final

try:
    import resource
except ImportError:  # not everywhere: then the system's limit is its own affair
    resource = None  # type: ignore[assignment]

__all__ = ["Limits"]

_MOST_CONNECTIONS: Final = 10_000
_OTHER_FILES: Final = 64  # that the process has open besides connections


def _connections() -> int:
    """As many as the system lets the process have open."""
    if resource is None:
        return _MOST_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return _MOST_CONNECTIONS
    return min(_MOST_CONNECTIONS, max(files - _OTHER_FILES, 1))


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a server. Times are seconds of real time, whatever the clocks of tenants do.

    `url_bytes`, `head_bytes` and `headers` bound the head of a request, `pipelined` and
    `pipelined_bytes` the requests of a connection that wait for earlier answers and their bodies,
    `bodies_bytes` the bodies held at a time (those of one request are bounded by its service).
    `head_s` and `body_s`: how long a head or a body may take to come. `idle_s`: between requests.
    `linger_s`: how long a refused client is listened to, so that it reads the refusal. `unread_s`:
    how long a client may leave an answer unread. `grace_s`: how long answers in flight may take
    when the server stops.
    """

    url_bytes: int = 16 * 2**10
    head_bytes: int = 64 * 2**10
    headers: int = 100
    pipelined: int = 100
    pipelined_bytes: int = 2**20
    bodies_bytes: int = 256 * 2**20
    connections: int = _connections()
    head_s: float = 10.0
    body_s: float = 30.0
    idle_s: int = 15
    linger_s: float = 2.0
    unread_s: float = 30.0
    grace_s: float = 5.0
