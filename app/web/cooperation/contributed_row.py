"""Whose rows of a table are another department's, as the grid, the list and the form tell it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from app.access.contribution import contribution_at, why_not_change_marked
from app.access.cooperation import why_not_request_cooperation
from app.access.person import ANSWERING
from app.domain.message import Message
from app.models.contributed_row import Mark, marks_among
from app.reports.base_table import Row
from app.reports.place import Place
from app.web.base_table.open_table import OpenTable
from app.web.current import current_actor, current_session, current_store
from app.web.translation import translated


@dataclass(frozen=True)
class ContributedNotice:
    """What a page of a table says of other departments' rows.

    ``contributors`` are names with how many rows are theirs; ``request`` is the address of the
    request on which the reader contributes himself, ``ask`` where he may ask others.
    """

    contributors: Sequence[tuple[str, int]] = ()
    request: str | None = None
    ask: str | None = None
    list: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.contributors and self.request is None


def contributed_notice(opened: OpenTable) -> ContributedNotice:
    """What to say at the opened place."""
    store, actor = current_store(), current_actor()
    submission, table = opened.submission, opened.spec.identifier
    if submission is None or opened.department is None:
        return ContributedNotice()
    own = contribution_at(actor, table, submission.period, submission.department_code)
    if own is not None:
        number = own.cooperation_id
        return ContributedNotice(request=url_for("CooperationView.cooperation", number=number))
    if not opened.reads_whole:
        return ContributedNotice()
    names = [mark.name for mark in opened.marks.values() if not mark.is_deleted]
    leads = submission.department_code in actor.departments(*ANSWERING)
    why_not = why_not_request_cooperation(actor, store, submission, opened.place.cycle)
    return ContributedNotice(
        contributors=tuple(Counter(names).items()),
        ask=url_for("CooperationView.ask", number=submission.id)
        if leads and why_not is None
        else None,
        list=url_for("SubmissionView.submission", number=submission.id) + "#cooperation"
        if opened.sees_submission
        else None,
    )


def contributed_shapes(place: Place, rows: Iterable[Row]) -> dict[str, dict[str, object]]:
    """Row id → who contributed it, and why whoever asks may not change it, if so."""
    return {
        row_id: {
            "department": mark.name,
            "why_fixed": None if why_not is None else translated(why_not),
        }
        for row_id, (mark, why_not) in marks_of_rows(place, rows).items()
    }


def marks_of_rows(place: Place, rows: Iterable[Row]) -> dict[str, tuple[Mark, Message | None]]:
    """Row id → its mark, and why whoever asks may not change it; rows of several departments."""
    departments = {row.id: row.department or "" for row in rows}
    table = place.stored.spec.identifier
    marks = marks_among(current_session(), table, departments)
    found = {}
    for row_id, mark in marks.items():
        part = contribution_at(current_actor(), table, place.period.code, departments[row_id])
        found[row_id] = (mark, why_not_change_marked(mark, part))
    return found
