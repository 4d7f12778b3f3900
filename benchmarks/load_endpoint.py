"""A server that reads requests and answers 200 at once: what a loader is measured against."""

import asyncio
from typing import Final

_ANSWER: Final = (
    b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"ok": true}'
)


class Trivial(asyncio.Protocol):
    """One connection; requests have no bodies."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._left = b""

    def data_received(self, data: bytes) -> None:
        """Answer each head that has ended."""
        heads = (self._left + data).split(b"\r\n\r\n")
        self._left = heads.pop()
        self._transport.write(_ANSWER * len(heads))


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Trivial, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
