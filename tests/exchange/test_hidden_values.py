"""What is masked for the roles of whoever brings a file is neither told nor overwritten."""

from dataclasses import replace

from sqlalchemy import update

from app.access.person import RoleAccess
from app.domain.finding import NOT_SHOWN
from app.domain.table_access import FieldMask
from tests.exchange.books import book_of
from tests.exchange.conftest import College

ACTIONS = frozenset({"list", "add", "edit", "import"})
NO_CREDIT = RoleAccess("x", ACTIONS, masks={"credit": FieldMask.MASKED})


def set_stored(college: College, **values: object) -> None:
    table = college.store.tables["course"].table
    college.session.execute(update(table).values(**values))
    college.session.commit()


def stored(college: College) -> dict[str, object]:
    table = college.store.tables["course"].table
    return dict(college.session.execute(table.select()).mappings().one())


def test_a_finding_does_not_quote_what_is_stored_in_a_masked_field(college: College) -> None:
    college.store_row("course", 1)
    set_stored(college, credit=77)
    content = book_of([["课程代码", "课程名称"], [stored(college)["course_code"], "改名"]])
    limited = replace(college.steward, access={"course": (NO_CREDIT,)})

    [open_one] = college.bring_in("course", content).findings
    [finding] = replace(college, steward=limited).bring_in("course", content).findings

    assert "between 0 and 60" in open_one.message.english()
    assert (finding.field, finding.message) == ("credit", NOT_SHOWN)


def test_a_value_masked_for_somebody_else_is_not_written(college: College) -> None:
    college.store_row("course", 1)
    set_stored(college, course_name="一二三四五六七八九十", innovation_level="深")
    code = stored(college)["course_code"]
    headings = ["课程代码", "课程名称", "创新创业教育专门课程等级", "学分"]
    content = book_of([headings, [code, "一二三****七八九十", "****", 3]])

    digest = college.bring_in("course", content).digest
    college.bring_in("course", content, dry_run=False, digest=digest)

    now = stored(college)
    assert (now["course_name"], now["innovation_level"]) == ("一二三四五六七八九十", "深")
    assert now["credit"] == 3
