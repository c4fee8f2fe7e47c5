"""Who reads which entries of the audit log, and what tampering with the stored log shows."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app.domain.audit_log import ChainFault
from app.domain.message import Refused
from app.domain.submission import Status
from app.models.audit_log import AuditEntry
from app.reports.audit_log import LogFilter, read_log, verify_log
from tests.appraisals import begun, enter, entry
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at


def tags(college: College, actor, **wanted) -> list[str]:
    page = read_log(college.session, actor, LogFilter(**wanted))
    return [entry.tag for entry in page.entries]


def test_everything_done_by_actions_is_chained(college: College, people: People) -> None:
    submission_at(college, Status.ACCEPTED, rows=1)

    found = verify_log(college.session, people.zhou_min)

    assert found.faults == []
    assert found.chained == found.entries > 5


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (update(AuditEntry).values(reason="改过"), ChainFault.CHANGED),
        (delete(AuditEntry), ChainFault.MISSING_BEFORE),
        (update(AuditEntry).values(fingerprint=None), ChainFault.UNCHAINED),
    ],
)
def test_tampering_in_the_database_is_found(
    college: College, people: People, statement, fault: ChainFault
) -> None:
    submission = submission_at(college, Status.ACCEPTED, rows=1)
    entry = college.entries(f"submission:{submission.id}")[2]

    college.session.execute(statement.where(AuditEntry.id == entry.id))
    college.session.commit()

    faults = {each.fault for each in verify_log(college.session, people.zhou_min).faults}
    assert fault in faults


def test_everybody_reads_what_is_his(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED, rows=1)

    assert "submission.confirm" in tags(college, people.zhou_min)
    assert "submission.confirm" in tags(college, people.li_jing)
    assert "submission.confirm" not in tags(college, people.chen_gang)
    assert "submission.confirm" not in tags(college, people.administrator)
    with pytest.raises(Refused):
        tags(college, people.reader)


def test_remarks_on_an_appraisal_are_not_read_in_the_log(closed: College, people: People) -> None:
    appraisal = begun(closed)
    enter(closed, appraisal, entry(closed, "C1.5", "1", comment="部署不力"))

    assert "appraisal.appraise" in tags(closed, people.zhou_min)
    assert "appraisal.appraise" not in tags(closed, people.wang_qiang)


def test_the_log_is_filtered_and_read_on(college: College, people: People) -> None:
    submission_at(college, Status.SUBMITTED, rows=1)

    assert set(tags(college, people.zhou_min, person=people.wang_qiang.name)) == {
        "submission.confirm"
    }
    assert tags(college, people.zhou_min, until=NOW.replace(year=2000)) == []
    everything = read_log(college.session, people.zhou_min, LogFilter()).entries
    older = read_log(college.session, people.zhou_min, LogFilter(before=everything[2].id)).entries
    shown = [entry.id for entry in everything[3:]]
    assert [entry.id for entry in older][: len(shown)] == shown


@pytest.mark.parametrize("who", ["li_jing", "leader", "reader"])
def test_only_office_and_administrator_verify(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused):
        verify_log(college.session, getattr(people, who))


def test_nothing_but_the_corridor_writes_entries() -> None:
    """INV1, INV2: an entry written elsewhere would stand outside the chain."""
    folder = Path(__file__).parents[2] / "app"
    writing = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"\bAuditEntry\(|insert\(AuditEntry", path.read_text("utf-8"))
    ]

    assert writing == ["actions/audit_log.py", "models/audit_log.py"]
