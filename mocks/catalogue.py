"""Every service of the country."""

from typing import Final

from mocks.antivirus.service import service as antivirus
from mocks.bank.service import service as bank
from mocks.biometry.service import service as biometry
from mocks.ca.service import service as ca
from mocks.ca_registry.service import service as ca_registry
from mocks.cert_status.service import service as cert_status
from mocks.citizen_portal.service import service as citizen_portal
from mocks.core.service import Service
from mocks.courts_law.service import service as courts_law
from mocks.eais.service import service as eais
from mocks.egrip.service import service as egrip
from mocks.egrul.service import service as egrul
from mocks.emias.service import service as emias
from mocks.esia.service import service as esia
from mocks.fns.service import service as fns
from mocks.hsm.service import service as hsm
from mocks.licensing.service import service as licensing
from mocks.mail_server.service import service as mail_server
from mocks.mvd.service import service as mvd
from mocks.payment_gateway.service import service as payment_gateway
from mocks.pfr.service import service as pfr
from mocks.procurement.service import service as procurement
from mocks.push_service.service import service as push_service
from mocks.rosreestr.service import service as rosreestr
from mocks.rosstandart.service import service as rosstandart
from mocks.smev.service import service as smev
from mocks.sms_gateway.service import service as sms_gateway
from mocks.tax_cabinet.service import service as tax_cabinet
from mocks.tsa.service import service as tsa
from mocks.video_id.service import service as video_id

__all__ = ["SERVICES"]

SERVICES: Final[tuple[Service, ...]] = (
    antivirus,
    bank,
    biometry,
    ca,
    ca_registry,
    cert_status,
    citizen_portal,
    courts_law,
    eais,
    egrip,
    egrul,
    emias,
    esia,
    fns,
    hsm,
    licensing,
    mail_server,
    mvd,
    payment_gateway,
    pfr,
    procurement,
    push_service,
    rosreestr,
    rosstandart,
    smev,
    sms_gateway,
    tax_cabinet,
    tsa,
    video_id,
)
