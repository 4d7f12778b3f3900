"""The draw of a request to a served portal is that of the registries' answers behind it."""

import pytest

from mocks.core.faults import Fault
from portal.registries.http_client import Conditions, HttpClient
from stand.draw_passing import draw_marks, forget_draw, note_draw
from tests.portal.test_http_stand import Stand, opened

FORM = {
    "name": "Ким Савельев", "birth_date": "10.06.2004", "inn": "480336170785",
    "phone": "+79154608896", "email": "v@example.org", "password": "Zx7!mkpRvb2#",
}  # fmt: skip


def draws_at(stand: Stand, service: str) -> list[str]:
    return [entry.draw for entry in stand.country.tenant().journal if entry.service == service]


def test_registry_draws_by_the_key_of_the_request_that_the_portal_answers() -> None:
    with opened() as stand:
        given = {"Poligon-Draw": "11/22/3/0"}
        assert stand.client.post("/portal/v1/sign-up", json=FORM, headers=given).status_code == 200
        assert draws_at(stand, "sms_gateway") == ["11/22/3/0"]


def test_request_without_a_draw_and_one_after_it_take_no_draw_of_another() -> None:
    with opened() as stand:
        post = stand.client.post
        post("/portal/v1/check-form", json={"kind": "legal"}, headers={"Poligon-Draw": "1/2/3/0"})
        post("/portal/v1/sign-up", json=FORM)
        (draw,) = draws_at(stand, "sms_gateway")
        assert draw != "1/2/3/0"


def test_repeated_attempt_has_the_draws_of_the_models_next_attempt() -> None:
    with opened() as stand:
        once = {"id": "once", "service": "egrul", "kind": "error", "times": 1}
        stand.country.tenant().plan_fault(Fault.model_validate(once))
        conditions = Conditions(marks=draw_marks, pause=lambda seconds: None)
        client = HttpClient("egrul", f"{stand.url}/egrul", conditions)
        note_draw("11/22/3/4")
        client.json("GET", "/v1/changes")
        client.close()
        assert draws_at(stand, "egrul") == ["11/22/3/4", "11/22/3/8"]


@pytest.mark.parametrize("header", [None, "", "1/2/3", "a/b/c/d", "1/2/3/-4"])
def test_header_that_is_not_four_numbers_is_none(header: str | None) -> None:
    note_draw("1/2/3/0")
    note_draw(header)
    assert draw_marks(0) == {}


def test_forgotten_draw_marks_nothing() -> None:
    note_draw("1/2/3/0")
    assert draw_marks(2) == {"Poligon-Draw": "1/2/3/8"}
    forget_draw()
    assert draw_marks(0) == {}
