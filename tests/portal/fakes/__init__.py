"""Ports of a portal whose answers a test sets. Each register may be `down`."""

from tests.portal.fakes.agencies import (
    SetExtracts,
    SetLicensing,
    SetPublicEvents,
    SetReporting,
    SetTaxCabinet,
)
from tests.portal.fakes.kernel import START, CountedEntropy, Failing, MovedClock, RecordingMessenger
from tests.portal.fakes.registers import (
    RecordedRegisters,
    SetEmployment,
    SetFns,
    SetMvd,
    SetVerification,
)
from tests.portal.fakes.services import (
    EicarAntivirus,
    SetBank,
    SetBiometry,
    SetEsia,
    SetHealth,
    SetPaymentGateway,
    SetVideo,
)
from tests.portal.fakes.signing import SetAuthority, SetSignatures

__all__ = [
    "START",
    "CountedEntropy",
    "EicarAntivirus",
    "Failing",
    "MovedClock",
    "RecordedRegisters",
    "RecordingMessenger",
    "SetAuthority",
    "SetBank",
    "SetBiometry",
    "SetEmployment",
    "SetEsia",
    "SetExtracts",
    "SetFns",
    "SetHealth",
    "SetLicensing",
    "SetMvd",
    "SetPaymentGateway",
    "SetPublicEvents",
    "SetReporting",
    "SetSignatures",
    "SetTaxCabinet",
    "SetVerification",
    "SetVideo",
]
