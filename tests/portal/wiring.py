"""A portal of fakes in one line."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import portal.registry_of_use_cases  # noqa: F401  registers every use case
from portal.accounts.argon2_passwords import Argon2Passwords
from portal.portal import Portal
from portal.ports.ports import Ports
from portal.ports.store import Store
from portal.store.memory import MemoryStore
from portal.use_case import Actor, Outcome
from rulebook import load
from tests.portal.exchange_fakes import KeptArchive, SetDocumentServices
from tests.portal.fakes import (
    CountedEntropy,
    EicarAntivirus,
    MovedClock,
    RecordedRegisters,
    RecordingMessenger,
    SetAuthority,
    SetBank,
    SetBiometry,
    SetEmployment,
    SetEsia,
    SetExtracts,
    SetFns,
    SetHealth,
    SetLicensing,
    SetMvd,
    SetPaymentGateway,
    SetPublicEvents,
    SetReporting,
    SetSignatures,
    SetTaxCabinet,
    SetVerification,
    SetVideo,
)
from tests.portal.integration_fakes import SetAgencies, SetWebhooks

CHEAP_PASSWORDS = Argon2Passwords(time_cost=1, memory_kib=8, parallelism=1)


@dataclass(kw_only=True)
class Stand:
    """A portal and what it is wired to."""

    clock: MovedClock = field(default_factory=MovedClock)
    entropy: CountedEntropy = field(default_factory=CountedEntropy)
    messenger: RecordingMessenger = field(default_factory=RecordingMessenger)
    store: Store = field(default_factory=MemoryStore)
    registers: RecordedRegisters = field(default_factory=RecordedRegisters)
    fns: SetFns = field(default_factory=SetFns)
    mvd: SetMvd = field(default_factory=SetMvd)
    employment: SetEmployment = field(default_factory=SetEmployment)
    verification: SetVerification = field(default_factory=SetVerification)
    signatures: SetSignatures = field(default_factory=SetSignatures)
    authority: SetAuthority = field(default_factory=SetAuthority)
    antivirus: EicarAntivirus = field(default_factory=EicarAntivirus)
    bank: SetBank = field(default_factory=SetBank)
    payments: SetPaymentGateway = field(default_factory=SetPaymentGateway)
    public_events: SetPublicEvents = field(default_factory=SetPublicEvents)
    reporting: SetReporting = field(default_factory=SetReporting)
    extracts: SetExtracts = field(default_factory=SetExtracts)
    tax_cabinet: SetTaxCabinet = field(default_factory=SetTaxCabinet)
    licensing: SetLicensing = field(default_factory=SetLicensing)
    document_services: SetDocumentServices = field(default_factory=SetDocumentServices)
    archive: KeptArchive = field(default_factory=KeptArchive)
    video: SetVideo = field(default_factory=SetVideo)
    biometry: SetBiometry = field(default_factory=SetBiometry)
    esia: SetEsia = field(default_factory=SetEsia)
    health: SetHealth = field(default_factory=SetHealth)
    agencies: SetAgencies = field(default_factory=SetAgencies)
    webhooks: SetWebhooks = field(default_factory=SetWebhooks)
    overrides: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book = load()
        ports = Ports(
            clock=self.clock,
            entropy=self.entropy,
            passwords=CHEAP_PASSWORDS,
            messenger=self.messenger,
            store=self.store,
            registers=self.registers,
            fns=self.fns,
            mvd=self.mvd,
            employment=self.employment,
            verification=self.verification,
            signatures=self.signatures,
            authority=self.authority,
            antivirus=self.antivirus,
            bank=self.bank,
            payments=self.payments,
            public_events=self.public_events,
            reporting=self.reporting,
            extracts=self.extracts,
            tax_cabinet=self.tax_cabinet,
            licensing=self.licensing,
            document_services=self.document_services,
            archive=self.archive,
            video=self.video,
            biometry=self.biometry,
            esia=self.esia,
            health=self.health,
            webhooks=self.webhooks,
            agencies=self.agencies,
        )
        self.portal = Portal(ports, book, book.policy(self.overrides))

    def act(
        self, use_case: str, actor: Actor | None = None, key: str | None = None, **payload: Any
    ) -> Outcome:
        """Do a use case; nobody is signed in without `actor`."""
        return self.portal.act(use_case, actor or Actor(), payload, key)

    def read(self, view: str, actor: Actor | None = None, **query: Any) -> Outcome:
        """Show a view."""
        return self.portal.read(view, actor or Actor(), query)

    def after(self, **time: float) -> None:
        """Let time pass (the words of timedelta) and do the work that is due then."""
        self.clock.move(dt.timedelta(**time))
        self.portal.tick()


def portal_with(**parts: Any) -> Stand:
    """A portal of fakes; `parts` are fields of Stand, `overrides` parameters of the policy."""
    return Stand(**parts)


def broken(outcome: Outcome) -> list[str]:
    """The rules an outcome names, in order, with the fields: «REG-02 inn»."""
    return [f"{each.rule} {each.field}".rstrip() for each in outcome.violations]


def journal(stand: Stand, subject: str) -> list[tuple[str, str]]:
    """What was done about `subject`, and with what result."""
    lines = [json.loads(line.body) for line in stand.store.journal(subject)]
    return [(line["action"], line["result"]) for line in lines]
