"""A feed shows and writes no more than the roles of whoever runs it open to him."""

from dataclasses import replace

import pytest

from app.access.person import Actor, RoleAccess
from app.access.row_filter import parse_filter
from app.actions.row_change import UPDATE, Change
from app.domain.message import Refused
from app.domain.table_access import FieldMask, RowReach
from app.models.base_table_rows import plain
from tests.feeds import Feeding

ACTIONS = frozenset({"list", "add", "edit"})
ONE_COURSE = RoleAccess("x", ACTIONS, RowReach.RULE, parse_filter(["course_code", "=", "K1"]))
OWN_COURSES = RoleAccess("x", ACTIONS, RowReach.DEPARTMENT)
NO_CREDIT = RoleAccess("x", ACTIONS, masks={"credit": FieldMask.MASKED})


def with_role(feeding: Feeding, access: RoleAccess) -> Actor:
    """The data steward, whose only role opens no more of the courses than this."""
    return replace(feeding.steward, access={"course": (access,)})


def test_whoever_reaches_some_rows_only_runs_no_feed(feeding: Feeding) -> None:
    for department in (None, "A03"):
        with pytest.raises(Refused, match="open only some of them"):
            feeding.run(by=with_role(feeding, ONE_COURSE), department=department)

    [shown] = feeding.run(by=with_role(feeding, OWN_COURSES)).departments
    assert shown.counts["created"] == 2


def test_field_masked_for_the_role_is_neither_compared_nor_shown(feeding: Feeding) -> None:
    feeding.write()
    row = feeding.course("K1")
    change = Change(UPDATE, {"credit": "3.0"}, str(row["sys_id"]), str(row["sys_version"]))
    feeding.college.change("course", change, by=feeding.steward)
    feeding.source("UPDATE jw_kc SET xf = 9.5, kcm = '改名'")

    shown = feeding.write(by=with_role(feeding, NO_CREDIT))

    assert (shown.conflicts, shown.counts["changed"]) == ((), 2)
    assert {code for each in shown.rows for code, *_ in each.cells} == {"course_name"}
    assert [plain(feeding.course(code)["credit"]) for code in ("K1", "K2")] == ["3.0", "4.0"]
