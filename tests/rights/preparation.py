"""Lines about preparing a collection year: what has to be there, and what is sent."""

from datetime import UTC, datetime
from io import BytesIO

from sqlalchemy import select

from app.catalogue.guidance import digest_of
from app.domain.question import QuestionStatus
from app.domain.training import SessionStatus
from app.models.attached_file import AttachedFile, AttachedFileChunk, FileOwner
from app.models.guidance import present_notes
from app.models.person import Person
from app.models.question import Question
from app.models.training import MobilisationMeeting, TrainingSession
from app.models.work_plan import WorkPlan
from app.web.formats import local
from tests.demo import DemoCollege
from tests.rights.attached import REASON, Sent
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

PDF = b"%PDF-1.7\n%%EOF"
CHAPTER = "6"


def prepared(demo: DemoCollege, line: Line) -> None:
    """The work plan of the open year has a file."""
    if "/files/" in line.route:
        with demo.session() as session:
            query = select(WorkPlan.id).where(WorkPlan.cycle_id == demo.cycle.id)
            owner_id = session.scalars(query).one()
        add_file(demo, FileOwner.WORK_PLAN, owner_id)


def add_file(demo: DemoCollege, owner: FileOwner, owner_id: int) -> None:
    """A document of the record."""
    with demo.session() as session:
        file = AttachedFile(owner=owner, owner_id=owner_id, name="文件.pdf", kind="pdf", size=9)
        file.content_hash, file.added_at = "0" * 64, datetime.now(UTC)
        file.added_by, file.added_by_name = "07001", "周敏"
        session.add(file)
        session.flush()
        session.add(AttachedFileChunk(file_id=file.id, position=0, content=PDF))
        session.commit()


def file_of(demo: DemoCollege) -> int:
    """The last file that was attached."""
    with demo.session() as session:
        query = select(AttachedFile.id).order_by(AttachedFile.id.desc())
        return session.scalars(query).first() or 0


def trained(demo: DemoCollege, line: Line) -> None:
    """A session that is today, and a meeting of the department, each with a file."""
    now = datetime.now(UTC)
    with demo.session() as session:
        planned = TrainingSession(cycle_id=demo.cycle.id, title="采集培训", begins_at=now)
        planned.place, planned.host, planned.status = "报告厅", "周敏", SessionStatus.PLANNED
        planned.changed_at, planned.changed_by_name = now, "周敏"
        held = MobilisationMeeting(cycle_id=demo.cycle.id, held_on=local(now).date(), host="主任")
        held.department_code, held.attendees = DEPARTMENT.get(line.whose, "C01"), "全体"
        held.minutes, held.recorded_at = "部署采集", now
        held.recorded_by, held.recorded_by_name = "31001", "主任"
        session.add_all([planned, held])
        session.flush()
        numbers = planned.id, held.id
        session.commit()
    if line.what == "session":
        add_file(demo, FileOwner.TRAINING_SESSION, numbers[0])
    if line.what == "meeting":
        add_file(demo, FileOwner.MOBILISATION_MEETING, numbers[1])


def session_of_training(demo: DemoCollege) -> int:
    """The session that was planned last."""
    with demo.session() as session:
        query = select(TrainingSession.id).order_by(TrainingSession.id.desc())
        return session.scalars(query).first() or 0


def session_form(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    typed = {"title": "补训", "begins_at": "2026-09-01T09:00", "place": "报告厅", "host": "周敏"}
    return {"data": typed}


def reason(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"reason": REASON, "version": "1"}}


def meeting(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A meeting of the department, today."""
    day = local(datetime.now(UTC)).date().isoformat()
    place = {"department": DEPARTMENT[line.whose], "held_on": day}
    return {"data": {**place, "host": "主任", "attendees": "全体", "minutes": "部署采集"}}


def attendance(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """The data steward of 汽车工程系 was present."""
    with demo.session() as session:
        query = select(Person.number).where(Person.username == "qcx_steward")
        return {"data": {"version": "1", f"person.{session.scalars(query).one()}": "note_present"}}


def document(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"file": (BytesIO(PDF), "资料.pdf")}}


def asked(demo: DemoCollege, line: Line) -> None:
    """A question of the data steward of 汽车工程系, answered where the line is about that."""
    if "/questions/" not in line.route:
        return
    now = datetime.now(UTC)
    with demo.session() as session:
        query = select(Person.number).where(Person.username == "qcx_steward")
        question = Question(table_identifier=TABLE, text="口径?", status=QuestionStatus.ASKED)
        question.asked_at, question.asked_by = now, session.scalars(query).one()
        question.asked_by_name = "采集员"
        if line.what in {"answered", "retire"}:
            question.status, question.answer = QuestionStatus.ANSWERED, "按学年"
            question.answered_at, question.answered_by_name = now, "周敏"
        session.add(question)
        session.commit()


def question_of(demo: DemoCollege) -> int:
    """The question that was asked last."""
    with demo.session() as session:
        return session.scalars(select(Question.id).order_by(Question.id.desc())).first() or 0


def notes(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """The notes of the chapter as they are."""
    with demo.session() as session:
        found = present_notes(session, demo.store.catalogue, CHAPTER)
    return {"data": {"digest": digest_of(found)}}


def question(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"place": f"{TABLE}.post", "text": "兼职怎么填?"}}


def answer(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"version": "1", "answer": "按学年填"}}


def plan(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """A new version of the plan."""
    return {"data": {"version": "0", "published": "1", "text": "一、工作目标", "act": "publish"}}


def phases(demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """No phases any more."""
    return {"data": {"version": str(demo.cycle.version)}}


def appointments(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The data steward of the department."""
    steward = {"own": "qcx_steward", "other_department": "jdx_steward"}[line.whose]
    with demo.session() as session:
        number = session.scalars(select(Person.number).where(Person.username == steward)).one()
    return {"data": {"held": f"{DEPARTMENT[line.whose]} data_steward {number}"}}


PREPARATION_BODIES = {
    "/guidance/<chapter>": notes,
    "/regulation/ask": question,
    "/regulation/questions/<number>/<verb>": answer,
    "/training/<number>/sessions": session_form,
    "/training/<number>/waive": reason,
    "/training/<number>/meetings": meeting,
    "/training/sessions/<number>/sign_in": reason,
    "/training/sessions/<number>/attendance": attendance,
    "/training/sessions/<number>/files": document,
    "/training/sessions/<number>/<verb>": reason,
    "/preparation/<number>/appointments": appointments,
    "/preparation/<number>/plan": plan,
    "/preparation/<number>/phases": phases,
}
