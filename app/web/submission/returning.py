"""The form that sends a table back: collected items, findings that become items, the due date."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from app.domain.message import Message, Reason, Refused
from app.domain.return_item import MOST_ITEMS, WantedItem
from app.reports.finding import FindingLine
from app.reports.submission import read_submission
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.submission.finding import told_findings
from app.web.translation import translated

LONGEST_MARK = 64


@dataclass(frozen=True)
class ReturningForm:
    """What was typed of a return; ``findings`` are the marks of those that become items."""

    items: tuple[WantedItem, ...] = ()
    findings: tuple[str, ...] = ()
    due: str = ""

    @property
    def due_on(self) -> date | None:
        """The day by which it is due; None where none was typed. Raises Refused."""
        try:
            return date.fromisoformat(self.due) if self.due else None
        except ValueError as error:
            told = Message("“%(text)s” is no day. Write it as 2026-09-30.", {"text": self.due})
            raise Refused(told, Reason.INVALID) from error


NOTHING_TYPED = ReturningForm()


def read_returning(typed: MultiDict[str, str]) -> ReturningForm:
    """The form as it was sent; an item that cannot be read names nothing."""
    told = (_item(text) for text in typed.getlist("item")[: MOST_ITEMS + 1])
    marks = (mark[:LONGEST_MARK] for mark in typed.getlist("finding")[: MOST_ITEMS + 1])
    return ReturningForm(
        items=tuple(item for item in told if item is not None),
        findings=tuple(dict.fromkeys(marks)),
        due=typed.get("due_on", "").strip()[:20],
    )


def _item(text: str) -> WantedItem | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    parts = [told.get(name) or "" for name in ("reason", "row", "field")]
    return WantedItem(*parts) if all(isinstance(part, str) for part in parts) else None


def returning_items(number: int, form: ReturningForm) -> Sequence[WantedItem]:
    """The collected items, and one for every chosen finding that is still there."""
    if not form.findings:
        return form.items
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_submission(session, store, actor, number, now=current_time())
    session.rollback()
    submission = page.line.submission
    told = told_findings(store, actor, store.reported[submission.table_identifier], page)
    lines = {} if told is None else {line.mark: line for line in told.lines}
    if not lines.keys() >= set(form.findings):
        raise Refused(
            Message(
                "A finding that was chosen is not there any more or has changed. Look at the page"
                " again and choose once more; nothing was sent back."
            ),
            Reason.CONFLICT,
        )
    return [*form.items, *map(_of_finding, map(lines.__getitem__, form.findings))]


def _of_finding(line: FindingLine) -> WantedItem:
    """What is wrong, without the figures of other tables: whoever mends it may not read those."""
    text = line.message.parameters.get("text")
    reason = translated(line.message if text is None else Message("%(text)s", {"text": text}))
    return WantedItem(reason, line.row_id, line.field or "" if line.row_id else "")
