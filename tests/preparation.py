"""What a year needs before it opens, done as the quality office does."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.guidance import acknowledge
from app.actions.work_plan import PlanDraft, save_plan
from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import digest_of
from app.models.guidance import present_notes
from app.models.work_plan import WorkPlan

PLAN = "一、工作目标\n二、任务分工\n三、时间安排"


def publish_plan(session: Session, cycle_id: int, *, by: Actor, now: datetime) -> WorkPlan:
    """Publish a work plan of the year."""
    return save_plan(session, cycle_id, PlanDraft(PLAN, publishes=True), by=by, now=now)


def read_all_notes(session: Session, catalogue: Catalogue, by: Actor, now: datetime) -> None:
    """Acknowledge the notes of every chapter as they are."""
    for chapter in catalogue.chapters:
        seen = digest_of(present_notes(session, catalogue, chapter))
        acknowledge(session, catalogue, chapter, seen, by=by, now=now)
