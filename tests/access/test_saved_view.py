"""Who finds, shares and changes views, and that a view tells nothing a mask hides."""

import pytest

from app.access.person import Actor, Appointed
from app.access.saved_view import (
    ViewFields,
    fitted,
    sees_view,
    why_not_change_view,
    why_not_keep_content,
    why_not_share,
)
from app.domain.person import Function
from app.domain.saved_view import Audience
from app.models.saved_view import SavedView

FIELDS = ViewFields({"name": "姓名", "card": "证件号码"}, frozenset({"card"}), frozenset())
BY_CARD = {"filter": ["card", "in", ["1", "2"]], "sort": "card"}


def held(number: str, function: Function, department: str) -> Actor:
    return Actor(number, number, number, appointments=(Appointed(function, department),))


STEWARD = held("1", Function.DATA_STEWARD, "A03")
HEAD = held("2", Function.HEAD, "A03")
TEACHER = held("3", Function.TEACHER, "A03")
OTHER = held("4", Function.DATA_STEWARD, "C01")
QA = held("5", Function.QA_OFFICE, "A04")
EVERYBODY = {"steward": STEWARD, "head": HEAD, "teacher": TEACHER, "other": OTHER, "qa": QA}


def view(audience: Audience, content: dict[str, object] | None = None) -> SavedView:
    department = "A03" if audience is Audience.DEPARTMENT else None
    made = SavedView(owner_number="1", owner_name="李静", audience=audience)
    made.department_code, made.content = department, content or {}
    return made


@pytest.mark.parametrize(
    ("audience", "found", "changed"),
    [
        (Audience.PRIVATE, {"steward"}, {"steward"}),
        (Audience.DEPARTMENT, {"steward", "head", "teacher"}, {"steward", "head"}),
        (Audience.EVERYONE, set(EVERYBODY), {"steward", "qa"}),
    ],
)
def test_a_view_is_found_and_changed_by_those_it_is_for(
    audience: Audience, found: set[str], changed: set[str]
) -> None:
    kept = view(audience)

    assert {name for name, actor in EVERYBODY.items() if sees_view(actor, kept)} == found
    assert {
        name
        for name, actor in EVERYBODY.items()
        if sees_view(actor, kept) and why_not_change_view(actor, kept) is None
    } == changed


@pytest.mark.parametrize(
    ("audience", "shared"),
    [
        (Audience.PRIVATE, set(EVERYBODY)),
        (Audience.DEPARTMENT, {"steward", "head"}),
        (Audience.EVERYONE, {"qa"}),
    ],
)
def test_views_are_shared_by_those_who_answer_for_others(
    audience: Audience, shared: set[str]
) -> None:
    department = "A03" if audience is Audience.DEPARTMENT else None
    refusals = {name: why_not_share(a, audience, department) for name, a in EVERYBODY.items()}

    assert {name for name, refusal in refusals.items() if refusal is None} == shared


def test_conditions_by_masked_fields_are_not_shared() -> None:
    assert why_not_keep_content(BY_CARD, FIELDS, Audience.PRIVATE) is None
    assert why_not_keep_content(BY_CARD, FIELDS, Audience.DEPARTMENT) is not None
    assert why_not_keep_content({"columns": [{"code": "card"}]}, FIELDS, Audience.EVERYONE) is None


def test_a_view_by_a_field_that_does_not_exist_is_not_kept() -> None:
    refusal = why_not_keep_content({"sort": "-nothing"}, FIELDS, Audience.PRIVATE)

    assert refusal is not None
    assert "nothing" in refusal.english()


def test_of_somebody_elses_view_nothing_is_told_that_a_mask_hides() -> None:
    """Such a view is not kept; one from before a field was masked may be there."""
    shared = fitted(TEACHER, view(Audience.DEPARTMENT, BY_CARD), FIELDS)

    assert shared.content["filter"] is None
    assert shared.content["sort"] == ""
    assert "证件号码" in shared.notes[0].english()


def test_ones_own_view_is_whole_as_long_as_one_sees_its_fields() -> None:
    own = view(Audience.PRIVATE, BY_CARD)

    assert fitted(STEWARD, own, FIELDS).content["filter"] == BY_CARD["filter"]
    moved = ViewFields(FIELDS.labels, FIELDS.masked, hidden=FIELDS.masked)
    assert fitted(STEWARD, own, moved).content["filter"] is None


def test_fields_that_are_gone_are_told() -> None:
    old = view(Audience.PRIVATE, {"sort": "former", "columns": [{"code": "name"}]})

    found = fitted(STEWARD, old, FIELDS)

    assert found.content["sort"] == ""
    assert "former" in found.notes[0].english()
