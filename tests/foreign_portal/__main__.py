"""`python -m tests.foreign_portal [--break CODE]…`: serves the second portal on a free port."""

import argparse
import socket

import uvicorn

from tests.foreign_portal.app import application


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--break", dest="broken", action="append", default=[])
    off = frozenset(parser.parse_args().broken)
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)  # noqa: T201
    config = uvicorn.Config(application(off), log_level="warning", lifespan="off")
    uvicorn.Server(config).run([listening])


if __name__ == "__main__":
    main()
