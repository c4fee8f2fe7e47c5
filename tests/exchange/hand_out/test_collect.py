"""Collecting returned workbooks: what is recognised, merged, left and asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.access.person import RoleAccess
from app.actions.change_set import undo_change_set
from app.actions.collect import MOST_KEPT, WantedSet, drop_collected, keep_collected
from app.actions.row_change import DELETE, UPDATE, Change
from app.domain.finding import NOT_SHOWN
from app.domain.message import Reason, Refused
from app.domain.submission import Status
from app.domain.table_access import FieldMask
from app.models.hand_out import CollectedSet
from app.reports.collect import find_collected, list_collected
from tests.college import College
from tests.exchange.books import opened, saved
from tests.hand_outs import TABLE, HandedOut, books_of, changed, handed_out, typed, zipped

TITLE = "公开出版著作与公开发表论文名称"
NUMBER = "教工号"
PUBLISHER = "出版社或杂志社"
ACTIONS = frozenset({"list", "export", "import", "add", "edit"})
NO_PUBLISHER = RoleAccess("x", ACTIONS, masks={"publisher": FieldMask.MASKED})


def titles(college: College) -> list[str]:
    return [row["title"] for row in college.rows(TABLE)]


def row_id(college: College, position: int) -> str:
    return str(college.rows(TABLE)[position]["sys_id"])


def counts(result: Any) -> dict[str, int]:
    return {name: count for name, count in result.total.items() if count}


def with_new_row(content: bytes, title: str, number: str | None = "10021") -> bytes:
    """The workbook with a copy of its second row under another title, without its mark."""

    def add(sheet: Any, columns: Mapping[str, int]) -> None:
        below = sheet.max_row + 1
        for name, column in columns.items():
            if name != "行号":
                sheet.cell(below, column).value = sheet.cell(2, column).value
        sheet.cell(below, columns[TITLE]).value = title
        sheet.cell(below, columns[NUMBER]).value = number

    return changed(content, add)


def test_every_teacher_gets_a_part_with_his_rows(publications: HandedOut) -> None:
    parts = [(part.key, part.title, part.row_count) for part in publications.parts]

    assert parts == [("10021", "10021 刘洋", 2), ("10022", "10022", 1)]


def test_untouched_workbooks_change_nothing(publications: HandedOut) -> None:
    result = publications.try_files(*publications.books.values())

    assert (counts(result), result.problems, result.meanwhile) == ({"unchanged": 3}, [], [])


def test_rows_are_changed_added_and_known_by_a_corrected_key(publications: HandedOut) -> None:
    college, book = publications.college, publications.books["10021"]
    book = with_new_row(typed(book, 2, **{TITLE: "改正的书名"}), "新的论文")

    done = publications.merge(book)

    assert counts(done) == {"created": 1, "changed": 1, "unchanged": 1}
    assert titles(college)[0] == "改正的书名"
    assert titles(college)[3] == "新的论文"
    assert publications.states() == {"10021": "merged", "10022": "handed_out"}


def test_a_value_masked_for_who_handed_out_is_not_written_by_who_collects(college: College) -> None:
    by = college.founded.people.chen_gang
    college.add(TABLE, 1, by=by, staff_no="10021", publisher="高等教育出版社有限公司")
    limited = replace(by, access={TABLE: (NO_PUBLISHER,)})
    found = replace(handed_out(college, limited), by=by)
    book = found.books["10021"]

    done = found.merge(typed(book, 2, **{TITLE: "改正的书名"}))

    [row] = college.rows(TABLE)
    assert (done.total["changed"], row["title"]) == (1, "改正的书名")
    assert row["publisher"] == "高等教育出版社有限公司"


def test_a_finding_does_not_quote_what_is_masked_for_who_collects(college: College) -> None:
    by = college.founded.people.chen_gang
    college.add(TABLE, 1, by=by, staff_no="10021")
    stored = college.store.tables[TABLE]
    college.session.execute(stored.table.update().values({stored.columns["publisher"]: None}))
    college.session.commit()
    found = handed_out(college, by)
    limited = replace(by, access={TABLE: (NO_PUBLISHER,)})

    result = found.try_files(typed(found.books["10021"], 2, **{TITLE: "改正的书名"}), by=limited)

    [told] = [each.message for each in result.problems if each.label == PUBLISHER]
    assert told == NOT_SHOWN.english()


def test_files_that_nobody_merges_do_not_pile_up(publications: HandedOut) -> None:
    college, work, by = publications.college, publications.work, publications.by
    wanted = WantedSet(work.place.period, work.place.department, b"[]\n", 0, [])

    def keep() -> int:
        stored = publications.place.stored
        return keep_collected(college.session, stored, wanted, by=by, now=college.now)

    kept = [keep() for _ in range(MOST_KEPT)]
    with pytest.raises(Refused, match="not merged yet"):
        keep()

    drop_collected(college.session, kept[0], [], by=by, now=college.now)
    keep()


def test_a_version_of_very_many_digits_is_none(publications: HandedOut) -> None:
    def falsify(book: Any) -> None:
        for line in book["statedata"].iter_rows():
            if line[0].value == "row":
                line[3].value = "9" * 5_000

    book = opened(typed(publications.books["10021"], 2, **{TITLE: "改正的书名"}))
    falsify(book)

    result = publications.try_files(saved(book))

    assert counts(result)["conflict"] == 1


def test_a_colleague_for_whom_less_is_shown_does_not_read_a_report(publications: HandedOut) -> None:
    session, by = publications.college.session, publications.by
    publications.merge(*publications.books.values())
    [kept] = publications.college.all(CollectedSet)
    stored = publications.place.stored
    colleague = replace(by, number="10099")
    limited = replace(colleague, access={TABLE: (NO_PUBLISHER,)})

    assert find_collected(session, stored, colleague, kept.id).id == kept.id
    with pytest.raises(Refused, match="not kept any more"):
        find_collected(session, stored, limited, kept.id)
    place = (kept.period, kept.department_code)
    assert len(list_collected(session, stored, *place, colleague)) == 1
    assert list_collected(session, stored, *place, limited) == []


def test_an_empty_number_of_a_new_row_is_that_of_the_part(publications: HandedOut) -> None:
    book = with_new_row(publications.books["10021"], "没写工号的论文", number=None)

    publications.merge(book)

    assert publications.college.rows(TABLE)[-1]["sys_person"] == "10021"


def test_sorted_rows_and_a_lost_column_of_marks_do_no_harm(publications: HandedOut) -> None:
    def turn(sheet: Any, _columns: Mapping[str, int]) -> None:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_row=3)]
        for number, values in zip((3, 2), rows, strict=True):
            for column, value in enumerate(values, start=1):
                sheet.cell(number, column).value = value

    def cut(sheet: Any, columns: Mapping[str, int]) -> None:
        sheet.delete_cols(columns["行号"])

    turned, book = changed(publications.books["10021"], turn), publications.books["10022"]
    cut_off = typed(changed(book, cut), 2, **{PUBLISHER: "新出版社"})

    assert counts(publications.try_files(turned, cut_off)) == {"unchanged": 2, "changed": 1}


def test_a_copied_row_of_a_colleague_is_refused_with_its_cell(publications: HandedOut) -> None:
    book = with_new_row(publications.books["10021"], "同事的论文", number="10022")

    result = publications.try_files(book)

    assert counts(result) == {"unchanged": 2, "rejected": 1}
    [problem] = result.problems
    assert (problem.row, problem.column, problem.value) == (4, "A", "10022")
    assert "10021 刘洋" in problem.message


def test_a_row_that_went_to_somebody_else_is_not_taken_back(publications: HandedOut) -> None:
    college, book = publications.college, publications.books["10021"]
    moved = Change(UPDATE, {"staff_no": "10022"}, row_id(college, 0), "1")
    assert college.change(TABLE, moved, by=publications.by).written

    result = publications.try_files(typed(book, 2, **{PUBLISHER: "新出版社"}))

    assert counts(result) == {"unchanged": 1, "rejected": 1}


def test_other_cells_changed_meanwhile_are_no_conflict(publications: HandedOut) -> None:
    college, book = publications.college, publications.books["10021"]
    theirs = Change(UPDATE, {"author_order": 9}, row_id(college, 0), "1")
    assert college.change(TABLE, theirs, by=publications.by).written

    done = publications.merge(typed(book, 2, **{PUBLISHER: "新出版社"}))

    assert counts(done) == {"changed": 1, "unchanged": 1}
    row = college.rows(TABLE)[0]
    assert (row["author_order"], row["publisher"]) == (9, "新出版社")


def in_conflict(publications: HandedOut) -> bytes:
    """Both the platform and the file change the publisher of the first row."""
    college = publications.college
    theirs = Change(UPDATE, {"publisher": "平台写的"}, row_id(college, 0), "1")
    assert college.change(TABLE, theirs, by=publications.by).written
    return typed(publications.books["10021"], 2, **{PUBLISHER: "文件写的"})


def test_a_cell_changed_on_both_sides_is_asked(publications: HandedOut) -> None:
    book = in_conflict(publications)

    result = publications.try_files(book)

    assert counts(result) == {"unchanged": 1, "conflict": 1}
    [asked] = result.meanwhile
    assert asked.cells == [(PUBLISHER, "文件写的", "平台写的")]
    assert (asked.who, asked.row, asked.chosen) == ("陈刚", 2, "")


@pytest.mark.parametrize(
    ("side", "expected"), [("of_file", "文件写的"), ("of_platform", "平台写的")]
)
def test_what_was_decided_counts(publications: HandedOut, side: str, expected: str) -> None:
    book = in_conflict(publications)
    [asked] = publications.try_files(book).meanwhile

    done = publications.merge(book, **{asked.name: side})

    assert counts(done).get("conflict") is None
    assert publications.college.rows(TABLE)[0]["publisher"] == expected


def test_a_deleted_row_comes_back_only_if_that_is_decided(publications: HandedOut) -> None:
    college, book = publications.college, publications.books["10021"]
    gone = Change(DELETE, id=row_id(college, 0), version="1")
    assert college.change(TABLE, gone, by=publications.by).written
    book = typed(book, 2, **{PUBLISHER: "新出版社"})

    [asked] = publications.try_files(book).meanwhile
    assert asked.is_gone
    done = publications.merge(book, others="of_file")

    assert counts(done) == {"created": 1, "unchanged": 1}


def test_two_files_of_one_part_are_chosen_from(publications: HandedOut) -> None:
    book = publications.books["10021"]
    first, second = (typed(book, 2, **{PUBLISHER: name}) for name in ("甲社", "乙社"))

    asked = publications.try_files(first, second, first)
    [version] = asked.versions
    publications.merge(first, second, **{version.name: "2"})

    assert [line.state for line in asked.files] == ["choose", "choose", "identical"]
    assert publications.college.rows(TABLE)[0]["publisher"] == "乙社"


def test_files_of_two_handings_out_that_disagree_are_chosen_from(
    publications: HandedOut,
) -> None:
    again = handed_out(publications.college, publications.by)
    old = typed(publications.books["10021"], 2, **{PUBLISHER: "旧文件"})
    new = typed(again.books["10021"], 2, **{PUBLISHER: "新文件"})

    asked = again.try_files(old, new)
    [crossing] = asked.crossings
    again.merge(old, new, **{crossing.name: "2"})

    assert counts(asked)["conflict"] == 2
    assert [option.cells for option in crossing.options] == [
        [(PUBLISHER, "旧文件")],
        [(PUBLISHER, "新文件")],
    ]
    assert publications.college.rows(TABLE)[0]["publisher"] == "新文件"


def test_files_with_bad_rows_are_left_as_a_whole_unless_rows_are_wanted(
    publications: HandedOut,
) -> None:
    college = publications.college
    bad = typed(publications.books["10021"], 2, **{"作者顺序": "第一"})
    bad = typed(bad, 3, **{PUBLISHER: "好的一行"})
    good = typed(publications.books["10022"], 2, **{PUBLISHER: "好的一份"})

    publications.merge(bad, good)
    assert [row["publisher"] == "好的一行" for row in college.rows(TABLE)] == [False] * 3
    assert college.rows(TABLE)[2]["publisher"] == "好的一份"
    publications.merge(bad, good_rows=True)

    assert college.rows(TABLE)[1]["publisher"] == "好的一行"
    assert publications.states() == {"10021": "conflicting", "10022": "merged"}


def test_sixty_files_in_an_archive_are_taken_in_at_once(publications: HandedOut) -> None:
    book = publications.books["10021"]
    files = {f"{number} 刘洋.xlsx": book for number in range(58)}

    result = publications.try_files(
        zipped({**files, "别人.xlsx": publications.books["10022"], "说明.txt": b"text"})
    )

    states = Counter(line.state for line in result.files)
    assert states == {"merged": 2, "identical": 57, "refused": 1}
    assert counts(result) == {"unchanged": 3}


def test_what_was_merged_is_taken_back_as_one_set(publications: HandedOut) -> None:
    college, before = publications.college, titles(publications.college)
    book = with_new_row(typed(publications.books["10021"], 2, **{TITLE: "改名"}), "新的")
    done = publications.merge(book)

    undo_change_set(
        college.session,
        college.store,
        TABLE,
        done.change_set or 0,
        by=publications.by,
        now=college.now,
    )

    assert titles(college) == before


def test_a_preview_counts_no_more_once_somebody_changed_a_row(publications: HandedOut) -> None:
    college, book = publications.college, publications.books["10021"]
    again = books_of(publications)
    college.add(TABLE, 7, by=publications.by, staff_no="10021")

    with pytest.raises(Refused) as caught:
        publications.merge_seen(book, again["10022"], seen=1)

    assert caught.value.reason is Reason.CONFLICT


def test_a_locked_table_takes_nothing(publications: HandedOut) -> None:
    college = publications.college
    with college.open_session() as session:
        found = session.merge(college.submission(TABLE, "C01"))
        found.status = Status.SUBMITTED
        session.commit()

    with pytest.raises(Refused) as caught:
        publications.try_files(publications.books["10021"])

    assert caught.value.reason is Reason.LOCKED


def test_another_department_neither_collects_nor_is_collected(
    publications: HandedOut,
) -> None:
    stranger = publications.college.founded.people.luo_lin

    with pytest.raises(Refused) as caught:
        publications.try_files(publications.books["10021"], by=stranger)

    assert caught.value.reason is Reason.FORBIDDEN
