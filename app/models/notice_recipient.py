"""Whom a deed concerns, by the appointments of the day."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.notice import Concerned
from app.domain.person import Function
from app.domain.request import RequestHolder
from app.models.appointment_rows import holders
from app.models.cycle import Cycle
from app.models.notice_facts import Subject
from app.models.submission import Submission

DECIDING = {
    RequestHolder.QA_OFFICE: (Function.QA_OFFICE,),
    RequestHolder.SECOND_PERSON: (Function.QA_OFFICE, Function.LEADER),
    RequestHolder.LEADER: (Function.LEADER,),
}
# Whom a whole year concerns.
YEARLY = {
    Concerned.REPORTING: (Function.DATA_STEWARD, Function.HEAD),
    Concerned.TEACHERS: (Function.TEACHER,),
}


@dataclass
class Addressees:
    """Who holds what on a day; everything is read once, when it is first asked for."""

    session: Session
    today: date
    _held: dict[Function, Sequence[tuple[str, str]]] = field(default_factory=dict)

    def of(self, concerned: Concerned, subject: Subject) -> Iterator[str]:
        """The numbers of the people who are concerned by what was done to the subject."""
        if concerned is Concerned.NAMED:
            yield from sorted(subject.named)
        elif concerned is Concerned.QA_OFFICE:
            yield from self._holding(Function.QA_OFFICE)
        elif concerned is Concerned.LEADERS:
            yield from self._holding(Function.LEADER)
        elif concerned is Concerned.DECIDERS:
            for function in DECIDING.get(subject.decider or RequestHolder.CLOCK, ()):
                yield from self._holding(function)
        else:
            yield from self._of_departments(concerned, subject)

    def _of_departments(self, concerned: Concerned, subject: Subject) -> Iterator[str]:
        departments = {subject.department} if subject.department else set()
        functions: tuple[Function, ...] = (Function.DATA_STEWARD,)
        if concerned is Concerned.HEADS:
            functions = (Function.HEAD,)
        elif concerned is Concerned.TABLE_STEWARDS:
            departments = self._reporting(Submission.table_identifier == subject.table)
        elif concerned in YEARLY:
            functions = YEARLY[concerned]
            departments = self._reporting(Submission.cycle_id == subject.cycle_id)
        for function in functions:
            yield from self._holding(function, departments)

    def _holding(
        self, function: Function, departments: Collection[str] | None = None
    ) -> Iterator[str]:
        for number, department in self._holders(function):
            if departments is None or department in departments:
                yield number

    def _holders(self, function: Function) -> Sequence[tuple[str, str]]:
        """Number and department of everybody who holds the function."""
        if function not in self._held:
            found = holders(self.session, (function,), self.today)
            self._held[function] = [(p.number, held.department_code) for held, p in found]
        return self._held[function]

    def _reporting(self, which: object) -> set[str]:
        """The departments with such a submission in a year under way."""
        query = (
            select(Submission.department_code)
            .join(Cycle, Cycle.id == Submission.cycle_id)
            .where(which, Cycle.locked_at.is_(None), Cycle.is_history.is_(False))  # type: ignore[arg-type]
        )
        return set(self.session.scalars(query.distinct()))
