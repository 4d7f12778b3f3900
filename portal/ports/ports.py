"""All ports of a portal in one place, for whoever wires it."""

from dataclasses import dataclass

from portal.ports.agencies import Agencies
from portal.ports.antivirus import Antivirus
from portal.ports.archive import Archive
from portal.ports.authority import CertificationAuthority
from portal.ports.bank import Bank
from portal.ports.biometry import Biometry
from portal.ports.clock import Clock
from portal.ports.document_services import DocumentServices
from portal.ports.employment import Employment
from portal.ports.entropy import Entropy
from portal.ports.esia import Esia
from portal.ports.extracts import Extracts
from portal.ports.health import Health
from portal.ports.licensing import Licensing
from portal.ports.messenger import Messenger
from portal.ports.passwords import Passwords
from portal.ports.payments import PaymentGateway
from portal.ports.people_registers import Fns, Mvd
from portal.ports.public_events import PublicEvents
from portal.ports.registers import Registers
from portal.ports.reporting import Reporting
from portal.ports.signatures import Signatures
from portal.ports.store import Store
from portal.ports.tax_cabinet import TaxCabinet
from portal.ports.verification import DataVerification
from portal.ports.video import VideoIdentification
from portal.ports.webhooks import WebhookSender

__all__ = ["Ports"]


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Everything outside that use cases reach."""

    clock: Clock
    entropy: Entropy
    passwords: Passwords
    messenger: Messenger
    store: Store
    registers: Registers
    fns: Fns
    mvd: Mvd
    employment: Employment
    verification: DataVerification
    signatures: Signatures
    authority: CertificationAuthority
    antivirus: Antivirus
    bank: Bank
    payments: PaymentGateway
    public_events: PublicEvents
    reporting: Reporting
    extracts: Extracts
    tax_cabinet: TaxCabinet
    licensing: Licensing
    document_services: DocumentServices
    archive: Archive
    video: VideoIdentification
    biometry: Biometry
    esia: Esia
    health: Health
    webhooks: WebhookSender
    agencies: Agencies
