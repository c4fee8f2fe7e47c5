"""How collection years and their due dates are told."""

from datetime import datetime

from flask_babel import gettext as _

from app.domain.cycle import CycleStatus
from app.domain.period import AcademicYear
from app.models.cycle import Cycle
from app.web.formats import local, moment_text


def year_text(code: str) -> str:
    """What people call the academic year ``2025-2026``; other text stays as it is."""
    try:
        year = AcademicYear.parse(code).start_year
    except ValueError:
        return code
    return str(_("Academic year %(first)s to %(second)s", first=year, second=year + 1))


def due_text(cycle: Cycle, now: datetime) -> str:
    """How long there is until the due date, or since; that the year is closed or locked."""
    if cycle.status is not CycleStatus.OPEN:
        return _standstill_text(cycle)
    due = local(cycle.due_at)
    days = (due.date() - local(now).date()).days
    told = {"day": f"{due:%Y-%m-%d}", "time": f"{due:%H:%M}"}
    if now > cycle.due_at:
        return str(_("The due date was %(day)s %(time)s, %(days)s days ago.", days=-days, **told))
    if days == 0:
        return str(_("Due today at %(time)s.", **told))
    return str(_("%(days)s days left, due on %(day)s at %(time)s.", days=days, **told))


def _standstill_text(cycle: Cycle) -> str:
    """What matters once no due date does; empty before the year is opened."""
    if cycle.status is CycleStatus.CLOSED and cycle.closed_at is not None:
        return str(_("Collection was closed on %(moment)s.", moment=moment_text(cycle.closed_at)))
    if cycle.status is not CycleStatus.PREPARING and cycle.locked_at is not None:
        return str(_("The data were locked on %(moment)s.", moment=moment_text(cycle.locked_at)))
    return ""
