"""A base table as somebody has opened it: where, whose, and what may be done there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from app.access.comment import why_not_read_whole
from app.access.finding import why_not_read_findings
from app.access.hand_out import why_not_hand_out
from app.access.masks import hidden_fields, hidden_in_row, masked_by_roles
from app.access.policies import sees_submission
from app.access.teacher_record import writes_own_rows
from app.catalogue.base_table import TableKind, TableSpec
from app.domain.labels import label
from app.domain.message import Message, Refused
from app.domain.period import Period
from app.domain.submission import Status, Verb
from app.models.contributed_row import Mark, marks_of_place
from app.models.submission import Submission
from app.reports.assignment import department_names
from app.reports.comment import count_open
from app.reports.cycle import all_cycles
from app.reports.place import (
    WRITES,
    Place,
    find_place,
    reporting_departments,
    submission_at,
)
from app.reports.return_item import NOTHING_RETURNED, Returned, read_returned
from app.reports.submission import moves_of
from app.reports.teacher_record import rights_in
from app.web.api.shapes import period_title
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.translation import translated

LONGEST_PARAMETER = 64
# A table that came back; after withdrawing it, too, items may wait.
BACK = frozenset({Status.RETURNED, Status.ENTERING})
LONGEST_SEARCH = 100
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True)
class OpenTable:
    """One table in one period, of one department or (``department`` None) of all in reach.

    ``reporting`` are the codes of the departments that report it and may be chosen; ``rights``
    maps add, edit, delete, import and export to the reason against it, None where it may be done.
    ``is_lost`` says that whoever asks does not reach the place any more; ``former`` are the codes
    of the periods that hold former data.
    """

    place: Place
    names: Mapping[str, str]
    reporting: Sequence[str]
    periods: Sequence[Period]
    submission: Submission | None
    rights: Mapping[str, Message | None]
    is_lost: bool = False
    former: frozenset[str] = frozenset()

    @property
    def spec(self) -> TableSpec:
        """What the catalogue says of the table."""
        return self.place.stored.spec

    @property
    def is_single_row(self) -> bool:
        """Whether a department has one row of it in a period."""
        return self.spec.kind is TableKind.SINGLE_ROW

    @property
    def department(self) -> str | None:
        """The code of the department, None for all."""
        return self.place.department

    @property
    def period_title(self) -> str:
        """What people call the period."""
        return self._titled(self.place.period)

    def _titled(self, period: Period) -> str:
        title = period_title(period)
        is_former = period.code in self.former
        return str(_("%(period)s (former data)", period=title)) if is_former else title

    @property
    def period_choices(self) -> list[tuple[str, str]]:
        """Code and title of every period there is, the latest first."""
        return [(period.code, self._titled(period)) for period in self.periods]

    @property
    def department_choices(self) -> list[tuple[str, str]]:
        """Code and name of every department that may be chosen."""
        chosen = [] if self.department in (None, *self.reporting) else [self.department or ""]
        return [(code, self.name_of(code)) for code in [*chosen, *self.reporting]]

    @property
    def sees_submission(self) -> bool:
        """Whether the submission's own page opens for whoever asks."""
        return self.submission is not None and sees_submission(current_actor(), self.submission)

    @property
    def reads_whole(self) -> bool:
        """Whether what is said about the place as a whole is read by whoever asks."""
        if self.department is None:
            return False
        return why_not_read_whole(current_actor(), self.place.stored, self.department) is None

    @property
    def reads_findings(self) -> bool:
        """Whether what the rules say of the whole place is read by whoever asks."""
        if self.department is None:
            return False
        refusal = why_not_read_findings(current_actor(), self.place.stored, self.department)
        return refusal is None

    @property
    def comment_count(self) -> int:
        """How many comments on the place wait for an answer, as far as all of it is read."""
        place = (self.place.period.code, self.department)
        return count_open(current_session(), self.place.stored, current_actor(), *place)

    @property
    def may_finish(self) -> bool:
        """Whether the way to handing the table to review is open to whoever asks."""
        return self._may_take(Verb.FINISH)

    @property
    def may_send_back(self) -> bool:
        """Whether whoever asks may send the table back, and collect items for it."""
        return self._may_take(Verb.SEND_BACK)

    def _may_take(self, verb: Verb) -> bool:
        if self.submission is None or not self.sees_submission:
            return False
        moves = moves_of(current_actor(), self.place.cycle, self.submission)
        return any(move.verb is verb and move.refusal is None for move in moves)

    @cached_property
    def marks(self) -> Mapping[str, Mark]:
        """Row id → whose row it is, of those that other departments have contributed."""
        if self.department is None:
            return {}
        place = (self.spec.identifier, self.place.period.code, self.department)
        return marks_of_place(current_session(), *place)

    @cached_property
    def returned(self) -> Returned:
        """What came back of the place and is not settled, as far as whoever asks sees it."""
        if self.submission is None or self.submission.status not in BACK:
            return NOTHING_RETURNED
        asking = (current_session(), self.place.stored, current_actor(), self.submission)
        return read_returned(*asking, self.place.cycle, now=current_time())

    @property
    def finish_label(self) -> Message:
        """What the step is called."""
        return label(Verb.FINISH)

    def name_of(self, department: str | None) -> str:
        """The department's name."""
        return self.names.get(department or "", department or "")

    def may(self, action: str) -> bool:
        """Whether the action may be done here and now."""
        return self.rights[action] is None

    @property
    def may_hand_out(self) -> bool:
        """Whether the rows may be handed out in workbooks, or divided among the departments."""
        actor, stored = current_actor(), self.place.stored
        places = dict.fromkeys((self.department, None))
        return any(why_not_hand_out(actor, stored, place) is None for place in places)

    @property
    def may_write(self) -> bool:
        """Whether anything may be changed here and now."""
        return any(self.may(action) for action in ("add", "edit", "delete"))

    def why_not(self, *actions: str) -> str | None:
        """The reason against every one of the actions, None when one of them may be done."""
        reasons = [self.rights[action] for action in actions]
        if not all(reasons):
            return None
        return next((translated(reason) for reason in reasons if reason), None)

    def parameters(self) -> dict[str, str]:
        """Period and department as they are carried from page to page."""
        department = {"department": self.department} if self.department else {}
        return {"period": self.place.period.code, **department}

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of another page of the same table, period and department."""
        values: dict[str, Any] = {"table": self.spec.identifier, **self.parameters(), **more}
        return url_for(f"DataView.{endpoint}", **values)

    def file_address(self, name: str) -> str:
        """The address of a file of the same place: ``export.xlsx``, ``template.xlsx`` …"""
        return f"/api/v1/data/{self.spec.identifier}/{name}?{urlencode(self.parameters())}"

    @property
    def export_address(self) -> str:
        """Where very many rows are exported in the background."""
        return f"/jobs/export/{self.spec.identifier}?{urlencode(self.parameters())}"

    @property
    def back_address(self) -> str:
        """Where one comes from: a teacher from the page of his own data."""
        return self.own_address or url_for("DataView.tables")

    @cached_property
    def own_address(self) -> str | None:
        """The section of this table on the page of whoever fills in rows about himself only."""
        actor, place = current_actor(), self.place
        if self.is_lost or self.submission is None or place.department is None:
            return None
        if not writes_own_rows(actor, place.stored, place.department):
            return None
        anchor, year = f"section-{self.submission.id}", place.cycle.academic_year
        return url_for("OwnDataView.own_data", cycle=year, _anchor=anchor)

    @property
    def list_address(self) -> str:
        """Where one arrives after a row: the single row itself, or the rows as a list.

        A teacher arrives on the page of his own data.
        """
        if self.is_lost:
            return url_for("DataView.tables")
        if self.own_address is not None:
            return self.own_address
        return self.address("table") if self.is_single_row else self.address("table", view="rows")

    @property
    def closed(self) -> frozenset[str]:
        """The fields that whoever asks may not write, in no row."""
        return masked_by_roles(current_actor(), self.place.stored)

    @property
    def hidden(self) -> frozenset[str]:
        """The fields that are masked for whoever asks in some row that he reaches."""
        return hidden_fields(current_actor(), self.place.stored, self.department)

    def hidden_in(self, department: str | None, values: Mapping[str, object]) -> frozenset[str]:
        """The fields of this row that are masked for whoever asks."""
        return hidden_in_row(current_actor(), self.place.stored, department, values)


def open_table(
    table: str, *, period: str | None = None, department: str | None = None
) -> OpenTable:
    """The table that the address asks for; ``period`` and ``department`` go before its parameters.

    Where one department only reports the table it is chosen at once. Raises Refused.
    """
    session, store, actor = current_session(), current_store(), current_actor()
    place = find_place(
        session,
        store,
        actor,
        table,
        period=period or asked("period"),
        department=department or asked("department"),
    )
    reporting = reporting_departments(session, actor, place)
    if place.department is None and len(reporting) == 1:
        place = replace(place, department=reporting[0])
    submission = submission_at(session, place)
    spec, cycles = place.stored.spec, place.cycles
    return OpenTable(
        place=place,
        names=department_names(session),
        reporting=reporting,
        periods=[spec.period_in(cycle.year) for cycle in cycles],
        former=frozenset(spec.period_in(c.year).code for c in cycles if c.is_history),
        submission=submission,
        rights=rights_in(
            session, actor, place, submission, is_assigned=place.department in reporting
        ),
    )


def lost_table(table: str, refusal: Refused) -> OpenTable:
    """The table for a form that was typed before its place stopped being one's own.

    It shows nothing of what is stored and allows nothing. Raises the refusal again where there is
    no such table or no year.
    """
    session, stored = current_session(), current_store().tables.get(table)
    cycles = all_cycles(session)
    if stored is None or not cycles:
        raise refusal
    codes = {stored.spec.period_in(cycle.year).code: cycle for cycle in cycles}
    cycle = codes.get(asked("period") or "", cycles[0])
    names = department_names(session)
    department = asked("department")
    return OpenTable(
        place=Place(
            stored,
            cycle,
            stored.spec.period_in(cycle.year),
            department if department in names else None,
        ),
        names=names,
        reporting=(),
        periods=(),
        submission=None,
        rights=dict.fromkeys((*WRITES, "export"), refusal.message),
        is_lost=True,
    )


def asked(name: str) -> str | None:
    """A parameter of the address, None when it is empty; never longer than codes are."""
    return request.args.get(name, "").strip()[:LONGEST_PARAMETER] or None


def asked_search() -> str:
    """The text that is searched for."""
    return request.args.get("q", "").strip()[:LONGEST_SEARCH]


def asked_page() -> int:
    """The number of the page that is asked for; 1 for anything that is none."""
    text = request.args.get("page", "")
    return int(text) if PAGE_NUMBER.fullmatch(text) else 1
