"""The workbooks that are handed out: their names, what they hide, and files that are no such."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from app.access.hand_out import why_not_hand_out
from app.actions.hand_out import WantedHandOut, WantedPart, hand_out
from app.domain.hand_out import Division, PartState, state_on
from app.domain.message import Refused
from app.exchange.hand_out import archive_of, file_names
from app.exchange.template import make_template
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.hand_out import HandOut
from tests.college import NOW, College
from tests.exchange.books import book_of, opened
from tests.hand_outs import TABLE, HandedOut, handed_out, in_english, typed


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd 表.xlsx"),
        ('张"三:<李>|?*', "张_三_李_ 表.xlsx"),
        ("~$临时", "$临时 表.xlsx"),
        ("名\u202e.exe\n", "名_.exe_ 表.xlsx"),
    ],
)
def test_names_are_taken_by_every_system(title: str, name: str) -> None:
    assert file_names([title], "表") == [name]


def test_names_are_short_and_differ_even_in_case() -> None:
    names = file_names(["a", "A", "很" * 300, "很" * 300], "表")

    assert names[:2] == ["a 表.xlsx", "A 表 (2).xlsx"]
    assert len(set(names)) == 4
    assert all(len(name.encode()) <= 190 for name in names)


def test_an_archive_is_whole_though_it_is_sent_piece_by_piece() -> None:
    pieces = list(archive_of([("张三 表.xlsx", b"one"), ("李四 表.xlsx", b"two")], NOW))

    with ZipFile(BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["张三 表.xlsx", "李四 表.xlsx"]
    assert len(pieces) == 3


def test_a_workbook_hides_its_marks_and_identity(publications: HandedOut) -> None:
    book = opened(publications.books["10021"])

    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]][:2] != [None, None]
    assert sheet.column_dimensions["I"].hidden
    assert book["statedata"].sheet_state == "veryHidden"


def test_masked_fields_leave_masked_and_come_back_without_harm(college: College) -> None:
    by = college.founded.people.chen_gang
    college.add("full_time_teacher", 1, 2, by=by)
    masked = next(f for f in college.store.catalogue.tables["full_time_teacher"].fields if f.mask)
    found = handed_out(college, by, "full_time_teacher")
    before = college.rows("full_time_teacher")
    key = next(part.key for part in found.parts if part.row_count)
    name = next(f for f in found.place.stored.spec.fields if not f.key and f.type == "string")

    done = found.merge(typed(found.books[key], 2, **{name.label.split("(")[0]: "改过"}))

    assert done.total["changed"] == 1, done.problems
    after = college.rows("full_time_teacher")
    assert [row[masked.code] for row in after] == [row[masked.code] for row in before]


def test_rows_are_divided_by_the_values_of_a_field(college: College) -> None:
    by = college.founded.people.li_jing
    college.add("course", 1, 2, 3, by=by)
    codes = sorted({str(row["course_type"]) for row in college.rows("course")})

    found = handed_out(college, by, "course", "course_type")

    assert [part.key for part in found.parts] == codes
    assert sum(part.row_count for part in found.parts) == 3


def templates(publications: HandedOut) -> list[bytes]:
    """Ordinary templates: of the place, and of the next year."""
    college, place = publications.college, publications.place
    year = place.stored.spec.period_in(college.cycle.year.next)
    return [
        make_template(
            college.store.catalogue,
            place.stored.spec,
            WorkbookPlace(period, "C01", ""),
            translate=in_english,
            now=NOW,
        )
        for period in (place.period, year)
    ]


def test_files_that_are_none_of_ours_are_told_one_by_one(publications: HandedOut) -> None:
    unmarked = book_of([["教工号"], ["10021"]])
    others = [unmarked, *templates(publications), b"PK\x03\x04 damaged", b""]

    result = publications.try_files(*others, publications.books["10021"])

    assert [line.state for line in result.files] == ["refused"] * 5 + ["merged"]
    assert len({line.reason for line in result.files[:5]}) == 5


def test_a_workbook_of_another_department_is_left_to_it(publications: HandedOut) -> None:
    college = publications.college
    other = college.founded.people.luo_lin
    college.add(TABLE, 4, by=other, staff_no="20009")
    found = handed_out(college, other)
    [reason] = {line.reason for line in found.try_files(publications.books["10021"]).files}

    assert "C01" in reason


def test_handing_out_again_supersedes_and_is_noted(publications: HandedOut) -> None:
    college = publications.college

    handed_out(college, publications.by)

    first, second = college.all(HandOut)
    assert (first.superseded_at, second.superseded_at) == (college.now, None)
    assert [entry.tag for entry in college.entries()][-2:] == ["hand_out.add", "hand_out.add"]


def test_a_due_date_that_has_passed_is_refused(college: College) -> None:
    by, stored = college.founded.people.chen_gang, college.store.tables[TABLE]
    yesterday = (college.now - timedelta(days=1)).date()
    part = WantedPart("10021", "刘洋", "C01", 0)
    place = (college.period(TABLE), "C01", Division.PERSON, None, [part])

    with pytest.raises(Refused):
        hand_out(college.session, stored, WantedHandOut(*place, yesterday), by=by, now=college.now)


def test_only_those_who_answer_for_the_rows_hand_them_out(college: College) -> None:
    people, stored = college.founded.people, college.store.tables[TABLE]
    asked = {
        name: why_not_hand_out(getattr(people, name), stored, department) is None
        for name, department in (
            *(("chen_gang", "C01"), ("luo_lin", "C01"), ("zhao_yong", "C01")),
            *(("liu_yang", "C01"), ("zhou_min", None), ("leader", None)),
        )
    }

    assert [name for name, may in asked.items() if may] == ["chen_gang", "zhou_min"]


def test_what_is_not_returned_in_time_is_missing() -> None:
    today = NOW.date()

    assert state_on(PartState.HANDED_OUT, today - timedelta(days=1), today) is PartState.MISSING
    assert state_on(PartState.HANDED_OUT, today, today) is PartState.HANDED_OUT
    assert state_on(PartState.MERGED, today - timedelta(days=1), today) is PartState.MERGED


def test_references_are_handed_out_and_collected_with_their_labels(publications: HandedOut) -> None:
    content = publications.books["10021"]
    shown = [cell.value for cell in opened(content).worksheets[0][2]]
    assert "10021 姓名1" in shown

    result = publications.try_files(content)

    assert (result.total["unchanged"], result.problems) == (2, [])


def test_a_reference_chosen_from_the_list_comes_back_as_its_key(publications: HandedOut) -> None:
    book = typed(publications.books["10021"], 2, 公开出版著作与公开发表论文名称="新名")

    result = publications.merge(book)

    rows = publications.college.rows(TABLE)
    assert result.total["changed"] == 1
    assert {row["staff_no"] for row in rows} == {"10021", "10022"}
