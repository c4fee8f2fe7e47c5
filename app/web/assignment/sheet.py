"""The printable sheet of a department's responsibilities (第六条)."""

from flask import render_template

from app.domain.message import Message, Reason, Refused
from app.reports.cooperation_part import parts_of_year
from app.reports.cycle import collected_cycles
from app.reports.responsibility import read_responsibility
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.cycle.addresses import wanted_cycle
from app.web.formats import day_text


def sheet_page(code: str) -> str:
    """Who is responsible for which table until when, made for paper."""
    session, store, actor = current_session(), current_store(), current_actor()
    cycles = collected_cycles(session)
    cycle = wanted_cycle(cycles)
    if cycle is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    sheet = read_responsibility(session, store, actor, cycle, code[:16], day=local_time().date())
    return render_template(
        "assignment/sheet.html",
        sheet=sheet,
        parts=parts_of_year(session, store, actor, cycle, sheet.department.code),
        cycle=cycle,
        cycles=cycles,
        day_text=day_text,
    )
