"""The list of tables (S3): which there are, whose turn it is, what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.policies import sees_submission
from app.domain.person import Function
from app.domain.submission import Status
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.submission import Submission
from app.reports.assignment import TableLine, list_tables
from app.reports.place import rights_at, submissions_by_table
from app.reports.submission import list_submissions
from app.web.api.shapes import period_title

# Names of departments that fit into a cell; more are counted.
MOST_NAMES = 2
DONE = frozenset({Status.ACCEPTED, Status.LOCKED, Status.EXEMPT})


@dataclass(frozen=True)
class ListedTable:
    """One line of the list.

    ``status`` is that of the one submission that concerns the reader, else None and ``progress``
    tells how many of the departments are through; ``action`` is the word on the button and
    ``is_todo`` says that it is the reader's turn.
    """

    number: str
    name: str
    chapter: str
    period: str
    departments: str
    every_department: str
    status: Status | None
    progress: str
    submission: int | None
    address: str
    action: str
    is_own: bool
    is_todo: bool

    @property
    def is_urgent(self) -> bool:
        """Whether it came back and waits to be corrected."""
        return self.is_todo and self.status is Status.RETURNED


@dataclass(frozen=True)
class Group:
    """Tables under one heading."""

    title: str
    lines: list[ListedTable]


def listed_tables(
    session: Session, store: Store, actor: Actor, cycle: Cycle | None, now: datetime
) -> list[ListedTable]:
    """Every table the person may read, in printed order."""
    own = submissions_by_table(session, actor, cycle)
    others = _submissions_of_all(session, store, actor, cycle, now)
    return [
        _listed(store, actor, cycle, line, own, others.get(line.spec.identifier, []))
        for line in list_tables(session, store, actor, cycle)
    ]


def matching(lines: Iterable[ListedTable], text: str) -> list[ListedTable]:
    """The lines whose number begins with the text or whose name contains it."""
    wanted = text.casefold()
    # People write the number with a word of one character before it.
    number = wanted[1:] if wanted[1:2].isdigit() and not wanted[0].isdigit() else wanted
    return [
        line for line in lines if line.number.startswith(number) or wanted in line.name.casefold()
    ]


def grouped(chapters: Mapping[str, str], lines: Iterable[ListedTable]) -> list[Group]:
    """The lines under the headings of their chapters, those of one's own department first."""
    groups: dict[str, Group] = {}
    for line in sorted(lines, key=lambda line: not line.is_own):
        chapter = f"{line.chapter} {chapters.get(line.chapter, '')}"
        groups.setdefault(chapter, Group(chapter, [])).lines.append(line)
    return list(groups.values())


def _listed(
    store: Store,
    actor: Actor,
    cycle: Cycle | None,
    line: TableLine,
    own: Mapping[tuple[str, str], Submission],
    others: list[Submission],
) -> ListedTable:
    identifier = line.spec.identifier
    department = next((code for code, _name in line.departments if (identifier, code) in own), None)
    submission = own.get((identifier, department or ""))
    if submission is None and len(others) == 1:
        submission = others[0]
    rights = rights_at(
        actor, store.reported[identifier], cycle, department, submission, is_assigned=line.own
    )
    may_write = rights["edit"] is None
    names = [name for _code, name in line.departments]
    status = None if submission is None else submission.status
    is_seen = submission is not None and sees_submission(actor, submission)
    return ListedTable(
        number=line.spec.number,
        name=line.spec.name,
        chapter=line.spec.chapter,
        period="" if cycle is None else period_title(line.spec.period_in(cycle.year)),
        departments=_few(names),
        every_department=str(_(", ")).join(names),
        status=status,
        progress="" if status else _progress(others),
        submission=submission.id if submission and is_seen else None,
        address=url_for("DataView.table", table=identifier),
        action=_action(status, may_write=may_write),
        is_own=line.own,
        is_todo=may_write,
    )


def _submissions_of_all(
    session: Session, store: Store, actor: Actor, cycle: Cycle | None, now: datetime
) -> dict[str, list[Submission]]:
    """The submissions of all departments, by table, for those who watch them all."""
    watches = actor.holds(Function.QA_OFFICE) or actor.holds(Function.LEADER)
    found: dict[str, list[Submission]] = {}
    if cycle is None or not watches:
        return found
    for line in list_submissions(session, store, actor, cycle, now=now):
        found.setdefault(line.submission.table_identifier, []).append(line.submission)
    return found


def _few(names: list[str]) -> str:
    """Up to two names, more as their number."""
    if len(names) <= MOST_NAMES:
        return str(_(", ")).join(names)
    return str(_("%(count)s departments", count=len(names)))


def _progress(submissions: list[Submission]) -> str:
    if not submissions:
        return ""
    done = sum(submission.status in DONE for submission in submissions)
    return str(_("%(done)s of %(count)s accepted", done=done, count=len(submissions)))


def _action(status: Status | None, *, may_write: bool) -> str:
    """The one thing to do with the table now."""
    if not may_write:
        return str(_("View"))
    if status is Status.RETURNED:
        return str(_("Correct"))
    return str(_("Begin") if status in (None, Status.NOT_STARTED) else _("Continue"))
