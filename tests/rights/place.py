"""The places of the demo college that the lines of the table are about."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.submission import Verb
from app.models.audit_log import ChangeSet
from app.models.comment import Comment
from app.models.cycle import Cycle
from app.models.feed import Feed
from app.models.finding import Waiver
from app.models.hand_out import CollectedSet, HandOut, HandOutPart
from app.models.person import Person
from app.models.saved_view import SavedView
from app.models.spot_check import SpotCheck
from app.models.submission import Submission
from app.models.supporting_material import SupportingMaterial
from tests.demo import DemoCollege
from tests.rights.table import Line

# Teachers of 汽车工程系 and of 机电工程系 have a row each; both departments are at work on it.
TABLE = "full_time_secondment"
DEPARTMENT = {"own": "C01", "other_person": "C01", "other_department": "C02"}
# Whose row: the calling teacher's, a colleague's, one of another department's.
ROW_OF = {"own": "31003", "other_person": "31005", "other_department": "32003"}
ITEM = "C1.1"
# Staff numbers; who is unlocked needs a login, who gets one has none.
PEOPLE = {"own": "31010", "other_person": "31001", "other_department": "32003"}
WITHOUT_LOGIN = {"own": "31004", "other_department": "32003"}
NO_VIEW = 999_999_999


def verb_of(what: str) -> str:
    """The verb of the address: ``send_back_qa`` is sending back, as the quality office does."""
    known = (verb.value for verb in Verb)
    return next((verb for verb in known if what.startswith(verb)), what)


def year_of(demo: DemoCollege) -> int:
    """The calendar year that appraises the locked collection year."""
    return int(demo.locked_cycle.year.start_year + 1)


def begins_next_year(line: Line) -> bool:
    """Whether the line is about a year in preparation."""
    return line.what == "open" or line.route.endswith(("/take_over", "/propose"))


def newest(demo: DemoCollege) -> Cycle:
    """The latest collection year: the one in preparation where there is one."""
    with demo.session() as session:
        return session.scalars(select(Cycle).order_by(Cycle.academic_year.desc())).all()[0]


def former_year_of(demo: DemoCollege) -> int:
    """The year of former data."""
    with demo.session() as session:
        return session.scalars(select(Cycle.id).where(Cycle.is_history)).first() or 0


def person_of(demo: DemoCollege, line: Line) -> Person:
    """The person that the line is about, as stored now, with all appointments."""
    numbers = WITHOUT_LOGIN if line.what == "open" else PEOPLE
    query = select(Person).where(Person.number == numbers[line.whose])
    with demo.session() as session:
        found = session.scalars(query.options(selectinload(Person.appointments))).one()
        session.expunge_all()
        return found


def row_of(demo: DemoCollege, whose: str) -> tuple[str, str]:
    """Id and version of the person's row of the open year as stored now."""
    stored = demo.store.tables[TABLE]
    query = select(stored.table).where(
        stored.period == demo.period(TABLE), stored.person == ROW_OF[whose]
    )
    with demo.session() as session:
        row = session.execute(query).mappings().first()
        if row is None:
            return "gone", "0"
        return stored.row_id(row), stored.version_of(row)


def change_set_of(demo: DemoCollege, whose: str) -> int:
    """The id of the last set of changes in the department's rows of the open year."""
    query = select(ChangeSet.id).where(
        ChangeSet.table_identifier == TABLE,
        ChangeSet.department_code == DEPARTMENT[whose],
        ChangeSet.period == demo.period(TABLE),
    )
    with demo.session() as session:
        return session.scalars(query.order_by(ChangeSet.id.desc())).first() or NO_VIEW


def hand_out_of(demo: DemoCollege, whose: str) -> int:
    """The number of what was handed out of the department's rows."""
    query = select(HandOut.id).where(HandOut.department_code == DEPARTMENT[whose])
    with demo.session() as session:
        return session.scalars(query.order_by(HandOut.id)).first() or NO_VIEW


def part_of(demo: DemoCollege, whose: str) -> int:
    """The number of its first part."""
    query = select(HandOutPart.id).where(HandOutPart.hand_out_id == hand_out_of(demo, whose))
    with demo.session() as session:
        return session.scalars(query).first() or NO_VIEW


def collected_set_of(demo: DemoCollege, whose: str) -> int:
    """The number of the files that the department's data steward collected."""
    query = select(CollectedSet.id).where(CollectedSet.department_code == DEPARTMENT[whose])
    with demo.session() as session:
        return session.scalar(query) or NO_VIEW


def spot_check_of(demo: DemoCollege, whose: str) -> int:
    """The number of the spot check of the department's table."""
    query = (
        select(SpotCheck.id)
        .join(Submission, Submission.id == SpotCheck.submission_id)
        .where(Submission.department_code == DEPARTMENT[whose])
    )
    with demo.session() as session:
        return session.scalars(query.order_by(SpotCheck.id.desc())).first() or NO_VIEW


def material_of(demo: DemoCollege, whose: str) -> int:
    """The id of the material of the person's row, or one that none has."""
    query = select(SupportingMaterial.id).where(SupportingMaterial.row_id == row_of(demo, whose)[0])
    with demo.session() as session:
        return session.scalar(query) or NO_VIEW


def comment_of(demo: DemoCollege, whose: str) -> int:
    """The id of the data steward's comment on the person's row, or one that none has."""
    query = select(Comment.id).where(
        Comment.row_id == row_of(demo, whose)[0], Comment.thread_id.is_(None)
    )
    with demo.session() as session:
        return session.scalar(query.order_by(Comment.id)) or NO_VIEW


def waiver_of(demo: DemoCollege) -> int:
    """The waiver of a rule of the table."""
    with demo.session() as session:
        return session.scalars(select(Waiver.id)).first() or 0


def feed_of(demo: DemoCollege) -> int:
    """The feed of the table."""
    with demo.session() as session:
        return session.scalars(select(Feed.id)).first() or 0


def view_of(demo: DemoCollege, whose: str) -> int:
    """The id of the view that the department's data steward shares, or one that no view has."""
    query = select(SavedView.id).where(SavedView.department_code == DEPARTMENT[whose])
    with demo.session() as session:
        return session.scalar(query) or NO_VIEW
