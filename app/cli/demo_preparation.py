"""How the demo college prepares a year: training, attendance, meetings and questions.

Everything is a happening with its moment, so that it is told among the scenes of the year.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.mobilisation_meeting import MeetingDraft, record_meeting
from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.actions.training import SessionDraft, note_attendance, plan_session, take_session_step
from app.catalogue.catalogue import Catalogue
from app.cli.demo_actors import DemoActors
from app.cli.demo_story import YearStory
from app.domain.person import Function
from app.domain.question import QuestionVerb
from app.domain.training import AttendanceVerb, SessionVerb
from app.models.question import Question
from app.models.training import TrainingSession

BEGINS, ENDS = time(14, 30), time(17)
MEETS, ASKS, ANSWERS = time(15), time(9, 20), time(16, 10)
Told = Mapping[str, Any]


@dataclass(frozen=True)
class Happening:
    """What happens at a moment."""

    at: datetime
    play: Callable[[], object]


@dataclass(frozen=True)
class Preparation:
    """The year that is prepared, and who acts; the quality office does what is its own.

    ``planned`` and ``asked`` keep what was made, by its place in the story, for what follows.
    """

    session: Session
    catalogue: Catalogue
    story: YearStory
    cycle_id: int
    actors: DemoActors
    office: Actor
    planned: dict[int, TrainingSession] = field(default_factory=dict)
    asked: dict[int, Question] = field(default_factory=dict)

    def happenings(self) -> Iterator[Happening]:
        """Everything that the story tells of the preparation."""
        told = self.story.told.get("preparation", {})
        for place, training in enumerate(told.get("trainings", ())):
            yield from self._training(place, training)
        for meeting in told.get("meetings", ()):
            at = self.story.moment(meeting["day"], MEETS)
            yield Happening(at, partial(self._meet, meeting, at))
        for place, question in enumerate(told.get("questions", ())):
            at = self.story.moment(question["day"], ASKS)
            yield Happening(at, partial(self._ask, place, question, at))
            if "answer" in question:
                at = self.story.moment(question["answered"], ANSWERS)
                yield Happening(at, partial(self._answer, place, question, at))

    def _training(self, place: int, told: Told) -> Iterator[Happening]:
        """It is planned a day ahead; whoever is not said to be away signs in."""
        begins_at = self.story.moment(told["day"], BEGINS)
        plans_at = min(begins_at - timedelta(days=1), self.story.moment(1, BEGINS))
        yield Happening(plans_at, partial(self._plan, place, told, begins_at, plans_at))
        if begins_at > self.story.today:
            return
        for department in self._present(told):
            note = partial(self._note, place, AttendanceVerb.SIGN_IN, department, begins_at)
            yield Happening(begins_at, note)
        held_at = self.story.moment(told["day"], ENDS)
        for department in told.get("on_leave", ()):
            note = partial(self._note, place, AttendanceVerb.NOTE_LEAVE, department, held_at)
            yield Happening(held_at, note)
        yield Happening(held_at, partial(self._hold, place, held_at))

    def _present(self, told: Told) -> list[str]:
        """The departments named as present, else all that have a steward but those away."""
        if "present" in told:
            return list(told["present"])
        away = {*told.get("on_leave", ()), *told.get("absent", ())}
        stewards = (place for (held, place) in self.actors.holders if held is Function.DATA_STEWARD)
        return sorted(set(stewards) - away)

    def _plan(self, place: int, told: Told, begins_at: datetime, now: datetime) -> None:
        what = (told["title"], begins_at, told["place"], self.office.name, told["content"])
        draft = SessionDraft(*what)
        planned = plan_session(self.session, self.cycle_id, draft, by=self.office, now=now)
        self.planned[place] = planned

    def _note(self, place: int, verb: AttendanceVerb, department: str, now: datetime) -> None:
        planned = self.planned[place]
        steward = self.actors.holding(Function.DATA_STEWARD, department)
        by = steward if verb is AttendanceVerb.SIGN_IN else self.office
        said = {steward.number: verb}
        note_attendance(self.session, planned.id, said, version=planned.version, by=by, now=now)

    def _hold(self, place: int, now: datetime) -> None:
        planned = self.planned[place]
        take_session_step(
            self.session,
            planned.id,
            SessionVerb.HOLD,
            version=planned.version,
            reason=None,
            by=self.office,
            now=now,
        )

    def _meet(self, told: Told, now: datetime) -> None:
        """The steward records the meeting that the head has called."""
        department = told["department"]
        draft = MeetingDraft(
            department=department,
            held_on=now.date(),
            host=self.actors.holding(Function.HEAD, department).name,
            attendees=told["attendees"],
            minutes=told["minutes"],
            place=told["place"],
        )
        steward = self.actors.holding(Function.DATA_STEWARD, department)
        record_meeting(self.session, self.cycle_id, draft, by=steward, now=now)

    def _ask(self, place: int, told: Told, now: datetime) -> None:
        steward = self.actors.holding(Function.DATA_STEWARD, told["department"])
        what = (told["table"], told["field"], told["text"])
        self.asked[place] = ask(self.session, self.catalogue, *what, by=steward, now=now)

    def _answer(self, place: int, told: Told, now: datetime) -> None:
        asked = self.asked[place]
        answer = (QuestionVerb.ANSWER, asked.version, told["answer"], told["defines"])
        request = QuestionStepRequest(*answer)
        take_question_step(self.session, asked.id, request, by=self.office, now=now)
