"""The country as a server in the foreground: what `poligon serve` does."""

import datetime as dt
import errno
import gc
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from mocks.admin import PREFIX
from mocks.catalogue import SERVICES
from mocks.core.country import DEFAULT_START, MAIN, Country
from mocks.core.fault_file import read_faults
from mocks.core.faults import Fault
from mocks.server.serving import Server, serving
from mocks.server.tls import Authority
from poligon.exits import ExitCode, say
from poligon.interruption import Interrupted
from poligon.options import OptionError, OptionProblem
from poligon.serve.options import NOW, ServeOptions
from poligon.texts import text
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.store.database import WrongUrl
from reports.formatting import exact, year_moment
from rulebook import Language
from scenarios.completion import CompleteScenario
from scenarios.loader import load
from sim.model.stations import scaled
from stand.portals import Portals
from stand.request_log import request_log
from world.calendar import Calendar

__all__ = ["serve"]

_AUTHORITY_FILE: Final = "poligon-ca.pem"
_DATABASE_FILE: Final = "portal.db"


def serve(options: ServeOptions, lang: Language) -> int:
    """Serve until a signal asks to stop, and return its exit code.

    Answers in flight are finished then, unless a second signal comes. Raises ScenarioError for the
    scenario and the file of faults, OptionError for an address that cannot be had.
    """
    country = _country(options)
    authority = Authority() if options.tls else None
    with ExitStack() as stack:
        stack.enter_context(_logged(options))
        trust = None if authority is None else stack.enter_context(_written(authority))
        portals = stack.enter_context(_portals(country, options, lang))
        server = stack.enter_context(_served(country, authority, options, portals))
        portals.begin(server.url, trust)
        _settle()
        try:
            _tell(country, server, trust, options, lang)  # whoever reads it may stop the server
            server.wait()
        except Interrupted as interrupted:
            with _hurried(server):
                say(text("serve_stops", lang))
                server.stop()
            return interrupted.exit_code
    return ExitCode.FAULT  # a server does not end by itself


def _country(options: ServeOptions) -> Country:
    scenario = None
    if options.scenario is not None:
        scenario = scaled(load(options.scenario, options.overrides), options.scale)
    faults: list[Fault] = []
    if options.faults is not None:
        faults = read_faults(options.faults, _made(options, scenario, []))
    country = _made(options, scenario, faults)
    if options.speed:
        country.tenant().run(options.speed)
    return country


def _made(options: ServeOptions, scenario: CompleteScenario | None, faults: list[Fault]) -> Country:
    start = options.start
    if start == NOW:
        calendar = Calendar(start=DEFAULT_START) if scenario is None else scenario.calendar
        now = dt.datetime.now(ZoneInfo(calendar.timezone))
        start = now.replace(microsecond=0, tzinfo=None)
    return Country(SERVICES, seed=options.seed, scenario=scenario, faults=faults, start=start)


@contextmanager
def _written(authority: Authority) -> Iterator[Path]:
    """The authority's certificate as a file, for as long as it is of use."""
    with tempfile.TemporaryDirectory(prefix="poligon-") as folder:
        path = Path(folder) / _AUTHORITY_FILE
        path.write_bytes(authority.pem)
        yield path


@contextmanager
def _logged(options: ServeOptions) -> Iterator[None]:
    """With the log of requests; OptionError for a file that cannot be written."""
    with ExitStack() as stack:
        try:
            stack.enter_context(request_log(options.request_log))
        except OSError as error:
            reason = {"reason": error.strerror or str(error)}
            got = options.request_log or ""
            problem = OptionProblem("option_request_log", "--request-log", got, reason)
            raise OptionError([problem]) from error
        yield


@contextmanager
def _portals(country: Country, options: ServeOptions, lang: Language) -> Iterator[Portals]:
    """The portals of the country's tenants; OptionError for a database that cannot be had."""
    with tempfile.TemporaryDirectory(prefix="poligon-") as folder:
        database = options.database or f"sqlite:///{Path(folder) / _DATABASE_FILE}"
        try:
            portals = Portals(
                country,
                _passwords(options),
                database=database,
                is_kept=options.database is not None,
            )
        except WrongUrl as wrong:
            raise OptionError([_database_problem(wrong.reason.in_language(lang))]) from wrong
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error)
            raise OptionError([_database_problem(cause.partition("\n")[0])]) from error
        try:
            yield portals
        finally:
            portals.close()


def _passwords(options: ServeOptions) -> Argon2Passwords:
    """Slow on purpose, unless a stand is to spend its time on something else."""
    if options.cheap_passwords:
        return Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)
    return Argon2Passwords()


def _database_problem(reason: str) -> OptionProblem:
    return OptionProblem("option_database", "--db", "", {"reason": reason})


@contextmanager
def _served(
    country: Country, authority: Authority | None, options: ServeOptions, portals: Portals
) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(
                serving(
                    country,
                    authority,
                    host=options.host,
                    port=options.port,
                    guests=portals.guests,
                )
            )
        except (OSError, UnicodeError) as error:
            raise OptionError([_address_problem(options, error)]) from error
        yield server


def _address_problem(options: ServeOptions, error: OSError | UnicodeError) -> OptionProblem:
    if isinstance(error, UnicodeError):
        return OptionProblem("option_host_form", "--host", options.host)
    if isinstance(error, socket.gaierror):
        return OptionProblem("option_host_unknown", "--host", options.host)
    match error.errno:
        case errno.EADDRINUSE:
            return OptionProblem("option_port_taken", "--port", options.port)
        case errno.EACCES:
            return OptionProblem("option_port_forbidden", "--port", options.port)
        case errno.EADDRNOTAVAIL:
            return OptionProblem("option_host_elsewhere", "--host", options.host)
    reason = {"reason": error.strerror or str(error)}
    return OptionProblem("option_address", "--host", f"{options.host}:{options.port}", reason)


def _settle() -> None:
    """Leave what a server is made of out of later collections of garbage: each would look through
    all of it, and nobody is answered for a quarter of a second then."""
    gc.collect()
    gc.freeze()


@contextmanager
def _hurried(server: Server) -> Iterator[None]:
    """Inside, one more signal stops the server at once."""

    def hurry(_: int, __: FrameType | None) -> None:
        server.ask_to_stop(now=True)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, hurry) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(
    country: Country, server: Server, trust: Path | None, options: ServeOptions, lang: Language
) -> None:
    """What there is and where; the last line says that the server accepts."""
    main = country.tenant()
    lines = [text("serve_services", lang)]
    longest = max(len(service) for service in country.services)
    for service in country.services:
        lines.append(
            text(
                "serve_service",
                lang,
                path=f"/{service}".ljust(longest + 1),
                title=country.book.systems[service].title(lang),
                rules=len(country.rules_of(service)),
            )
        )
    database = options.database
    kept = (
        text("serve_portal_forgets", lang)
        if database is None
        else make_url(database).render_as_string(hide_password=True)
    )
    lines.append(text("serve_portal", lang, url=server.url, database=kept))
    lines.append(text("serve_admin", lang, url=server.url + PREFIX))
    lines.append(text("serve_tenant", lang, tenant=MAIN, seed=country.seed))
    moment = year_moment(main.clock.local(), lang)
    if main.clock.speed:
        speed = exact(main.clock.speed, lang)
        lines.append(text("serve_clock_runs", lang, moment=moment, speed=speed))
    else:
        lines.append(text("serve_clock_stands", lang, moment=moment))
    if len(main.faults):
        planned = ", ".join(fault.spec.id for fault in main.faults)
        lines.append(text("serve_faults", lang, faults=planned))
    if trust is not None:
        lines.append(text("serve_trust", lang, path=trust))
    lines.append(text("serve_ready", lang, url=server.url))
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
