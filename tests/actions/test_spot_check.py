"""Spot checks: who draws what, the same seed, entering what was found."""

from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import update

from app.access.person import RoleAccess
from app.actions.spot_check import Answer, WantedDraw, answer_rows, draw_rows
from app.domain.message import Reason, Refused
from app.domain.spot_check import CheckResult
from app.domain.submission import Status, Verb
from app.domain.table_access import RowReach
from app.models.cycle import Cycle
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.reports.spot_check import list_drawable, list_spot_checks, read_spot_check
from app.rules.base_table import key_of
from tests.college import NOW, College, on_all_databases
from tests.people import People
from tests.submissions import ANSWERS, submission_at

MATCHES = Answer(CheckResult.MATCHING, "")
DIFFERS = Answer(CheckResult.MISMATCHING, "学分与教学计划不符")


def draw(college: College, by, status: Status = Status.SUBMITTED, **wanted) -> int:
    """Draw of a table of twenty courses."""
    submission = submission_at(college, status, rows=20)
    asked = WantedDraw(**{"count": 5, "seed": "20261001", **wanted})
    return draw_rows(college.session, college.store, submission.id, asked, by=by, now=NOW)


def answer(college: College, number: int, by, version: int = 1, **answers: Answer) -> int:
    told = {int(name[1:]): each for name, each in answers.items()}
    return answer_rows(college.session, number, told, version=version, by=by, now=NOW)


def positions(college: College, number: int) -> list[int]:
    rows = [row for row in college.all(SpotCheckRow) if row.spot_check_id == number]
    return [row.position for row in sorted(rows, key=lambda row: row.number)]


def read(college: College, actor, number: int):
    college.session.rollback()
    return read_spot_check(college.session, college.store, actor, number)


@on_all_databases
def test_the_same_seed_draws_the_same_rows_on_every_database(
    college: College, people: People
) -> None:
    number = draw(college, people.zhou_min)

    keys = [key_of([college.row("course", row)["course_code"]]) for row in range(1, 21)]
    chosen = sorted(keys, key=lambda key: sha256(f"20261001:{key}".encode()).hexdigest())[:5]
    codes = [
        cell.text
        for drawn in read(college, people.zhou_min, number).rows
        for cell in drawn.cells
        if cell.field.code == "course_code"
    ]
    assert [key_of([code]) for code in codes] == chosen


def test_drawing_again_with_the_seed_repeats_it(college: College, people: People) -> None:
    first = draw(college, people.zhou_min, percent=None)
    submission = college.submission("course")
    again = draw_rows(
        college.session,
        college.store,
        submission.id,
        WantedDraw(percent=25, seed="20261001"),
        by=people.zhou_min,
        now=NOW,
    )

    assert positions(college, again) == positions(college, first)


def test_without_a_seed_one_is_chosen_and_kept(college: College, people: People) -> None:
    number = draw(college, people.zhou_min, seed="")

    assert read(college, people.zhou_min, number).line.check.seed.isdigit()


@pytest.mark.parametrize(
    "status", [Status.ENTERING, Status.UNDER_REVIEW, Status.AWAITING_CONFIRMATION, Status.RETURNED]
)
def test_only_what_was_reported_is_drawn_from(
    college: College, people: People, status: Status
) -> None:
    with pytest.raises(Refused) as refusal:
        draw(college, people.zhou_min, status)

    assert "has been reported" in refusal.value.message.english()


def test_a_nil_return_has_nothing_to_draw(college: College, people: People) -> None:
    submission = submission_at(college, Status.SUBMITTED)

    with pytest.raises(Refused) as refusal:
        draw_rows(
            college.session,
            college.store,
            submission.id,
            WantedDraw(count=1),
            by=people.zhou_min,
            now=NOW,
        )
    assert "no rows" in refusal.value.message.english()


@pytest.mark.parametrize("name", ["li_jing", "wang_qiang", "leader", "administrator", "ma_chao"])
def test_nobody_but_the_quality_office_draws(college: College, people: People, name: str) -> None:
    with pytest.raises(Refused):
        draw(college, getattr(people, name))


@pytest.mark.parametrize("wanted", [{"count": 0}, {"count": 21}, {"count": None, "percent": 101}])
def test_a_size_that_does_not_fit_is_refused(
    college: College, people: People, wanted: dict[str, int | None]
) -> None:
    with pytest.raises(Refused) as refusal:
        draw(college, people.zhou_min, **wanted)

    assert refusal.value.reason is Reason.INVALID
    assert refusal.value.message.parameters["total"] == 20


def test_what_was_found_comes_to_a_rate(college: College, people: People) -> None:
    number = draw(college, people.zhou_min)
    answer(college, number, people.zhou_min, _1=MATCHES, _2=DIFFERS, _3=MATCHES, _4=MATCHES)

    results = read(college, people.zhou_min, number).line.results

    assert (results.checked, results.drawn) == (4, 5)
    assert results.mismatches is not None
    assert results.mismatches.share == 0.25


def test_what_does_not_match_needs_a_note(college: College, people: People) -> None:
    number = draw(college, people.zhou_min)

    with pytest.raises(Refused) as refusal:
        answer(college, number, people.zhou_min, _1=Answer(CheckResult.UNSUPPORTED, " "))

    assert refusal.value.message.parameters["number"] == 1


def test_results_entered_meanwhile_are_not_overwritten(college: College, people: People) -> None:
    number = draw(college, people.zhou_min)
    answer(college, number, people.zhou_min, _1=MATCHES)

    with pytest.raises(Refused) as refusal:
        answer(college, number, people.zhou_min, _1=DIFFERS)

    assert refusal.value.reason is Reason.CONFLICT


def test_results_of_the_same_moment_are_not_overwritten(college: College, people: People) -> None:
    number = draw(college, people.zhou_min)
    # As the page reads it before it saves.
    held = read_spot_check(college.session, college.store, people.zhou_min, number)
    with college.open_session() as other:
        answer_rows(other, number, {1: MATCHES}, version=1, by=people.sun_li, now=NOW)

    with pytest.raises(Refused) as refusal:
        answer(college, number, people.zhou_min, _1=DIFFERS)

    assert refusal.value.reason is Reason.CONFLICT
    assert [each.row.result for each in held.rows if each.row.number == 1] == ["matching"]


def test_drawing_and_entering_stand_in_the_log(college: College, people: People) -> None:
    number = draw(college, people.zhou_min)
    answer(college, number, people.zhou_min, _1=MATCHES)

    told = [(e.tag, e.reason) for e in college.entries() if e.tag.startswith("spot_check")]

    assert told == [("spot_check.draw", "5/20 seed 20261001"), ("spot_check.check", "1=matching")]


def test_a_check_stands_for_what_was_reported_then(college: College, people: People) -> None:
    number = draw(college, people.zhou_min, Status.UNDER_QA_REVIEW)
    assert read(college, people.zhou_min, number).line.is_current

    submission = college.submission("course")
    college.step(submission, Verb.SEND_BACK, by=people.zhou_min, **ANSWERS)
    college.add("course", 21, by=people.li_jing)
    college.step(college.submission("course"), Verb.FINISH, by=people.li_jing)

    found = read(college, people.zhou_min, number)
    assert not found.line.is_current
    assert len(found.rows) == 5


@pytest.mark.parametrize(
    ("name", "sees"),
    [("li_jing", True), ("wang_qiang", True), ("leader", True), ("chen_gang", False)],
)
def test_a_department_sees_the_checks_of_its_own_tables(
    college: College, people: People, name: str, *, sees: bool
) -> None:
    draw(college, people.zhou_min)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)

    found = list_spot_checks(college.session, college.store, getattr(people, name), cycle)

    assert bool(found) is sees


@pytest.mark.parametrize("name", ["zhou_min", "li_jing", "leader"])
def test_whose_roles_open_no_longer_all_rows_sees_no_checks_of_them(
    college: College, people: People, name: str
) -> None:
    number = draw(college, people.zhou_min)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)
    actor = getattr(people, name)
    narrow = RoleAccess("x", frozenset({"list"}), RowReach.PERSON)
    narrowed = replace(actor, access={"course": (narrow,)})

    with pytest.raises(Refused, match="no such"):
        read(college, narrowed, number)
    assert list_spot_checks(college.session, college.store, narrowed, cycle) == []
    assert list_drawable(college.session, college.store, narrowed, cycle) == []
    with pytest.raises(Refused):
        draw(college, narrowed)


def test_who_sees_a_check_without_the_right_enters_nothing(
    college: College, people: People
) -> None:
    number = draw(college, people.zhou_min)

    assert read(college, people.li_jing, number).refusal is not None
    with pytest.raises(Refused):
        answer(college, number, people.li_jing, _1=MATCHES)


def test_what_can_be_drawn_from_is_listed_with_its_rows(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED, rows=20)
    cycle = college.session.get_one(Cycle, college.founded.cycle_id)

    found = list_drawable(college.session, college.store, people.zhou_min, cycle)

    assert [(each.spec.identifier, each.row_count) for each in found] == [("course", 20)]


@pytest.fixture
def asks_for_a_check(college: College, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue says of courses that they are accepted after a spot check."""
    store = college.store
    stored = store.tables["course"]
    asking = replace(stored, spec=replace(stored.spec, spot_check=True))
    monkeypatch.setattr(
        college.founded, "store", replace(store, tables={**store.tables, "course": asking})
    )


def accept(college: College, people: People) -> Status:
    submission = college.submission("course")
    return college.step(submission, Verb.ACCEPT, by=people.sun_li, **ANSWERS).status


@pytest.mark.usefixtures("asks_for_a_check")
def test_a_table_that_asks_for_a_spot_check_is_accepted_once_it_is_done(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=2)
    with pytest.raises(Refused, match="only after a spot check"):
        accept(college, people)

    number = draw_rows(
        college.session, college.store, submission.id, WantedDraw(2), by=people.zhou_min, now=NOW
    )
    answer(college, number, people.zhou_min, _1=MATCHES)
    with pytest.raises(Refused, match="1 rows have no result"):
        accept(college, people)

    answer(college, number, people.zhou_min, version=2, _2=DIFFERS)
    assert accept(college, people) is Status.ACCEPTED


@pytest.mark.usefixtures("asks_for_a_check")
def test_a_spot_check_of_what_was_reported_before_is_none_of_what_is_reported_now(
    college: College, people: People
) -> None:
    submission = submission_at(college, Status.UNDER_QA_REVIEW, rows=2)
    number = draw_rows(
        college.session, college.store, submission.id, WantedDraw(1), by=people.zhou_min, now=NOW
    )
    answer(college, number, people.zhou_min, _1=MATCHES)
    college.session.rollback()
    elsewhere = update(SpotCheck).values(content_hash="0" * 64)
    college.session.execute(elsewhere)
    college.session.commit()

    with pytest.raises(Refused, match="only after a spot check"):
        accept(college, people)
