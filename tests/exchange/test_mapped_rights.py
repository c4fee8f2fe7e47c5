"""Matching a column with a field gives nobody a right to that field."""

from dataclasses import replace

import pytest

from app.access.person import RoleAccess
from app.domain.message import Reason, Refused
from app.domain.table_access import FieldMask
from app.exchange.layout import WantedLayout
from tests.exchange.books import book_of
from tests.exchange.conftest import College

CONTENT = book_of([["编号", "得分"], ["K1", 3]])
MATCHED = WantedLayout(heading_row=1, columns={"A": "course_code", "B": "credit"})
NO_CREDIT = RoleAccess(
    "x", frozenset({"list", "add", "edit", "import"}), masks={"credit": FieldMask.MASKED}
)


def test_a_masked_field_is_not_written_through_a_mapping(college: College) -> None:
    limited = replace(college.steward, access={"course": (NO_CREDIT,)})

    with pytest.raises(Refused, match="masked for your roles"):
        replace(college, steward=limited).bring_in("course", CONTENT, layout=MATCHED)


def test_an_import_of_other_columns_than_were_shown_is_refused(college: College) -> None:
    digest = college.bring_in("course", CONTENT, layout=MATCHED).digest
    other = replace(MATCHED, columns={"A": "course_code", "B": None})

    with pytest.raises(Refused) as caught:
        college.bring_in("course", CONTENT, dry_run=False, digest=digest, layout=other)

    assert caught.value.reason is Reason.CONFLICT


def test_what_was_imported_is_remembered_for_the_next_file(college: College) -> None:
    digest = college.bring_in("course", CONTENT, layout=MATCHED).digest
    college.bring_in("course", CONTENT, dry_run=False, digest=digest, layout=MATCHED)

    result = college.bring_in("course", book_of([["得分", "编号"], [4, "K1"]]))

    assert (result.changed, {one.how.value for one in result.layout.columns}) == (1, {"remembered"})
