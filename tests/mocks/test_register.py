"""What clients open under numbers of their own: repeated, bounded, given up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.core.draw_keys import DrawKey
from mocks.core.http import Refusal
from mocks.core.register import Numbered, Register, new_id


class Wish(Numbered):
    """A request with a content."""

    what: str


def test_the_same_request_finds_what_it_has_opened_and_another_content_is_refused() -> None:
    register: Register[str] = Register(2)
    assert register.repeated(Wish(request_id="1", what="a")) is None
    register.keep("A", "thing", Wish(request_id="1", what="a"))
    assert register.repeated(Wish(request_id="1", what="a")) == "thing"
    with pytest.raises(Refusal) as refusal:
        register.repeated(Wish(request_id="1", what="b"))
    assert (refusal.value.status, refusal.value.code) == (409, "request-id-taken")


def test_the_latest_are_kept_and_the_dropped_ones_are_told_of_and_forgotten() -> None:
    dropped: list[str] = []
    register: Register[str] = Register(2, dropped.append)
    wishes = [Wish(request_id=str(n), what="a") for n in range(3)]
    for wish in wishes:
        register.keep(f"id-{wish.request_id}", f"thing-{wish.request_id}", wish)
    assert (list(register), len(register), dropped) == (["thing-1", "thing-2"], 2, ["thing-0"])
    assert (register.find("id-0"), register.find("id-2")) == (None, "thing-2")
    assert [register.repeated(wish) for wish in wishes] == [None, "thing-1", "thing-2"]


@given(st.integers(0, 2**64 - 1), st.text())
def test_ids_have_the_form_of_a_uuid_of_version_8(entity: int, purpose: str) -> None:
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    key = DrawKey(entity, 0, 0, 0)
    assert re.fullmatch(form, new_id(key, purpose))
    assert new_id(key, purpose) == new_id(key, purpose)
    assert new_id(key, purpose) != new_id(key, f"{purpose}!")
