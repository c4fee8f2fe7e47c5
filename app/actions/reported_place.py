"""Where rows of another system's table stand in the reporting, and whether they may change there.

A base table is opened at one place; here every row tells its own, before a change and after it
(decision record 0017).
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import why_locked
from app.actions.entering import begin_entering
from app.catalogue.reporting import Reporting, plain_text
from app.domain.message import Message
from app.models.adopted_table import LiveTable
from app.models.base_table_rows import standing_in
from app.models.cycle import Cycle
from app.models.submission import Submission

Values = Mapping[str, object]
# Period and department, by the college's codes.
RowPlace = tuple[str, str]


class ReportedPlaces:
    """The places of one request's rows; each submission stays locked until its transaction ends."""

    def __init__(self, session: Session, live: LiveTable, report: Reporting) -> None:
        self._session = session
        self._live = live
        self._report = report
        self._found: dict[RowPlace, tuple[Message | None, Submission | None]] = {}

    def of_stored(self, values: Values) -> RowPlace | None:
        """The place of a row as it is stored; None where it belongs to none."""
        return self._live.spec.place_of(values)

    def why_not(
        self, before: Values | None, after: Values | None
    ) -> tuple[str | None, Message | None]:
        """Why a row may not become another, and the column at fault where it is one.

        ``before`` is None for a new row, ``after`` for one that is deleted.
        """
        place = None if before is None else self.of_stored(before)
        if place is not None and (reason := self._look_up(place)[0]) is not None:
            return None, reason
        if after is None or (before is not None and place is None and self._stays(before, after)):
            # What belongs to no place is in nobody's report.
            return None, None
        return self._why_not_stand(after)

    def _why_not_stand(self, values: Values) -> tuple[str | None, Message | None]:
        """Why a row with these values may not be stored."""
        mapping, report = self._live.spec.mapping, self._report
        period_code, department_code = mapping.period or "", mapping.department or ""
        period = report.period_of(values.get(period_code))
        department = report.department_of(values.get(department_code))
        for code, found in ((period_code, period), (department_code, department)):
            if found is None:
                return code, self._unknown(code)
        return None, self._look_up((period or "", department or ""))[0]

    def _stays(self, before: Values, after: Values) -> bool:
        """Whether a row keeps what stands in the columns that tell its place."""
        mapping = self._live.spec.mapping
        return all(
            plain_text(before.get(code or "")) == plain_text(after.get(code or ""))
            for code in (mapping.period, mapping.department)
        )

    def begin_entering(self, place: RowPlace, *, by: Actor, now: datetime) -> None:
        """Something was written there: the entry has begun (T1)."""
        begin_entering(self._session, self._look_up(place)[1], by=by, now=now)

    def _look_up(self, place: RowPlace) -> tuple[Message | None, Submission | None]:
        if place not in self._found:
            self._found[place] = self._read(*place)
        return self._found[place]

    def _read(self, period: str, department: str) -> tuple[Message | None, Submission | None]:
        table, cycle = self._live.spec.identifier, self._cycles.get(period)
        found = standing_in(self._session, cycle, table, department, for_update=True)
        reason = why_locked(found.cycle, found.submission, is_assigned=found.is_assigned)
        return reason, found.submission

    @cached_property
    def _cycles(self) -> Mapping[str, Cycle]:
        cycles = self._session.scalars(select(Cycle).order_by(Cycle.academic_year))
        return {self._report.period_in(cycle.year).code: cycle for cycle in cycles}

    def _unknown(self, code: str) -> Message:
        column, mapping = self._live.spec.by_code[code], self._live.spec.mapping
        if code == mapping.period:
            usual = self._report.patterns[0]
            periods = self._report.own_periods(max(self._cycles, default=""))
            return Message(
                "%(label)s has to name a period in the way of this table, like %(example)s.",
                {"label": column.label, "example": periods[0] if periods else usual},
            )
        return Message(
            "%(label)s has to name a department by the code it has in this table.",
            {"label": column.label},
        )


def places_of(session: Session, live: LiveTable) -> ReportedPlaces | None:
    """The places of a table that is reported; None for any other."""
    report = live.spec.report
    return None if report is None else ReportedPlaces(session, live, report)
