"""The certification authorities that there are."""

from mocks.core.http import Answer, json_answer
from mocks.core.service import Call
from mocks.pki import hierarchy
from mocks.pki.authorities import Authorities

__all__ = ["show_authorities"]


def show_authorities(call: Call) -> Answer:
    """Each with its root, and whether it is accredited now (CERT-01)."""
    trust_list = call.tenant.state(Authorities).trust_list
    return json_answer(
        {
            "authorities": [
                {
                    "id": each.id,
                    "name": each.name,
                    "accredited": trust_list.accredits(each.id),
                    "root": hierarchy.root_of(each.id).id,
                }
                for each in hierarchy.AUTHORITIES
            ]
        }
    )
