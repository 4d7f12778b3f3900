"""All ports of a portal whose registries are services at one address."""

from functools import partial

from portal.ports.clock import Clock
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.ports import Ports
from portal.ports.store import Store
from portal.registries.antivirus import HttpAntivirus
from portal.registries.authority import HttpAuthority
from portal.registries.bank import HttpBank
from portal.registries.esia import HttpEsia, stand_system
from portal.registries.health import BreakersHealth
from portal.registries.http_client import Conditions, HttpClient
from portal.registries.messages import HttpMessenger
from portal.registries.people_registers import HttpFns, HttpMvd
from portal.registries.registers import HttpRegisters
from portal.registries.signatures import RegistrySignatures
from portal.registries.verification import HttpVerification
from portal.registries.video import HttpVideo

__all__ = ["ports_at", "virtual"]


def virtual(clock: Clock) -> Conditions:
    """Conditions of clients on a clock that others move: nobody sleeps between attempts, breakers
    count that clock's time, and nothing is left to chance."""
    return Conditions(
        pause=lambda seconds: None, now_s=lambda: clock.now().timestamp(), chance=lambda: 0.0
    )


def ports_at(
    address: str,
    *,
    clock: Clock,
    entropy: Entropy,
    passwords: Passwords,
    store: Store,
    conditions: Conditions | None = None,
) -> Ports:
    """Ports whose services are at `{address}/{service}`, as the mocks have them; on the wall clock
    under no other `conditions`."""
    found = conditions or Conditions()

    clients: list[HttpClient] = []

    def client(service: str) -> HttpClient:
        made = HttpClient(service, f"{address}/{service}", found)
        clients.append(made)
        return made

    fns, esia, ca = client("fns"), client("esia"), client("ca")
    return Ports(
        clock=clock,
        entropy=entropy,
        passwords=passwords,
        store=store,
        messenger=HttpMessenger(
            client("sms_gateway"), client("mail_server"), client("push_service")
        ),
        registers=HttpRegisters(client("egrul"), client("egrip")),
        fns=HttpFns(fns),
        mvd=HttpMvd(client("mvd")),
        verification=HttpVerification(fns, client("pfr")),
        signatures=RegistrySignatures(client("ca_registry"), client("cert_status"), clock),
        authority=HttpAuthority(ca),
        antivirus=HttpAntivirus(client("antivirus")),
        bank=HttpBank(client("bank")),
        video=HttpVideo(client("video_id")),
        esia=HttpEsia(esia, partial(stand_system, ca, f"{address}/esia"), clock),
        health=BreakersHealth(clients),
    )
