"""ЕСИА: sign-in through the state's identity provider (OAuth 2.0, OpenID Connect), and its REST.

Real: paths, parameters, what is signed, markers and their claims, field names, codes of errors.
Ours: registration of systems, the password, the pages, QR codes, sign-in without a page; the
second version's signatures with RSA and P-256.
"""

from typing import Final

from mocks.core.service import Service
from mocks.esia import (
    authorization,
    client_cards,
    keys,
    login_routes,
    logout,
    qr,
    rest_organizations,
    rest_persons,
    tokens,
)
from mocks.esia.addresses import HOSTS
from mocks.esia.errors import refuse
from mocks.esia.faults import OWN_FAULTS

__all__ = ["service"]

service: Final = Service("esia", own_faults=OWN_FAULTS, hosts=HOSTS, refuse=refuse)

for part in (
    authorization,
    login_routes,
    qr,
    tokens,
    logout,
    rest_persons,
    rest_organizations,
    client_cards,
    keys,
):
    part.add_routes(service)
