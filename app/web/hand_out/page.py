"""The pages about handing out: what would be handed out, and how the parts stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.hand_out import why_not_collect, why_not_hand_out
from app.actions.hand_out import WantedHandOut, WantedPart, hand_out
from app.domain.hand_out import Division, PartState, state_on
from app.domain.labels import label
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.cell import columns_of
from app.models.hand_out import HandOut, HandOutPart
from app.reports.hand_out import (
    Divided,
    PartsPlan,
    counts_by_state,
    field_of,
    find_hand_out,
    list_hand_outs,
    parts_of,
    plan_parts,
    ways_to_divide,
)
from app.reports.place import Place, find_table
from app.web.base_table.open_table import OpenTable, asked, open_table
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.errors import STATUSES
from app.web.formats import moment_text
from app.web.labels import label as label_text
from app.web.translation import translated

SEE_OTHER = 303
LONGEST_DAY = 10
# Parts that are listed before anything is handed out; all of them stand on the page afterwards.
SHOWN = 60


@dataclass(frozen=True)
class PartLine:
    """A part as the list shows it, with its state of today."""

    part: HandOutPart
    state: PartState

    @property
    def is_out(self) -> bool:
        """Whether nothing has come back of it."""
        return self.state in {PartState.HANDED_OUT, PartState.MISSING}


@dataclass(frozen=True)
class OpenHandOut:
    """A handing out as somebody has opened it."""

    opened: OpenTable
    place: Place
    hand_out: HandOut
    parts: Sequence[HandOutPart]


def hand_outs_page(table: str, refusal: Refused | None = None) -> ResponseReturnValue:
    """What was handed out so far, and choosing by what to divide."""
    opened = open_table(table)
    place = chosen_place(opened)
    session, actor = current_session(), current_actor()
    ways = ways_to_divide(actor, place)
    divided = _chosen(ways, asked("by"))
    known = list_hand_outs(session, place)
    why_not = _why_not_now(opened, place)
    page = render_template(
        "hand_out/hand_outs.html",
        opened=opened,
        place=place,
        ways=[(_name_of_way(way), _words_of(way)) for way in ways],
        by=_name_of_way(divided) if divided else "",
        plan=_planned(place, divided) if divided and why_not is None else None,
        shown=SHOWN,
        hand_outs=[(each, _words_of_hand_out(place, each)) for each in known],
        counts=counts_by_state(session, known),
        is_out=any(each.superseded_at is None for each in known),
        why_not=why_not,
        refusal=refusal,
        due_on=request.form.get("due_on", ""),
        may_collect=_may_collect(opened),
        may_whole=place.department is not None and _why_not(opened, None) is None,
        moment_text=moment_text,
        today=local_time().date(),
        label=label_text,
        states=list(PartState),
    )
    return page if refusal is None else (page, STATUSES[refusal.reason])


def hand_out_now(table: str) -> ResponseReturnValue:
    """Hand the parts out as the page showed them."""
    opened = open_table(table)
    place = chosen_place(opened)
    refusal = _why_not_now(opened, place)
    if refusal is not None:
        raise Refused(refusal, Reason.LOCKED)
    try:
        divided = _chosen(ways_to_divide(current_actor(), place), request.form.get("by"))
        if divided is None or _name_of_way(divided) != request.form.get("by"):
            raise Refused(
                Message("Choose by what the rows are divided, then hand them out."),
                Reason.INVALID,
            )
        number = _hand_out(place, divided)
    except Refused as caught:
        if caught.reason is not Reason.INVALID:
            raise
        return hand_outs_page(table, caught)
    flash(_("The workbooks are ready. Download them and send them out."), "success")
    return redirect(url_for("HandOutView.hand_out", table=table, number=number), SEE_OTHER)


def _hand_out(place: Place, divided: Divided) -> int:
    plan = _planned(place, divided)
    wanted = WantedHandOut(
        place.period.code,
        place.department,
        divided.division,
        divided.field.code if divided.field else None,
        [WantedPart(p.key, p.title, p.department, p.row_count) for p in plan.parts],
        _due_on(),
    )
    session, by, now = current_session(), current_actor(), local_time()
    return hand_out(session, place.stored, wanted, by=by, now=now)


def hand_out_page(table: str, number: int) -> ResponseReturnValue:
    """One handing out: its parts, how they stand, who is missing."""
    found = open_hand_out(table, number)
    today = local_time().date()
    lines = [
        PartLine(part, state_on(part.state, found.hand_out.due_on, today)) for part in found.parts
    ]
    wanted = asked("show") or ""
    shown = [line for line in lines if line.is_out] if wanted == "out" else lines
    return render_template(
        "hand_out/hand_out.html",
        opened=found.opened,
        place=found.place,
        hand_out=found.hand_out,
        way=_words_of_hand_out(found.place, found.hand_out),
        lines=shown,
        total=len(lines),
        out=sum(line.is_out for line in lines),
        counts=Counter(line.state for line in lines),
        states=list(PartState),
        show=wanted,
        may_collect=_may_collect(found.opened),
        moment_text=moment_text,
        label=label_text,
    )


def open_hand_out(table: str, number: int) -> OpenHandOut:
    """The handing out of this number with its place. Raises Refused."""
    session, actor = current_session(), current_actor()
    stored = find_table(current_store(), table)
    found = find_hand_out(session, stored, actor, number)
    opened = open_table(table, period=found.period, department=found.department_code)
    place = replace(opened.place, department=found.department_code)
    return OpenHandOut(opened, place, found, parts_of(session, found))


def chosen_place(opened: OpenTable) -> Place:
    """The place of the department, or all of them for whoever divides the table among those."""
    own = _why_not(opened, opened.department)
    if opened.department is None or own is not None or asked("whole"):
        whole = _why_not(opened, None)
        if whole is None:
            return replace(opened.place, department=None)
        refuse(own if opened.department is not None else whole)
    return opened.place


def _why_not(opened: OpenTable, department: str | None) -> Message | None:
    return why_not_hand_out(current_actor(), opened.place.stored, department)


def _why_not_now(opened: OpenTable, place: Place) -> Message | None:
    """Why nothing is handed out now: rows that are locked would come back in vain."""
    return None if place.department is None else opened.rights["import"]


def _may_collect(opened: OpenTable) -> bool:
    stored, department = opened.place.stored, opened.department
    return department is not None and why_not_collect(current_actor(), stored, department) is None


def _planned(place: Place, divided: Divided) -> PartsPlan:
    store, actor, session = current_store(), current_actor(), current_session()
    columns = columns_of(current_catalogue(), place.stored.spec, translated)
    shows = {column.field.code: column.show for column in columns}

    def show(value: object) -> str:
        code = divided.field.code if divided.field else ""
        return str(shows[code](value)) if code in shows else str(value)

    today = local_time().date()
    return plan_parts(session, store, actor, place, divided, show=show, today=today)


def _chosen(ways: Sequence[Divided], name: str | None) -> Divided | None:
    named = {_name_of_way(way): way for way in ways}
    return named.get(name or "", ways[0] if ways else None)


def _name_of_way(way: Divided) -> str:
    return way.division.value if way.field is None else f"{way.division.value}:{way.field.code}"


def _words_of(way: Divided) -> str:
    if way.field is not None:
        return str(_("by the values of “%(field)s”", field=way.field.label))
    return translated(label(way.division))


def _words_of_hand_out(place: Place, each: HandOut) -> str:
    if each.division is not Division.FIELD:
        return translated(label(each.division))
    try:
        return _words_of(Divided(each.division, field_of(place.stored, each)))
    except Refused:
        return translated(label(each.division))


def _due_on() -> date | None:
    text = request.form.get("due_on", "").strip()[:LONGEST_DAY]
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            Message("The due date cannot be read. Type it like 2026-09-30."), Reason.INVALID
        ) from error
