"""The panel: whose lines it has, a preview before, the final figures after publishing."""

from decimal import Decimal

import pytest

from app.access.person import Actor
from app.actions.appraisal import publish_appraisal
from app.domain.appraisal import AppraisalStatus
from app.domain.message import Reason, Refused
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore
from app.reports.appraisal import (
    Panel,
    appraisal_years,
    explain,
    find_year,
    read_panel,
    read_panel_evidence,
    usual_year,
    why_missed,
)
from tests.appraisals import begun, seed_scheme, settle_everything
from tests.college import College
from tests.people import People
from tests.reports.statements import statements

ALL = ["A02", "A03", "A04", "A07", "C01", "C02"]


def panel_of(college: College, actor: Actor) -> Panel:
    session = college.session
    session.expire_all()
    year = find_year(appraisal_years(session, actor), 2026)
    return read_panel(session, actor, year, seed_scheme(), now=college.now)


def codes(panel: Panel) -> list[str]:
    return sorted(line.code for line in panel.lines)


def published(college: College) -> None:
    settle_everything(college, begun(college))
    found = college.all(Appraisal)[0]
    publish_appraisal(
        college.session,
        found.id,
        found.version,
        "会议",
        by=college.founded.people.zhou_min,
        now=college.now,
    )


@pytest.fixture
def people(closed: College) -> People:
    return closed.founded.people


@pytest.mark.parametrize("name", ["zhou_min", "leader"])
def test_who_overlooks_the_college_sees_drafts_of_all(
    closed: College, people: People, name: str
) -> None:
    assert panel_of(closed, getattr(people, name)).lines == []
    begun(closed)

    panel = panel_of(closed, getattr(people, name))

    assert (codes(panel), panel.is_preview, panel.is_whole) == (ALL, False, True)
    assert panel.pending == 11 * len(ALL)
    # Nobody has a rank or a grade as long as scores are missing.
    assert {(line.standing.rank, line.standing.grade) for line in panel.lines} == {(None, None)}


@pytest.mark.parametrize("name", ["li_jing", "wang_qiang"])
def test_a_department_sees_a_preview_of_its_own_automatic_items(
    closed: College, people: People, name: str
) -> None:
    begun(closed)

    panel = panel_of(closed, getattr(people, name))

    assert (codes(panel), panel.is_preview) == (["A03"], True)
    [line] = panel.lines
    assert line.cells["C2.1"].automatic_score == 9
    assert (line.standing.rank, line.standing.grade) == (None, None)
    # Of what is counted: 7 of 7, 13 of 16, 12.34 … of 25, and nothing of the fourth clause.
    assert [one.total for one in line.standing.sum.criteria][-1] is None
    assert not closed.session.new


def test_a_preview_stores_nothing(closed: College, people: People) -> None:
    panel_of(closed, people.wang_qiang)
    closed.session.commit()

    assert closed.all(Appraisal) == closed.all(AppraisalScore) == closed.all(AppraisalResult) == []


def test_what_is_published_is_seen_by_its_own_department(closed: College, people: People) -> None:
    published(closed)

    panel, whole = panel_of(closed, people.wang_qiang), panel_of(closed, people.leader)

    assert (codes(panel), panel.is_preview) == (["A03"], False)
    line = panel.line("A03")
    assert (line.standing.total, line.standing.rank, line.standing.grade) == (
        Decimal("82.34"),
        3,
        "良好",
    )
    assert whole.line("A03").standing == line.standing
    with pytest.raises(Refused) as refusal:
        panel.line("C01")
    assert refusal.value.reason is Reason.NOT_FOUND


def test_a_tie_that_cost_a_grade_is_explained(closed: College, people: People) -> None:
    published(closed)

    lines = panel_of(closed, people.leader).lines

    tied = {line.code: line.standing.missed for line in lines if line.standing.missed}
    totals = {line.standing.total for line in lines if line.code in tied}
    assert (totals, "A03" in tied) == ({Decimal(100)}, False)
    for line in lines:
        why = why_missed(line.standing)
        assert (why is not None) == (line.code in tied)
        assert why is None or "%(places)s places" in why.msgid
        assert line.standing.missed is None or line.standing.grade == "良好"


@pytest.mark.parametrize("name", ["liu_yang", "ma_chao", "administrator", "archivist", "reader"])
def test_others_have_no_such_page(closed: College, people: People, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        appraisal_years(closed.session, getattr(people, name))

    assert refusal.value.reason is Reason.FORBIDDEN


def test_the_quality_office_is_scored_and_not_ranked(closed: College, people: People) -> None:
    published(closed)

    line = panel_of(closed, people.zhou_min).line("A04")

    assert (line.standing.total, line.standing.rank, line.standing.grade) == (100, None, None)


def test_the_best_come_first_in_each_group(closed: College, people: People) -> None:
    published(closed)

    lines = panel_of(closed, people.zhou_min).lines

    assert [line.result.group_name for line in lines] == ["教学单位"] * 2 + ["职能处室"] * 4
    assert lines[-1].code == "A03"


def test_every_automatic_score_is_explained_by_its_events(closed: College, people: People) -> None:
    begun(closed)
    panel = panel_of(closed, people.zhou_min)
    evidence = read_panel_evidence(closed.session, panel, now=closed.now)

    for line in panel.lines:
        for name, item in panel.scheme.items.items():
            found = explain(evidence, line, item)
            assert found.agrees, name
            assert (found.measured is not None) == line.cells[name].is_counted
            if found.measured is not None:
                assert found.what is not None
                assert len(found.measured.events) == line.cells[name].evidence_count


def test_a_score_that_does_not_agree_with_the_records_says_so(
    closed: College, people: People
) -> None:
    begun(closed)
    with closed.founded.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sd_audit_entry WHERE tag = 'submission.confirm'")
    panel = panel_of(closed, people.zhou_min)
    evidence = read_panel_evidence(closed.session, panel, now=closed.now)

    found = explain(evidence, panel.line("A03"), panel.scheme.items["C2.1"])

    assert not found.agrees


def test_the_year_to_show_first_is_the_latest_closed_one(closed: College, people: People) -> None:
    years = appraisal_years(closed.session, people.zhou_min)

    assert usual_year(years).year == 2026
    assert usual_year([]) is None
    with pytest.raises(Refused):
        find_year(years, 1999)


def test_reading_takes_few_statements(closed: College, people: People) -> None:
    begun(closed)

    with statements(closed) as seen:
        panel = panel_of(closed, people.zhou_min)
        read_panel_evidence(closed.session, panel, now=closed.now)

    assert len(seen) <= 12, seen
    assert panel.year.appraisal.status is AppraisalStatus.DRAFT
