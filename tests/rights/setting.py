"""Setting the stage for a line: the status its step begins in, an appraisal, a year."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import select

from app.domain.appraisal import AppraisalStatus
from app.domain.cycle import CycleStatus
from app.domain.hand_out import Division
from app.domain.job import JobKind, JobState
from app.domain.return_item import ItemState
from app.domain.saved_view import Audience
from app.domain.submission import Holder, Status
from app.models.appraisal import Appraisal, AppraisalScore
from app.models.cycle import Cycle
from app.models.feed import Feed
from app.models.hand_out import CollectedSet, HandOut, HandOutPart
from app.models.job import Job, JobPart, chunks_of
from app.models.person import Person
from app.models.return_item import Return, ReturnItem
from app.models.saved_view import SavedView
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.rights.attached import PICTURE
from tests.rights.cooperation import set_cooperation
from tests.rights.notices import told
from tests.rights.place import DEPARTMENT, ROW_OF, TABLE, begins_next_year, row_of, year_of
from tests.rights.preparation import asked, prepared, trained
from tests.rights.receipts import set_receipts
from tests.rights.releases import set_releases
from tests.rights.requests import ASKED_IN, set_requests
from tests.rights.table import Line
from tests.web.assignment.years import prepare

STEWARD = {"own": "qcx_steward", "other_person": "qcx_steward", "other_department": "jdx_steward"}
BEGINS_IN = {
    "enter": Status.NOT_STARTED,
    "finish": Status.ENTERING,
    "review": Status.UNDER_REVIEW,
    "withdraw_review": Status.UNDER_REVIEW,
    "send_back_review": Status.UNDER_REVIEW,
    "confirm": Status.AWAITING_CONFIRMATION,
    "send_back_confirmation": Status.AWAITING_CONFIRMATION,
    "withdraw_submitted": Status.SUBMITTED,
    "receive": Status.SUBMITTED,
    "accept": Status.UNDER_QA_REVIEW,
    "send_back_qa": Status.UNDER_QA_REVIEW,
    "exempt": Status.ENTERING,
    "reopen": Status.ACCEPTED,
    "cooperation": Status.ENTERING,
    "lock": Status.ACCEPTED,
}


def set_stage(demo: DemoCollege, line: Line) -> None:
    """Let everything be as it is when the line's question makes sense."""
    area = line.route.removeprefix("/api/v1").split("/")[1]
    SETTINGS.get(area, lambda _demo, _line: None)(demo, line)


def _submissions(demo: DemoCollege, line: Line) -> None:
    if line.what in ASKED_IN:
        set_requests(demo, line)
    if "/items" in line.route:
        _return_items(demo, line)
    elif line.what in BEGINS_IN:
        demo.set_status(TABLE, DEPARTMENT[line.whose], BEGINS_IN[line.what])


def _return_items(demo: DemoCollege, line: Line) -> None:
    """An item of each department's table, addressed to the teacher: open, or to be judged.

    After withdrawing a table items may be open just as after a return.
    """
    is_answered = line.what in {"close", "reopen"}
    status = Status.UNDER_QA_REVIEW if is_answered else Status.ENTERING
    now = datetime.now(UTC)
    for whose in ("own", "other_department"):
        demo.set_status(TABLE, DEPARTMENT[whose], status)
        submission = demo.submission(TABLE, DEPARTMENT[whose])
        office = {"submission_id": submission.id, "level": Holder.QA_OFFICE}
        with demo.session() as session:
            sent = Return(**office, number=1, sent_at=now, due_at=now)
            sent.sent_by, sent.sent_by_name = "07001", "周敏"
            session.add(sent)
            session.flush()
            item = ReturnItem(**office, return_id=sent.id, number=1, reason="请核对", raised_at=now)
            item.addressee_number = ROW_OF[whose]
            if is_answered:
                item.state, item.answered_at = ItemState.CHANGED, now
                item.answered_by = item.answered_by_name = ROW_OF[whose]
            session.add(item)
            # As sending back leaves it: the content that came back.
            session.get_one(Submission, submission.id).returned_hash = "0" * 64
            session.commit()


def _data(demo: DemoCollege, line: Line) -> None:
    """Views that are shared, what is handed out, and what is attached to the row."""
    _views(demo, line)
    _hand_outs(demo, line)
    if "/materials/" in line.route:
        steward = demo.caller(STEWARD[line.whose])
        sent = {"file": (BytesIO(PICTURE), "证书.png")}
        path = f"data/{TABLE}/rows/{row_of(demo, line.whose)[0]}/materials"
        assert steward.post(path, data=sent).status_code == 200
    if "/comments/" in line.route:
        steward = demo.caller(STEWARD[line.whose])
        path = f"data/{TABLE}/rows/{row_of(demo, line.whose)[0]}/comments"
        assert steward.post(path, {"text": "请核对"}).status_code == 200


def _waivers(demo: DemoCollege, _line: Line) -> None:
    body = {"rule": f"QR.{TABLE}.*.01".upper(), "reason": "核对权限"}
    assert demo.caller("qa").post(f"data/{TABLE}/waivers", body).status_code == 200


def _findings(demo: DemoCollege, line: Line) -> None:
    if "<number>" in line.route:
        _waivers(demo, line)


def _views(demo: DemoCollege, line: Line) -> None:
    """Each of the two data stewards shares a view with his department."""
    if not line.route.endswith(("/views/<number>", "/default", "/default_view")):
        return
    with demo.session() as session:
        for department, username in (("C01", "qcx_steward"), ("C02", "jdx_steward")):
            person = session.scalars(select(Person).where(Person.username == username)).one()
            view = SavedView(table_identifier=TABLE, name="按天数", content={"sort": "-days"})
            view.owner_number, view.owner_name = person.number, person.name
            view.audience, view.department_code = Audience.DEPARTMENT, department
            view.changed_at = datetime.now(UTC)
            session.add(view)
        session.commit()


def _hand_outs(demo: DemoCollege, line: Line) -> None:
    """Each of the two data stewards has handed out a part and collected files, none so far."""
    if not ("/hand_out/<" in line.route or "/collect/<" in line.route):
        return
    place = {"table_identifier": TABLE, "period": demo.period(TABLE)}
    now = datetime.now(UTC)
    with demo.session() as session:
        for department, username in (("C01", "qcx_steward"), ("C02", "jdx_steward")):
            person = session.scalars(select(Person).where(Person.username == username)).one()
            by = {"person_number": person.number, "person_name": person.name, "at": now}
            made = HandOut(**place, **by, department_code=department, division=Division.PERSON)
            session.add(made)
            kept = CollectedSet(**place, **by, department_code=department)
            kept.file_count, kept.decisions = 0, {}
            session.add(kept)
            session.flush()
            part = HandOutPart(hand_out_id=made.id, key="1", title="1", department_code=department)
            part.row_count, part.token, part.state_at = 0, department, now
            session.add(part)
        session.commit()


def _cycles(demo: DemoCollege, line: Line) -> None:
    if line.what == "former":
        _former(demo)
        return
    if begins_next_year(line):
        prepare(demo)
    if line.what in {"extend", "lock"}:
        with demo.session() as session:
            session.get_one(Cycle, demo.cycle.id).status = CycleStatus.CLOSED
            session.commit()


def _former(demo: DemoCollege) -> None:
    """A year of former data before the two that were collected."""
    year = demo.locked_cycle.year.previous
    made = demo.caller("qa").post("cycles/history", {"academic_year": year.code})
    assert made.status_code == 200


def _appraisal(demo: DemoCollege, line: Line) -> None:
    if line.what in {"-", "draft"}:
        return
    drafted = demo.caller("qa").post(f"/appraisal/{year_of(demo)}/draft", data={})
    assert drafted.status_code == 302
    if line.what == "publish":
        with demo.session() as session:
            for score in session.scalars(select(AppraisalScore)):
                score.is_waived = score.is_pending
            session.commit()
    if line.what == "published":
        with demo.session() as session:
            appraisal = session.scalars(select(Appraisal)).one()
            appraisal.published_at, appraisal.published_by = datetime.now(UTC), "04003"
            appraisal.status = AppraisalStatus.PUBLISHED
            session.commit()


def _permissions(demo: DemoCollege, line: Line) -> None:
    if line.route.endswith(("/holders", "/remove")):
        added = demo.caller("admin").post("/permissions/add", data={"name": "试用"})
        assert added.status_code == 302


def _feeds(demo: DemoCollege, _line: Line) -> None:
    """A feed whose source is not there now: whoever may run it is told so."""
    feed = Feed(name="对接", source_identifier="old", target_identifier=TABLE, changed_by="周敏")
    feed.content = {"fields": {}, "department": {"value": "C01"}}
    feed.changed_at = datetime.now(UTC)
    with demo.session() as session:
        session.add(feed)
        session.commit()


def _jobs(demo: DemoCollege, line: Line) -> None:
    """A job of each data steward: one that waits to be given up, else a trial with its files."""
    if "<key>" not in line.route:
        return
    is_over = not line.route.endswith("/cancel")
    place = {"period": demo.period(TABLE), "file_name": "表.xlsx", "mode": "upsert", "mapping": ""}
    with demo.session() as session:
        for whose, username in (("own", "qcx_steward"), ("other_department", "jdx_steward")):
            person = session.scalars(select(Person).where(Person.username == username)).one()
            job = Job(key=f"of-{whose}", kind=JobKind.IMPORT, username=username)
            job.person_number, job.person_name = person.number, person.name
            job.state = JobState.DONE if is_over else JobState.QUEUED
            job.asked_at = datetime.now(UTC)
            job.ended_at = job.asked_at if is_over else None
            job.request = {"table": TABLE, "department": DEPARTMENT[whose], **place}
            job.summary = {"digest": "of no preview", "file_name": "表.xlsx"}
            session.add(job)
            session.flush()
            for part in (JobPart.INPUT, JobPart.OUTPUT):
                session.add_all(chunks_of(job.id, part, b"a file"))
        session.commit()


def _spot_checks(demo: DemoCollege, line: Line) -> None:
    """Two rows of each department's table are drawn."""
    if "<number>" not in line.route:
        return
    with demo.session() as session:
        for department in ("C01", "C02"):
            submission = demo.submission(TABLE, department)
            check = SpotCheck(submission_id=submission.id, content_hash="0", seed="1", row_total=2)
            check.drawn_at, check.drawn_by, check.drawn_by_name = datetime.now(UTC), "07001", "周敏"
            session.add(check)
            session.flush()
            rows = [SpotCheckRow(spot_check_id=check.id, number=n, position=n) for n in (1, 2)]
            session.add_all(rows)
        session.commit()


SETTINGS: dict[str, Callable[[DemoCollege, Line], None]] = {
    "notices": told,
    "data": _data,
    "waivers": _waivers,
    "findings": _findings,
    "submissions": _submissions,
    "requests": set_requests,
    "cooperation": set_cooperation,
    "receipts": set_receipts,
    "releases": set_releases,
    "cycles": _cycles,
    "assignments": _cycles,
    "appraisal": _appraisal,
    "appraisals": _appraisal,
    "permissions": _permissions,
    "feeds": _feeds,
    "jobs": _jobs,
    "spot_checks": _spot_checks,
    "preparation": prepared,
    "training": trained,
    "regulation": asked,
}
