"""``/submissions/<id>/teachers``: the records of a department's teachers in one table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.record_effect import RecordRequest
from app.actions.teacher_record import RecordTaken, take_record_steps
from app.domain.message import Refused
from app.domain.teacher_record import (
    LONGEST_BASIS,
    MissingCause,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    is_delegated,
    verbs_of,
)
from app.models.teacher_record import LONGEST_REASON
from app.reports.teacher_record import RecordLine, RecordsPage, read_records
from app.web.addresses import NUMBER
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.labels import label
from app.web.paging import paged
from app.web.posted import SEE_OTHER, refused_page

VERBS = verbs_of(RecordHolder.STEWARD)
# What waits for the department, beside the statuses.
WAITING = "waiting"
# Whom "all" means: not those to whom the table went back, nor those who are missing.
AT_ONCE = frozenset({RecordStatus.EMPTY, RecordStatus.DRAFT, RecordStatus.SUBMITTED})
LONGEST_TEXT = 60
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class RecordFilter:
    """Which teachers are listed: in one status, or all that wait; by a text in name or number."""

    status: str = ""
    text: str = ""

    def selects(self, line: RecordLine) -> bool:
        """Whether the line is wanted."""
        teacher = line.teacher
        if self.status == WAITING and teacher.status.is_settled:
            return False
        if self.status not in ("", WAITING, teacher.status.value):
            return False
        return self.text.casefold() in f"{teacher.person_number} {teacher.person_name}".casefold()

    def pairs(self) -> dict[str, str]:
        """The filter as the query of an address."""
        return {k: v for k, v in (("status", self.status), ("q", self.text)) if v}


class TeacherRecordView(PageView):
    """The teachers of one submission, and the steps of the data steward."""

    route_base = "/submissions"
    default_view = "teachers"

    @expose(f"/{NUMBER}/teachers")
    def teachers(self, number: int) -> ResponseReturnValue:
        """Every teacher of the table with his state; ``status`` and ``q`` narrow the list."""
        return _page(_read(number))

    @expose(f"/{NUMBER}/teachers/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Take a step with the chosen teachers, or with all of the list for whom it is possible."""
        if verb not in {each.value for each in VERBS}:
            abort(404)
        return _take(number, RecordVerb(verb))


def _read(number: int) -> RecordsPage:
    return read_records(current_session(), current_store(), current_actor(), number)


def _take(number: int, verb: RecordVerb) -> ResponseReturnValue:
    cause = request.form.get("cause", "")
    asked = RecordRequest(
        verb,
        reason=request.form.get("reason"),
        cause=MissingCause(cause) if cause in set(MissingCause) else None,
        basis=request.form.get("basis"),
    )
    # Whoever may not see the list is told so, whatever he wants.
    _read(number)
    try:
        taken = take_record_steps(
            current_session(),
            current_store(),
            number,
            _seen(),
            asked,
            by=current_actor(),
            now=current_time(),
        )
    except Refused as refusal:
        return refused_page(refusal, lambda refused: _page(_read(number), refused))
    return _answer(number, verb, taken)


def _answer(number: int, verb: RecordVerb, taken: Sequence[RecordTaken]) -> ResponseReturnValue:
    """Lead back where all went well; else the list once more with why not."""
    refused = [each for each in taken if each.refusal is not None]
    done = len(taken) - len(refused)
    told = _(
        "%(verb)s: %(done)s teachers done, %(refused)s not done",
        verb=label(verb),
        done=done,
        refused=len(refused),
    )
    if done:
        flash(told, "success" if not refused else "warning")
    if not refused:
        query: dict[str, Any] = {"number": number, **_filter().pairs()}
        address = url_for("TeacherRecordView.teachers", **query)
        return redirect(address, SEE_OTHER)
    first = refused[0].refusal
    status = 200 if done or first is None else STATUSES[first.reason]
    return _page(_read(number), taken=refused), status


def _seen() -> Mapping[str, int]:
    """Number → version, as they were seen: of the ticked, or of the whole list that was shown."""
    name = "seen" if request.form.get("all") else "chosen"
    pairs = (text.partition(":") for text in request.form.getlist(name)[:MOST_AT_ONCE])
    return {number[:32]: whole_number(version) for version, _colon, number in pairs}


def _taken_up_at_once(page: RecordsPage, wanted: RecordFilter) -> list[RecordLine]:
    """Those of the list whom one click takes up.

    Who was sent back or is missing only where the list is narrowed to such; nobody without the
    basic data that everybody has.
    """
    return [
        line
        for line in page.lines
        if RecordVerb.ADOPT in line.permitted
        and wanted.selects(line)
        and (line.teacher.status in AT_ONCE or wanted.status == line.teacher.status.value)
        and (line.teacher.rows or not page.spec.is_about_himself)
    ]


def _filter() -> RecordFilter:
    status = request.values.get("status", "")
    known = {WAITING, *(each.value for each in RecordStatus)}
    text = request.values.get("q", "").strip()[:LONGEST_TEXT]
    return RecordFilter(status if status in known else "", text)


def _page(
    page: RecordsPage, refusal: Refused | None = None, taken: Sequence[RecordTaken] = ()
) -> str:
    wanted = _filter()
    chosen = [line for line in page.lines if wanted.selects(line)]
    adoptable = _taken_up_at_once(page, wanted)[:MOST_AT_ONCE]
    return render_template(
        "teacher_record/teachers.html",
        page=page,
        submission=page.submission,
        wanted=wanted,
        waiting_word=WAITING,
        shown=paged(chosen, request.values),
        adoptable=adoptable,
        needs_basis=any(is_delegated(line.teacher.status) for line in adoptable),
        ticked=set(request.form.getlist("chosen")),
        typed=request.form,
        causes=list(MissingCause),
        refusal=refusal,
        taken=taken,
        longest_basis=LONGEST_BASIS,
        longest_reason=LONGEST_REASON,
        verbs=RecordVerb,
    )
