"""Teachers' records in the demo college: handed over, taken up, sent back, missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.record_effect import RecordRequest
from app.actions.teacher_record import RecordTaken, take_record_steps
from app.cli.demo_actors import DemoActors
from app.domain.person import Function
from app.domain.teacher_record import (
    MissingCause,
    RecordHolder,
    RecordVerb,
    record_step_for,
    verbs_of,
)
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.models.teacher_record import RecordStanding, read_standings, unsettled


class RecordTelling:
    """The records of one table of a department as a scene finds them."""

    def __init__(
        self,
        session: Session,
        store: Store,
        submission: Submission,
        actors: DemoActors,
        now: datetime,
    ) -> None:
        self._session, self._store, self._submission = session, store, submission
        self._actors, self._now = actors, now

    @property
    def _is_of_teachers(self) -> bool:
        stored = self._store.tables.get(self._submission.table_identifier)
        return stored is not None and stored.spec.person_field is not None

    def _standings(self) -> Sequence[RecordStanding]:
        stored = self._store.tables[self._submission.table_identifier]
        cycle = self._session.get_one(Cycle, self._submission.cycle_id)
        return read_standings(self._session, stored, cycle, self._submission.department_code)

    def settle(self, texts: Mapping[str, str]) -> None:
        """Before the table is finished: who can sign in hands over, the steward takes up all.

        Of whom there are no basic data the story says why.
        """
        if not self._is_of_teachers:
            return
        is_basic = self._store.tables[self._submission.table_identifier].spec.is_about_himself
        for teacher in unsettled(self._standings()):
            actor = self._actors.by_number.get(teacher.person_number)
            verb = RecordVerb.SUBMIT if teacher.rows else RecordVerb.DECLARE
            if actor is not None and record_step_for(teacher.status, verb):
                self._take([teacher], RecordRequest(verb), actor)
        left = unsettled(self._standings())
        absent = [each for each in left if is_basic and not each.rows]
        rest = [each for each in left if each not in absent]
        if absent:
            said = (texts["absent"], MissingCause.ELSE)
            self._take(absent, RecordRequest(RecordVerb.MARK_MISSING, *said), self._steward)
        if rest:
            adopting = RecordRequest(RecordVerb.ADOPT, basis=texts["basis"])
            self._take(rest, adopting, self._steward)

    def play(self, told: Mapping[str, Any]) -> None:
        """One step that the story tells, with the teachers it names."""
        verb = RecordVerb(told["step"])
        chosen = [each for each in self._standings() if each.person_number in told["persons"]]
        cause = told.get("cause")
        request = RecordRequest(
            verb,
            reason=told.get("reason"),
            cause=MissingCause(cause) if cause else None,
            basis=told.get("basis"),
        )
        if verb in verbs_of(RecordHolder.STEWARD):
            self._take(chosen, request, self._steward)
            return
        for teacher in chosen:
            self._take([teacher], request, self._actors.by_number[teacher.person_number])

    @property
    def _steward(self) -> Actor:
        return self._actors.holding(Function.DATA_STEWARD, self._submission.department_code)

    def _take(
        self, teachers: Sequence[RecordStanding], request: RecordRequest, by: Actor
    ) -> Sequence[RecordTaken]:
        seen = {each.person_number: each.version for each in teachers}
        place = (self._session, self._store, self._submission.id)
        taken = take_record_steps(*place, seen, request, by=by, now=self._now)
        for each in taken:
            if each.refusal is not None:
                table = self._submission.table_identifier
                told = each.refusal.message.english()
                raise LookupError(f"{request.verb} of {each.person_name} in {table}: {told}")
        return taken
