"""Rows and masks of roles as part of a policy: applied whole, told when they do not fit."""

import pytest

from app.access.policy import AccessPolicy, plan_policy, read_present
from app.actions.policy import apply_policy
from app.domain.message import Reason, Refused
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.exchange.policy_access import read_access, write_access
from app.models.table_access import settings_of_roles
from tests.actions.test_policy import OPERATOR
from tests.college import NOW, College

WRITTEN = """access:
  教学督导:
    course:
      rows: {"and": [["course_code", "starts_with", "K"],
        ["sys_department", "in", {"current": "departments"}]]}
      masks: {course_name: masked}
    course_textbook:
      rows: all
  reader: {}
"""
SUPERVISE = {"教学督导": {"course": frozenset({"list"})}}


def apply(college: College, access: AccessPolicy, *, dry_run: bool = False) -> int:
    store = college.store
    how = {"by": OPERATOR, "now": NOW, "dry_run": dry_run}
    done = apply_policy(college.session, store, SUPERVISE, access, **how)  # type: ignore[arg-type]
    return len(done.access)


def test_what_was_applied_is_exported_and_changes_nothing_again(college: College) -> None:
    wanted = read_access(WRITTEN.encode())

    assert apply(college, wanted, dry_run=True) == 2
    college.session.rollback()
    assert settings_of_roles(college.session) == {}
    assert apply(college, wanted) == 2
    kept = settings_of_roles(college.session)
    assert kept == {"教学督导": wanted["教学督导"]}
    assert read_access(write_access(kept, ["角色"], {"course": "课程"}).encode()) == kept
    present = read_present(college.session, college.store)
    assert plan_policy(present, SUPERVISE, kept).access == ()
    assert [e.tag for e in college.entries("role:教学督导")].count("permission.access") == 2


def test_a_role_that_is_named_keeps_nothing_else_and_others_stay(college: College) -> None:
    apply(college, read_access(WRITTEN.encode()))
    college.session.expire_all()

    assert apply(college, {"reader": {}}) == 0
    assert apply(college, {"教学督导": {"course_textbook": AccessSetting(RowReach.ALL)}}) == 1

    assert settings_of_roles(college.session)["教学督导"].keys() == {"course_textbook"}


@pytest.mark.parametrize(
    ("role", "table", "setting", "told"),
    [
        ("reader", "course", AccessSetting(masks={"nothing": FieldMask.MASKED}), "nothing"),
        ("reader", "course", AccessSetting(RowReach.RULE, ["left", "=", 1]), "left"),
        ("reader", "nowhere", AccessSetting(RowReach.ALL), "nowhere"),
        ("nobody", "course", AccessSetting(RowReach.ALL), "nobody"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_set(
    college: College, role: str, table: str, setting: AccessSetting, told: str
) -> None:
    with pytest.raises(Refused) as refused:
        apply(
            college, {role: {table: setting}, "qa_office": {"course": AccessSetting(RowReach.ALL)}}
        )

    assert refused.value.reason is Reason.INVALID
    assert any(told in detail.english() for detail in refused.value.details)
    college.session.rollback()
    assert settings_of_roles(college.session) == {}


@pytest.mark.parametrize(
    "text",
    [
        "access: [reader]",
        "access: {reader: [course]}",
        "access: {reader: {course: {row: all}}}",
        "access: {reader: {course: {rows: mine}}}",
        "access: {reader: {course: {masks: [course_name]}}}",
        "access: {reader: {course: {masks: {course_name: gone}}}}",
    ],
)
def test_a_part_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_access(text.encode())

    assert refused.value.details
