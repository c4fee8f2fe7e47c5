"""The list: what waits for an answer, what was asked, overdue requests first."""

from dataclasses import dataclass, replace

from flask import render_template, request

from app.domain.cooperation import CooperationStatus
from app.domain.person import Function
from app.reports.cooperation import (
    CooperationFilter,
    Side,
    count_cooperations,
    list_cooperations,
)
from app.reports.cycle import collected_cycles
from app.web.cooperation.labels import SIDES
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.cycle.addresses import wanted_cycle
from app.web.paging import PAGE_LENGTH, Paged, page_asked

OVERDUE = "overdue"


@dataclass(frozen=True)
class Chip:
    """A choice above the list with how many stand behind it."""

    value: str
    text: str
    count: int


def queue_page() -> str:
    """The requests of a year that exist for the reader."""
    session, actor, now = current_session(), current_actor(), current_time()
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    wanted = read_filter()
    paged: Paged[object] = Paged((), 1, 1, 0)
    counts = dict.fromkeys(Side, 0)
    if cycle is not None:
        counts = dict(count_cooperations(session, actor, cycle, wanted, now=now))
        number, pages = page_asked(counts[wanted.side], request.args)
        place = replace(wanted, offset=(number - 1) * PAGE_LENGTH, limit=PAGE_LENGTH)
        asked = (session, current_store(), actor, cycle, place)
        paged = Paged(list_cooperations(*asked, now=now), number, pages, counts[wanted.side])
    state = OVERDUE if wanted.is_overdue else (wanted.status or "")
    return render_template(
        "cooperation/queue.html",
        cycle=cycle,
        cycles=cycles,
        page=paged,
        wanted=wanted,
        state=state,
        statuses=list(CooperationStatus),
        chips=[Chip(side.value, SIDES[side], counts[side]) for side in sides()],
        query={"cycle": cycle.academic_year if cycle else "", "show": wanted.side, "state": state},
    )


def sides() -> list[Side]:
    """The choices that serve the reader: only the quality office is asked by nobody."""
    if current_actor().holds(Function.QA_OFFICE):
        return [Side.AWAITED, Side.ASKED, Side.ALL]
    return list(Side)


def read_filter() -> CooperationFilter:
    """Which requests the address asks for; by default all of them."""
    shown, state = request.args.get("show", ""), request.args.get("state", "")
    side = Side(shown) if shown in set(Side) else Side.ALL
    status = CooperationStatus(state) if state in set(CooperationStatus) else None
    return CooperationFilter(side, status, is_overdue=state == OVERDUE)
