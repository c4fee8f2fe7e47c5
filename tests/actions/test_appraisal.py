"""Beginning, counting and publishing the appraisal of a year."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from app.access.person import Actor
from app.actions.appraisal import count_again, draft_appraisal, publish_appraisal
from app.catalogue.appraisal import read_scheme
from app.domain.appraisal import AppraisalStatus
from app.domain.cycle import CycleVerb
from app.domain.message import Reason, Refused
from app.domain.submission import Verb
from app.models.appraisal import Appraisal, AppraisalScore
from app.models.audit_log import AuditEntry
from app.models.evidence import read_evidence, score_of
from tests.appraisals import (
    COURSE,
    PROJECT,
    begun,
    cell,
    enter,
    entry,
    result,
    seed_scheme,
    settle_everything,
    take,
)
from tests.assignments import change, one
from tests.college import College
from tests.people import People

OTHERS = (
    *("li_jing", "wang_qiang", "zheng_wei", "chen_gang", "zhao_yong", "liu_yang", "luo_lin"),
    *("ma_chao", "wu_fan", "qian_hui", "administrator", "leader", "archivist", "reader"),
)


def stored(closed: College) -> Appraisal:
    return closed.all(Appraisal)[0]


def draft(closed: College, by: Actor) -> Appraisal:
    cycle_id = closed.founded.cycle_id
    return draft_appraisal(closed.session, seed_scheme(), cycle_id, by=by, now=closed.now)


def publish(closed: College, by: Actor, reason: str | None = "院长办公会 12 月 20 日") -> Appraisal:
    appraisal = stored(closed)
    return publish_appraisal(
        closed.session, appraisal.id, appraisal.version, reason, by=by, now=closed.now
    )


def recounted(
    closed: College,
) -> dict[tuple[str, str], tuple[Decimal | None, Decimal | None, int]]:
    """What the records up to the stored moment give today."""
    appraisal = stored(closed)
    scheme = read_scheme(appraisal.scheme_content)
    with closed.open_session() as session:
        evidence = read_evidence(
            session,
            closed.cycle,
            taken_at=appraisal.evidence_at,
            due_at=appraisal.due_at,
            correction_days=scheme.correction_days,
        )
    found = {}
    for department in evidence.records:
        for item in scheme.items.values():
            measured = evidence.measure(department, item)
            if measured is not None:
                score = score_of(item, measured)
                found[department, item.identifier] = (measured.value, score, len(measured.events))
    return found


def counted(closed: College) -> dict[tuple[str, str], tuple[Decimal | None, Decimal | None, int]]:
    """What is stored of the items that the platform counts."""
    return {
        (one.department_code, one.item): (
            one.metric_value,
            one.automatic_score,
            one.evidence_count,
        )
        for one in closed.all(AppraisalScore)
        if one.is_counted
    }


def test_a_closed_year_is_counted(closed: College) -> None:
    begun(closed)

    assert {
        item: (str(value), str(points), events)
        for (department, item), (value, points, events) in counted(closed).items()
        if department == "A03"
    } == {
        "C1.1": ("1.5000", "4.00", 2),  # three days and none
        "C1.2": ("0.0000", "3.00", 1),
        "C2.1": ("2.0000", "9.00", 2),  # one in time and one two days late are 1.5 of 2
        "C2.2": ("1.0000", "4.00", 1),
        "C3.1": ("0.9048", "0.34", 2),  # 19 of 21 cells at the first attempts
        "C3.3": ("30.3030", "0.00", 2),  # one error in 33 cells
        "C3.4": ("0.5000", "5.00", 1),  # one return, two tables
        "C3.7": ("0.0000", "5.00", 2),
    }


def test_what_is_not_recorded_waits_for_the_office(closed: College) -> None:
    begun(closed)

    waiting = {one.item for one in closed.all(AppraisalScore) if one.is_pending}

    assert waiting == {
        *("C1.3", "C1.4", "C1.5", "C2.3", "C3.2", "C3.5", "C3.6", "C3.8"),
        *("C4.1", "C4.2", "C4.3"),
    }


def test_every_department_of_the_year_is_appraised(closed: College) -> None:
    appraisal = begun(closed)

    departments = {one.department_code for one in closed.all(AppraisalScore)}

    assert departments == {"A02", "A03", "A04", "A07", "C01", "C02"}
    assert len(closed.all(AppraisalScore)) == len(departments) * len(seed_scheme().items)
    # Nothing applied to the department: nothing is counted for or against it.
    assert cell(closed, "C2.1", "A07").automatic_score is None
    assert (appraisal.year, appraisal.status) == (2026, AppraisalStatus.DRAFT)
    assert stored(closed).scheme_content == seed_scheme().content
    assert closed.entries()[-1].tag == "appraisal.draft"


def test_a_year_is_appraised_once(closed: College) -> None:
    begun(closed)

    with pytest.raises(Refused) as again:
        draft(closed, closed.founded.people.sun_li)

    assert again.value.reason is Reason.CONFLICT
    assert len(closed.all(Appraisal)) == 1


def test_a_year_is_appraised_only_after_it_is_closed(college: College, people: People) -> None:
    with pytest.raises(Refused) as early:
        draft(college, people.zhou_min)

    assert "not closed yet" in early.value.message.msgid
    assert college.all(Appraisal) == []


def test_only_the_office_begins_counts_and_publishes(closed: College) -> None:
    appraisal = begun(closed)
    settle_everything(closed, appraisal)
    now, version = closed.now, stored(closed).version
    wanted = entry(closed, "C1.3", "1", comment="补")

    for name in OTHERS:
        person = getattr(closed.founded.people, name)
        for attempt in (
            lambda by: draft(closed, by),
            lambda by: count_again(closed.session, appraisal.id, version, by=by, now=now),
            lambda by: publish(closed, by),
            lambda by: enter(closed, appraisal, wanted, by=by),
        ):
            with pytest.raises(Refused) as refusal:
                attempt(person)
            assert refusal.value.reason in {Reason.FORBIDDEN, Reason.NOT_FOUND}, name
    assert (stored(closed).version, stored(closed).status) == (version, AppraisalStatus.DRAFT)


def test_counting_again_gives_what_is_stored(closed: College) -> None:
    """INV15: every stored score is the score of its evidence."""
    appraisal = begun(closed)
    assert recounted(closed) == counted(closed)

    again = count_again(
        closed.session,
        appraisal.id,
        appraisal.version,
        by=closed.founded.people.sun_li,
        now=closed.now,
    )

    assert again.changed == 0
    assert recounted(closed) == counted(closed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_later_counting_again_gives_what_is_stored(
    closed: College, seed: int
) -> None:
    begun(closed)
    before, random = counted(closed), Random(seed)  # noqa: S311 - the same story every time
    for _ in range(6):
        closed.now += timedelta(days=random.randint(1, 9))
        later(closed, random)

    assert recounted(closed) == counted(closed) == before


def later(closed: College, random: Random) -> None:
    """Something the quality office or the department does after the scores were counted."""
    office, submission = closed.founded.people.zhou_min, closed.submission(COURSE)
    if submission.status == "accepted":
        closed.step(submission, Verb.REOPEN, by=office, reason="核查")
    elif submission.status == "returned":
        closed.add(COURSE, random.randint(100, 10_000), by=closed.founded.people.li_jing)
        take(closed, COURSE, Verb.FINISH, Verb.REVIEW, Verb.CONFIRM)
    elif submission.status == "submitted":
        take(closed, COURSE, Verb.RECEIVE, Verb.ACCEPT)
    if closed.cycle.status == "closed" and random.random() < 0.5:
        due_at = closed.now + timedelta(days=30)
        closed.year_step(CycleVerb.EXTEND, by=office, reason="补报", due_at=due_at)


def test_counting_again_takes_later_records_in_and_keeps_what_was_entered(closed: College) -> None:
    appraisal = begun(closed)
    enter(closed, appraisal, entry(closed, "C1.3", "1.5", comment="有会议无纪要"))
    closed.now += timedelta(days=3)

    again = count_again(
        closed.session,
        appraisal.id,
        stored(closed).version,
        by=closed.founded.people.zhou_min,
        now=closed.now,
    )

    # The project is five days late by now: it is worth nothing any more.
    assert (again.changed, cell(closed, "C2.1").automatic_score) == (1, Decimal(6))
    assert cell(closed, "C1.3").manual_score == Decimal("1.5")
    assert closed.entries()[-1].tag == "appraisal.appraise"


def test_publishing_waits_for_every_score(closed: College) -> None:
    begun(closed)

    with pytest.raises(Refused) as refusal:
        publish(closed, closed.founded.people.zhou_min)

    assert "scores are still to be entered" in refusal.value.message.msgid
    assert stored(closed).status is AppraisalStatus.DRAFT


def test_publishing_keeps_total_rank_and_grade(closed: College) -> None:
    settle_everything(closed, begun(closed))

    published = publish(closed, closed.founded.people.zhou_min)

    assert (published.status, published.published_by) == (AppraisalStatus.PUBLISHED, "04002")
    # C1 is 15, C2 22, C3 35.34 and C4 10.
    assert (result(closed).total, result(closed).rank) == (Decimal("82.34"), 3)
    assert (result(closed).grade, result(closed, "A07").grade) == ("良好", "良好")
    assert (result(closed, "A04").total, result(closed, "A04").rank) == (Decimal(100), None)
    entry = closed.entries()[-1]
    assert (entry.tag, entry.reason) == ("appraisal.publish", "院长办公会 12 月 20 日")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_publishing_names_its_decision(closed: College, reason: str | None) -> None:
    settle_everything(closed, begun(closed))

    with pytest.raises(Refused) as refusal:
        publish(closed, closed.founded.people.zhou_min, reason)

    assert refusal.value.reason is Reason.INVALID


def test_what_is_published_is_final(closed: College) -> None:
    appraisal = begun(closed)
    settle_everything(closed, appraisal)
    publish(closed, closed.founded.people.zhou_min)
    final, now = stored(closed), closed.now

    for attempt in (
        lambda: count_again(
            closed.session, final.id, final.version, by=closed.founded.people.sun_li, now=now
        ),
        lambda: enter(closed, final, entry(closed, "C1.3", "1", comment="改")),
        lambda: publish(closed, closed.founded.people.zhou_min),
    ):
        with pytest.raises(Refused):
            attempt()
    assert stored(closed).version == final.version


def test_a_stale_page_publishes_and_counts_nothing(closed: College) -> None:
    appraisal = begun(closed)
    seen = stored(closed).version
    settle_everything(closed, appraisal)
    asked = {"by": closed.founded.people.zhou_min, "now": closed.now}

    with pytest.raises(Refused) as published:
        publish_appraisal(closed.session, appraisal.id, seen, "会议", **asked)
    with pytest.raises(Refused) as counted_again:
        count_again(closed.session, appraisal.id, seen, **asked)

    assert published.value.reason is counted_again.value.reason is Reason.CONFLICT


def test_a_year_without_recorded_attempts_leaves_their_items_to_the_office(closed: College) -> None:
    with closed.founded.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sd_finish_attempt")
    draft(closed, closed.founded.people.zhou_min)

    assert not cell(closed, "C3.1").is_counted
    assert cell(closed, "C3.1").is_pending
    assert cell(closed, "C3.4").is_counted


def test_nothing_is_half_begun(closed: College) -> None:

    with closed.refusing("sd_appraisal_score"), pytest.raises(Exception, match="full"):
        draft(closed, closed.founded.people.zhou_min)

    assert closed.all(Appraisal) == []
    assert [one for one in closed.all(AuditEntry) if one.tag.startswith("appraisal")] == []


def test_a_later_due_date_forgives_nobody_who_was_late_before_it(closed: College) -> None:
    people = closed.founded.people
    due_at = closed.cycle.due_at
    closed.year_step(
        CycleVerb.EXTEND, by=people.zhou_min, reason="延期", due_at=due_at + timedelta(days=9)
    )
    closed.year_step(CycleVerb.CLOSE, by=people.zhou_min)

    begun(closed)

    assert closed.submission("quality_project").is_late(closed.cycle.due_at, closed.now)
    assert str(cell(closed, "C2.1").metric_value) == "2.0000"


def test_the_steps_before_a_table_changed_hands_are_read_with_it(closed: College) -> None:
    people = closed.founded.people
    due_at = closed.now + timedelta(days=9)
    closed.year_step(CycleVerb.EXTEND, by=people.zhou_min, reason="延期", due_at=due_at)
    change(closed, people, one("quality_project", "C02"), reason="职能调整")
    take_over = {"taken_at": closed.now, "due_at": due_at, "correction_days": 5}

    whole = read_evidence(closed.session, closed.cycle, **take_over)
    part = read_evidence(closed.session, closed.cycle, departments=["C02"], **take_over)

    assert part.records["C02"].tables == whole.records["C02"].tables
    assert any(table.steps for table in part.records["C02"].tables if table.table == PROJECT)
