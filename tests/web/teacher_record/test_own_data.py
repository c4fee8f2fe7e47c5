"""``/my/``: what a teacher sees of himself, and what he does there (第十条第二款)."""

import re

import pytest
from sqlalchemy import select

from app.domain.submission import Status
from app.domain.teacher_record import RecordStatus
from app.models.person import Appointment, Person
from app.models.teacher_record import TeacherRecord
from tests.demo import Caller, DemoCollege
from tests.pages import SEE_OTHER, text_of

PLACE = "C01"
CONFLICT = 409


def record(demo: DemoCollege, table: str, number: str = "31003") -> TeacherRecord | None:
    query = select(TeacherRecord).where(
        TeacherRecord.cycle_id == demo.cycle.id,
        TeacherRecord.table_identifier == table,
        TeacherRecord.department_code == PLACE,
        TeacherRecord.person_number == number,
    )
    with demo.session() as session:
        return session.scalar(query)


def step(demo: DemoCollege, caller: Caller, table: str, verb: str, **typed: str) -> int:
    stored = record(demo, table)
    form = {"version": str(stored.version if stored else 0)} | typed
    number = demo.submission(table, PLACE).id
    return caller.post(f"/my/{number}/{verb}", data=form).status_code


def sections(demo: DemoCollege, who: str = "t_full") -> list[str]:
    """The names of the tables that the teacher finds on his page."""
    source = demo.caller(who).get("/my/").get_data(as_text=True)
    return re.findall(r"<h3>([^<]+?) *</h3>", source)


def test_a_teacher_sees_every_section_once(demo: DemoCollege) -> None:
    page = text_of(demo.caller("t_full").get("/my/"))

    assert all(words in page for words in ("1. 基本信息", "2. 授课信息", "3. 其他信息"))
    assert len(sections(demo)) == len(set(sections(demo))) == 9
    assert all(name.startswith("校内专任教师") for name in sections(demo))


def test_what_came_back_stands_there_with_its_reason(demo: DemoCollege) -> None:
    page = text_of(demo.caller("t_full").get("/my/"))

    assert "许雅文退回" in page
    assert "请核对专利名称与证书是否一致" in page
    assert "一种变速器总成拆装辅助支架 · ZL" in page


def test_two_kinds_in_one_year_show_the_sections_of_both(demo: DemoCollege) -> None:
    """Who changed kind in mid-year owes both; what he may not type himself says why."""
    with demo.session() as session:
        person = session.scalars(select(Person).where(Person.number == "31003")).one()
        first = next(each for each in person.appointments if each.function == "teacher")
        later = Appointment(
            person_id=person.id,
            function=first.function,
            department_code=PLACE,
            valid_from=first.valid_from,
            teacher_kind="in_house",
        )
        session.add(later)
        session.commit()

    assert len(sections(demo)) == len(set(sections(demo))) == 18
    assert {"校内专任教师授课情况", "校内兼课人员授课情况"} <= set(sections(demo))


def test_all_that_is_ready_is_handed_over_at_once(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    source = teacher.get("/my/").get_data(as_text=True)
    chosen = re.findall(r'name="section" value="([0-9-]+)"', source)

    answer = teacher.post("/my/submit", data={"section": chosen})

    assert answer.status_code == SEE_OTHER
    for table in ("full_time_teacher", "full_time_teaching_load"):
        found = record(demo, table)
        assert found is not None
        assert found.status is RecordStatus.SUBMITTED


def test_handing_over_closes_the_forms_and_taking_back_opens_them(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    (row,) = teacher.rows("full_time_teacher")
    form = f"/data/full_time_teacher/{row['id']}"
    assert step(demo, teacher, "full_time_teacher", "submit") == SEE_OTHER

    closed = teacher.get(form)
    assert "您已经提交，现在不能修改" in text_of(closed)
    assert "保存" not in text_of(closed).replace("保存时间", "")
    assert step(demo, teacher, "full_time_teacher", "withdraw") == SEE_OTHER
    assert "您已经提交" not in text_of(teacher.get(form))


def test_what_is_refused_is_told_on_the_page(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")

    status = step(demo, teacher, "full_time_award", "object", reason=" ")

    assert status == 422
    assert record(demo, "full_time_award") is not None


def test_an_objection_goes_to_the_steward(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")

    assert step(demo, teacher, "full_time_award", "object", reason="我有一项获奖") == SEE_OTHER

    number = demo.submission("full_time_award", PLACE).id
    page = text_of(demo.caller("qcx_steward").get(f"/submissions/{number}/teachers"))
    assert "本人有异议：我有一项获奖" in page


def test_a_stale_page_is_told(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    assert step(demo, teacher, "full_time_publication", "withdraw") == SEE_OTHER
    assert step(demo, teacher, "full_time_publication", "declare") == SEE_OTHER

    assert step(demo, teacher, "full_time_publication", "withdraw", version="0") == 409


def test_last_years_rows_are_taken_over_from_the_page(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    (own,) = teacher.rows("full_time_teacher")
    gone = {"op": "delete", "id": own["id"], "version": own["version"]}
    teacher.changes("full_time_teacher", gone)
    number = demo.submission("full_time_teacher", PLACE).id

    assert teacher.post(f"/my/{number}/carry_forward", data={}).status_code == SEE_OTHER
    assert "与上年相同，没有变化" in text_of(teacher.get("/my/"))
    assert step(demo, teacher, "full_time_teacher", "declare") == SEE_OTHER

    found = record(demo, "full_time_teacher")
    assert found is not None
    assert found.declaration == "unchanged"


@pytest.mark.parametrize("who", ["t_full", "t_part"])
def test_earlier_years_are_there_to_be_read(demo: DemoCollege, who: str) -> None:
    source = demo.caller(who).get("/my/").get_data(as_text=True)

    assert "我往年填报的数据" in source
    assert f"period={demo.period('full_time_teacher', demo.locked_cycle)}" in source


def test_who_does_not_teach_has_no_such_page(demo: DemoCollege) -> None:
    for who in ("qa", "qcx_steward", "qcx_head", "leader"):
        assert demo.caller(who).get("/my/").status_code == 403


def test_a_locked_table_is_shown_and_offers_nothing(demo: DemoCollege) -> None:
    demo.set_status("full_time_teacher", PLACE, Status.ACCEPTED)

    assert step(demo, demo.caller("t_full"), "full_time_teacher", "submit") == 423


def test_the_page_takes_few_statements(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    teacher.get("/my/")
    with demo.counting() as statements:
        assert teacher.get("/my/").status_code == 200

    assert len(statements) <= 15, statements


def test_of_many_tables_those_that_are_refused_are_named(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    source = teacher.get("/my/").get_data(as_text=True)
    chosen = re.findall(r'name="section" value="([0-9-]+)"', source)
    changed = f"{demo.submission('full_time_teacher', PLACE).id}-9"

    answer = teacher.post("/my/submit", data={"section": [changed, *chosen[1:]]})

    assert answer.status_code == CONFLICT
    told = f"已提交{len(chosen) - 1}张表，还有1张没有提交： 校内专任教师基本情况：打开页面之后"
    assert told in text_of(answer)
    assert (load := record(demo, "full_time_teaching_load"))
    assert load.status is RecordStatus.SUBMITTED


def test_what_was_refused_is_told_with_the_name_of_its_table(demo: DemoCollege) -> None:
    """Declared is what the button said, not what the rows have come to since."""
    teacher = demo.caller("t_full")
    assert step(demo, teacher, "full_time_publication", "withdraw") == SEE_OTHER
    form = {"version": str(record(demo, "full_time_publication").version)}
    number = demo.submission("full_time_publication", PLACE).id

    answer = teacher.post(f"/my/{number}/declare", data=form | {"declaration": "unchanged"})

    assert answer.status_code == CONFLICT
    assert "公开出版著作与公开发表论文 ：打开页面之后，这张表里的行有增减" in text_of(answer)


def test_what_was_entered_for_a_teacher_without_rows_is_told_in_words(demo: DemoCollege) -> None:
    award = text_of(demo.caller("t_full").get("/my/")).partition("获奖")[2]

    assert "本人电话告知本学年没有获奖 登记为：本学年无此项" in award.partition("技术专利")[0]
