"""The same fact told differently in two tables, with both places (V23)."""

from dataclasses import replace
from datetime import date

from sqlalchemy import insert

from app.catalogue.fact import Fact, Source
from app.reports.conflict import list_conflicts
from tests.college import YEAR, College
from tests.people import People
from tests.reports.statements import statements


def put(college: College, table: str, department: str, **values: object) -> None:
    """A row as it was stored, whoever entered it."""
    stored = college.store.tables[table]
    place = {"sys_period": college.period(table), "sys_department": department}
    system = {"sys_version": 1, "sys_key": str(values["staff_no"])}
    row = college.row(table, 1) | values | place | system
    college.session.execute(insert(stored.table), [row])
    college.session.commit()


def tell(college: College, **values: object) -> None:
    """The staff list and a teacher's table about one person, equal but for ``values``."""
    same = {"staff_no": "T1001", "name": "田一", "title_level": "3", "post_level": "3"}
    same |= {"birth_date": college.row("staff")["birth_date"], "dept_code": "C01"}
    for code in ("gender", "ethnicity", "education", "degree", "political_status"):
        same[code] = college.row("staff")[code]
    same |= {code: college.row("staff")[code] for code in ("mobile", "email", "id_card_no")}
    for table in ("staff", "full_time_teacher"):
        known = college.store.catalogue.tables[table].by_code
        told = same | (values if table == "full_time_teacher" else {})
        department = "A02" if table == "staff" else "C01"
        put(college, table, department, **{c: v for c, v in told.items() if c in known})


def listed(college: College, actor) -> list:
    return list(list_conflicts(college.session, college.store, actor, YEAR))


def test_tables_that_agree_have_no_conflict(college: College, people: People) -> None:
    tell(college)

    assert listed(college, people.zhou_min) == []


def test_two_titles_of_one_teacher_are_listed_with_both_places(
    college: College, people: People
) -> None:
    tell(college, title_level="2")

    (found,) = listed(college, people.zhou_min)

    assert (found.fact, found.key) == ("专业技术职务等级", "T1001")
    assert [(t.table, t.department, t.value) for t in (found.believed, found.other)] == [
        ("staff", "A02", "3"),
        ("full_time_teacher", "C01", "2"),
    ]
    assert found.other.row_id
    assert found.rule == "QR.FULL_TIME_TEACHER.TITLE_LEVEL.61"


def test_masked_values_are_told_to_nobody_who_may_not_see_them(
    college: College, people: People
) -> None:
    tell(college, birth_date=date(1970, 1, 1))

    (found,) = listed(college, people.zhou_min)

    assert found.fact == "出生日期"
    assert found.believed.value is None
    assert found.other.value is None


def test_only_the_chosen_rows_of_the_believed_source_count(
    college: College, people: People
) -> None:
    tell(college, title_level="2")

    def counted(where: str) -> int:
        sources = (
            Source("staff", "post_level", "staff_no", where=where),
            Source("full_time_teacher", "title_level", "staff_no"),
        )
        facts = (Fact("职务等级", "", sources),)
        store = replace(college.store, catalogue=replace(college.store.catalogue, facts=facts))
        return len(list_conflicts(college.session, store, people.zhou_min, YEAR))

    assert (counted("name = '田一'"), counted("name = '田二'")) == (1, 0)


def test_all_tables_are_read_by_one_statement(college: College, people: People) -> None:
    with statements(college) as seen:
        listed(college, people.zhou_min)

    assert len(seen) == 1


def test_rows_out_of_scope_are_in_no_conflict(college: College, people: People) -> None:
    tell(college, title_level="2")

    assert listed(college, people.chen_gang) == []
