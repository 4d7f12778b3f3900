"""A published service of an organization and a request for it, put straight into a store."""

from portal.published_services.requests import ServiceRequest
from portal.published_services.service import PublishedService
from portal.store.unit import Unit
from tests.portal.cabinets import Cabinet

__all__ = ["OF_OFFERS", "put_offer"]

OF_OFFERS = {
    **dict.fromkeys(
        (
            *("change_service", "test_service", "publish_service", "change_responsible"),
            *("switch_off_service", "delete_service", "request_service"),
            *("service_requests", "service_statistics"),
        ),
        "service",
    ),
    **dict.fromkeys(
        ("answer_service_request", "rate_service_request", "service_request"), "request"
    ),
}
"""Use cases and views of chapter SVC, by the field that names what they are about."""


def put_offer(cabinet: Cabinet) -> dict[str, str]:
    """Their ids, by the fields that name them in forms; the organization itself has asked."""
    unit, now = Unit(cabinet.stand.store), cabinet.stand.clock.now()
    ids = {"service": "the service", "request": "the request"}
    if unit.get(PublishedService, ids["service"]) is not None:
        return ids
    service = unit.put(
        PublishedService(
            id=ids["service"],
            organization=cabinet.id,
            publisher="ООО «Ромашка»",
            name="Аудит",
            description="Проверка",
            price_kopecks=0,
            term_days=1,
            access=("legal",),
            industry="69.20",
            responsible=("somebody",),
            templates=("the template",),
            state="published",
            published_at=now,
        )
    )
    unit.put(
        ServiceRequest(
            id=ids["request"],
            service=service.id,
            service_name=service.name,
            publisher=cabinet.id,
            consumer=cabinet.id,
            consumer_name="ООО «Ромашка»",
            text="Нужно",
            filed_by="somebody",
            filed_at=now,
        )
    )
    unit.commit()
    return ids
