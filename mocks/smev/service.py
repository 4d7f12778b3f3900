"""The service of СМЭВ."""

from typing import Final

from mocks.core.service import Service
from mocks.smev import hub, registration, signing, soap
from mocks.smev.rest import PATHS, rest_handler

__all__ = ["service"]

service: Final = Service(
    "smev",
    own_faults={**hub.FAULTS, **signing.FAULTS},
    hosts=soap.HOSTS,
    # 5 MiB of files in base64, with room for the message around them
    most_body=8 * 2**20,
)

# The path in life, /smev/v1.2/ws, is here under the service's name, and whole at production hosts.
for _prefix in ("", "/smev"):
    service.get(f"{_prefix}/v1.2/ws")(soap.describe)
    service.post(f"{_prefix}/v1.2/ws")(soap.answer_envelope)
    service.get(f"{_prefix}/v1.2/{{schema}}")(soap.show_schema)
for _operation, _path in PATHS.items():
    service.post(_path)(rest_handler(_operation))
service.get("/v1/participants/{mnemonic}")(registration.show)
service.route("PUT", "/v1/participants/{mnemonic}")(registration.register)
service.get("/v1/settings")(registration.show_settings)
service.route("PUT", "/v1/settings")(registration.change_settings)
