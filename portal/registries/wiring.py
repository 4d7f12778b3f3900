"""All ports of a portal whose registries are services at one address."""

from functools import partial
from typing import Literal, TypeAlias

from portal.adapters.gost_archive import BackupMemory, BackupPlace, GostArchive
from portal.ports.clock import Clock
from portal.ports.entropy import Entropy
from portal.ports.passwords import Passwords
from portal.ports.ports import Ports
from portal.ports.store import Store
from portal.ports.verification import DataVerification
from portal.registries.agencies import HttpAgencies
from portal.registries.antivirus import HttpAntivirus
from portal.registries.authority import HttpAuthority
from portal.registries.bank import HttpBank
from portal.registries.biometry import HttpBiometry
from portal.registries.document_services import HttpDocumentServices
from portal.registries.employment import HttpEmployment
from portal.registries.esia import HttpEsia, stand_system
from portal.registries.extracts import HttpExtracts
from portal.registries.health import BreakersHealth
from portal.registries.http_client import Conditions, HttpClient
from portal.registries.licensing import HttpLicensing
from portal.registries.messages import HttpMessenger
from portal.registries.payments import HttpPaymentGateway
from portal.registries.people_registers import HttpFns, HttpMvd
from portal.registries.public_events import HttpPublicEvents
from portal.registries.registers import HttpRegisters
from portal.registries.reporting import HttpReporting
from portal.registries.signatures import RegistrySignatures
from portal.registries.smev.hub import SmevHub, StandKeys
from portal.registries.smev.queue import SmevQueue
from portal.registries.smev.verification import SmevVerification
from portal.registries.tax_cabinet import HttpTaxCabinet
from portal.registries.verification import HttpVerification
from portal.registries.video import HttpVideo
from portal.registries.webhooks import HttpWebhookSender

__all__ = ["Way", "ports_at", "virtual"]

Way: TypeAlias = Literal["smev", "direct"]
"""How agencies are asked to verify: through СМЭВ's queues, or each at its own address."""


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
    agencies: Way = "smev",
    backups: BackupPlace | None = None,
) -> Ports:
    """Ports whose services are at `{address}/{service}`, as the mocks have them; on the wall clock
    under no other `conditions`. Programs on the stand's own machine get webhooks as well.

    `agencies` says how ФНС and ПФР are asked to verify, `backups` where the second copies of the
    archive lie (None: in memory).
    """
    found = conditions or Conditions()

    clients: list[HttpClient] = []

    def client(service: str) -> HttpClient:
        made = HttpClient(service, f"{address}/{service}", found)
        clients.append(made)
        return made

    fns, esia, ca = client("fns"), client("esia"), client("ca")
    egrul, egrip, pfr = client("egrul"), client("egrip"), client("pfr")
    rosreestr, licensing = client("rosreestr"), client("licensing")
    verification: DataVerification
    if agencies == "smev":
        hub = SmevHub(client("smev"), StandKeys(ca), clock)
        verification = SmevVerification(SmevQueue(hub, store, clock))
    else:
        verification = HttpVerification(fns, pfr)
    return Ports(
        clock=clock,
        entropy=entropy,
        passwords=passwords,
        store=store,
        messenger=HttpMessenger(
            client("sms_gateway"), client("mail_server"), client("push_service")
        ),
        registers=HttpRegisters(egrul, egrip),
        fns=HttpFns(fns),
        mvd=HttpMvd(client("mvd")),
        employment=HttpEmployment(client("citizen_portal")),
        verification=verification,
        signatures=RegistrySignatures(client("ca_registry"), client("cert_status"), clock),
        authority=HttpAuthority(ca),
        antivirus=HttpAntivirus(client("antivirus")),
        bank=HttpBank(client("bank")),
        payments=HttpPaymentGateway(client("payment_gateway")),
        public_events=HttpPublicEvents(client("courts_law")),
        reporting=HttpReporting(fns),
        licensing=HttpLicensing(licensing),
        tax_cabinet=HttpTaxCabinet(client("tax_cabinet")),
        extracts=HttpExtracts(
            egrul=egrul,
            egrip=egrip,
            rosreestr=rosreestr,
            fns=fns,
            pfr=pfr,
            licensing=licensing,
        ),
        document_services=HttpDocumentServices(client("procurement"), fns),
        archive=GostArchive(backups or BackupMemory()),
        video=HttpVideo(client("video_id")),
        biometry=HttpBiometry(client("biometry")),
        esia=HttpEsia(esia, partial(stand_system, ca, f"{address}/esia"), clock),
        health=BreakersHealth(clients),
        webhooks=HttpWebhookSender(found.trust, own_machine=True),
        agencies=HttpAgencies(
            fns=fns,
            rosstandart=client("rosstandart"),
            emias=client("emias"),
            eais=client("eais"),
            rosreestr=rosreestr,
        ),
    )
