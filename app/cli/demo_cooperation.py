"""The co-operation requests of the demo college: every step is taken by the real action."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.base_table import apply_changes
from app.actions.cooperation import (
    CooperationDeed,
    WantedPart,
    request_cooperation,
    take_cooperation_step,
)
from app.actions.row_change import INSERT, Change
from app.cli.demo_actors import DemoActors
from app.cli.demo_preparation import Happening
from app.cli.demo_story import LAST_MINUTE, YearStory
from app.domain.cooperation import CooperationHolder, CooperationVerb, cooperation_step_for
from app.domain.person import Function
from app.models.base_table import Store
from app.models.cooperation import Cooperation
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.person import load_actor

# The rows are added before the answer of the day.
ROWS_HOUR, STEP_HOUR = 9, 10


def cooperation_happenings(
    session: Session, store: Store, story: YearStory, cycle: Cycle, actors: DemoActors
) -> Iterator[Happening]:
    """All that happens to the requests of a year up to the day on which the story is told."""
    for told in story.told.get("cooperation", ()):
        telling = _Telling(session, store, story, cycle, actors, told)
        yield from (each for each in telling.happenings() if each.at <= story.today)


class _Telling:
    """One request on its way; the rights of the two departments change with its steps."""

    def __init__(
        self,
        session: Session,
        store: Store,
        story: YearStory,
        cycle: Cycle,
        actors: DemoActors,
        told: Mapping[str, Any],
    ) -> None:
        self._session, self._store, self._story = session, store, story
        self._cycle, self._actors, self._told = cycle, actors, told
        self._request: Cooperation | None = None

    def happenings(self) -> Iterator[Happening]:
        """Writing the request down, then its steps, each with the moment at which it happens."""
        first, *_others = self._told["steps"]
        yield Happening(self._at(first["day"], ROWS_HOUR), self._ask)
        for step in self._told["steps"]:
            if "rows" in step:
                at = self._at(step["day"], ROWS_HOUR)
                yield Happening(at, partial(self._contribute, step))
            yield Happening(self._at(step["day"], STEP_HOUR), partial(self._take, step))

    @property
    def _submission(self) -> Submission:
        return self._session.scalars(
            select(Submission).where(
                Submission.cycle_id == self._cycle.id,
                Submission.table_identifier == self._told["table"],
                Submission.department_code == self._told["department"],
            )
        ).one()

    def _ask(self) -> None:
        part = WantedPart(
            self._told["partner"],
            self._told["wanted"],
            self._story.moment(self._told["due"], LAST_MINUTE),
            expected_rows=self._told.get("expected_rows"),
        )
        place = (self._session, self._store, self._submission.id, part)
        begun = self._at(self._told["steps"][0]["day"], ROWS_HOUR)
        lead = self._steward(self._told["department"])
        self._request = request_cooperation(*place, by=lead, now=begun)

    def _take(self, told: Mapping[str, Any]) -> None:
        request, verb = self._request, CooperationVerb(told["verb"])
        step = None if request is None else cooperation_step_for(request.status, verb)
        if request is None or step is None:
            raise LookupError(f"no {verb} of {self._told['wanted']}")
        asks = step.holder in {CooperationHolder.ASKER, CooperationHolder.LEAD}
        by = self._steward(self._told["department" if asks else "partner"])
        deed = CooperationDeed(verb, request.version, told.get("reason"), rating=told.get("rating"))
        now = self._at(told["day"], STEP_HOUR)
        take_cooperation_step(self._session, self._store, request.id, deed, by=by, now=now)

    def _contribute(self, told: Mapping[str, Any]) -> None:
        """The rows that the department adds before it takes the step."""
        rows = [Change(INSERT, values) for values in told["rows"]]
        submission = self._submission
        outcome = apply_changes(
            self._session,
            self._store,
            submission.table_identifier,
            rows,
            by=self._steward(self._told["partner"]),
            now=self._at(told["day"], ROWS_HOUR),
            period=submission.period,
            department=submission.department_code,
        )
        if not outcome.written:
            raise LookupError(f"rows of {submission.table_identifier} are refused")

    def _steward(self, department: str) -> Actor:
        """The data steward with the rights of this moment."""
        known = self._actors.holding(Function.DATA_STEWARD, department)
        actor = load_actor(self._session, known.user_id or 0, self._today)
        if actor is None:
            raise LookupError(f"{known.username} has no login in the demo college")
        return actor

    @property
    def _today(self) -> date:
        return self._story.today.date()

    def _at(self, day: int, hour: int) -> datetime:
        return self._story.moment(day, time(hour))
