"""Comments: several people in one thread, and a log that keeps every word."""

import pytest

from app.access.person import Actor
from app.actions.comment import (
    answer_comment,
    comment_on_row,
    comment_on_table,
    delete_comment,
    resolve_comment,
)
from app.actions.row_change import DELETE, Change
from app.domain.message import Reason, Refused
from app.models.base_table_rows import present_rows
from app.models.comment import LONGEST_COMMENT, Comment
from app.reports.comment import count_open, new_comments, threads_of_row
from tests.college import College, on_all_databases
from tests.people import People

pytestmark = on_all_databases


def comment(
    college: College, row: str, text: str = "请核对", *, by: Actor, field: str = "course_name"
) -> Comment:
    with college.open_session() as session:
        where = (session, college.store, "course", row, field, text)
        return comment_on_row(*where, by=by, now=college.now)


def answer(college: College, number: int, text: str, by: Actor) -> Comment:
    with college.open_session() as session:
        where = (session, college.store, "course", number, text)
        return answer_comment(*where, by=by, now=college.now)


def open_count(college: College, by: Actor) -> int:
    stored = college.store.tables["course"]
    with college.open_session() as session:
        return count_open(session, stored, by, college.period("course"), "A03")


def resolve(college: College, number: int, by: Actor, *, resolved: bool = True) -> None:
    with college.open_session() as session:
        where = (session, college.store, "course", number)
        resolve_comment(*where, resolved=resolved, by=by, now=college.now)


def test_several_people_talk_in_one_thread(college: College, people: People) -> None:
    (row,) = college.add("course", by=people.li_jing)
    first = comment(college, row, "学时对吗？", by=people.zhou_min)

    answer(college, first.id, "对的，\r\n含实践学时", people.li_jing)
    resolve(college, first.id, people.zhou_min)

    with college.open_session() as session:
        where = (session, college.store, "course", people.wang_qiang, row)
        (thread,), _department = threads_of_row(*where)
    assert [each.text for each in thread.answers] == ["对的，\n含实践学时"]
    assert (thread.first.resolved_by, open_count(college, people.zhou_min)) == ("周敏", 0)


def test_comments_on_a_deleted_row_are_not_counted(college: College, people: People) -> None:
    gone, kept = college.add("course", 1, 2, by=people.li_jing)
    for row in (gone, kept):
        comment(college, row, by=people.zhou_min)

    stored = college.store.tables["course"]
    with college.open_session() as session:
        version = stored.version_of(present_rows(session, stored, [gone])[gone])
    deletion = Change(DELETE, id=gone, version=version)
    assert college.change("course", deletion, by=people.li_jing).written

    assert open_count(college, people.zhou_min) == 1


def test_an_answer_opens_a_resolved_thread_again(college: College, people: People) -> None:
    (row,) = college.add("course", by=people.li_jing)
    first = comment(college, row, by=people.zhou_min)
    resolve(college, first.id, people.zhou_min)

    answer(college, first.id, "还有一处", people.li_jing)

    assert open_count(college, people.zhou_min) == 1


def test_the_log_keeps_what_its_author_deletes(college: College, people: People) -> None:
    (row,) = college.add("course", by=people.li_jing)
    first = comment(college, row, "写错地方了", by=people.zhou_min)

    with college.open_session() as session:
        where = (session, college.store, "course", first.id)
        with pytest.raises(Refused):
            delete_comment(*where, by=people.li_jing, now=college.now)
        delete_comment(*where, by=people.zhou_min, now=college.now)

    assert [each.text for each in college.all(Comment)] == [""]
    told = [(entry.tag, entry.reason) for entry in college.entries(f"comment:{first.id}")]
    assert told == [("comment.add", "写错地方了"), ("comment.delete", "写错地方了")]
    assert open_count(college, people.zhou_min) == 0


@pytest.mark.parametrize("name", ["chen_gang", "liu_yang", "reader", "leader", "administrator"])
def test_who_does_not_read_the_row_says_nothing_about_it(
    college: College, people: People, name: str
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    first = comment(college, row, by=people.zhou_min)
    outsider = getattr(people, name)

    for act in (
        lambda: comment(college, row, by=outsider),
        lambda: answer(college, first.id, "我也说", outsider),
        lambda: resolve(college, first.id, outsider),
    ):
        with pytest.raises(Refused):
            act()
    assert len(college.all(Comment)) == 1


@pytest.mark.parametrize("text", ["", " \n ", "长" * (LONGEST_COMMENT + 1)])
def test_an_empty_or_endless_comment_is_refused_in_words(
    college: College, people: People, text: str
) -> None:
    (row,) = college.add("course", by=people.li_jing)

    with pytest.raises(Refused) as refused:
        comment(college, row, text, by=people.li_jing)

    assert refused.value.reason is Reason.INVALID
    assert college.all(Comment) == []


def test_new_comments_reach_the_department_and_those_who_took_part(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    first = comment(college, row, "请补材料", by=people.zhou_min)
    answer(college, first.id, "已补", people.li_jing)

    def told(actor: Actor) -> list[str]:
        with college.open_session() as session:
            found = new_comments(session, college.store, actor, now=college.now)
            return [each.comment.text for each in found]

    assert told(people.li_jing) == ["请补材料"]
    assert told(people.zhou_min) == ["已补"]
    assert told(people.wang_qiang) == ["已补", "请补材料"]
    assert told(people.chen_gang) == told(people.sun_li) == []


def test_a_whole_table_is_commented_on_by_those_who_see_it(
    college: College, people: People
) -> None:
    place = (college.period("course"), "A03")
    with college.open_session() as session:
        where = (session, college.store, "course", place, "整表请在周五前补齐")
        comment_on_table(*where, by=people.zhou_min, now=college.now)
        with pytest.raises(Refused):
            comment_on_table(*where, by=people.chen_gang, now=college.now)

    assert open_count(college, people.li_jing) == 1
