"""What is asked for when a step of a submission is taken, and what its effect works on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.finding import hidden_in_findings
from app.access.person import Actor
from app.domain.request import Cause
from app.domain.return_item import WantedItem
from app.domain.submission import Verb
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.judged_place import JudgedPlace, judge_place
from app.models.judged_table import JudgedTables
from app.models.submission import Submission


@dataclass(frozen=True)
class StepRequest:
    """What a person asks for.

    ``version`` is that of the submission as the person saw it; ``points`` are
    the four answers of the department's review (第五条第二款);
    ``reauthenticated`` says that the person has just proved who he is; ``cause`` is why
    accepted data have to be opened again; ``items`` say what is wrong with a table that is sent
    back, ``due_on`` by which day that is to be put right.
    """

    verb: Verb
    version: int
    reason: str | None = None
    points: Mapping[str, bool] | None = None
    reauthenticated: bool = False
    cause: Cause | None = None
    items: Sequence[WantedItem] = ()
    due_on: date | None = None


@dataclass(frozen=True)
class StepContext:
    """What the effect of a step works on; ``judged`` keeps what many steps ask of the rules."""

    session: Session
    store: Store
    submission: Submission
    cycle: Cycle
    request: StepRequest
    by: Actor
    now: datetime
    judged: JudgedTables | None = None


def judge(context: StepContext) -> JudgedPlace:
    """Everything that the rules say of the table now."""
    session, store, submission = context.session, context.store, context.submission
    table, cycle = submission.table_identifier, context.cycle
    judged = (context.judged or JudgedTables()).of(session, store, table, cycle)
    return judge_place(session, store, table, cycle, submission.department_code, judged)


def hidden_in(context: StepContext, judged: JudgedPlace) -> frozenset[str]:
    """The fields whose values findings do not tell the person who takes the step."""
    place = (judged.check.stored, context.submission.department_code)
    return hidden_in_findings(context.store, context.by, *place, judged)
