"""How the board tells a table's standing: a dot with its words, shares, days."""

from functools import cache
from typing import NamedTuple

from flask_babel import gettext as _

from app.domain.submission import Status
from app.reports.board import BoardLine, Figures
from app.web.labels import label


class Dot(NamedTuple):
    """One table of one department: what the sign looks like and what it says in full."""

    line: BoardLine
    style: str
    title: str


class DotMaker:
    """Makes the dots of one page; words that many of them share are translated once."""

    def __init__(self) -> None:
        self._standing = cache(_standing)
        self._delay = cache(_delay)

    def dot(self, line: BoardLine) -> Dot:
        """The line as a dot."""
        parts = [
            f"{line.spec.title} · {line.department}",
            self._standing(line.status, line.days, is_nil=line.is_nil),
            self._delay(line.days_late, line.days_left, is_late=line.is_late),
        ]
        style = f"state-{line.status.value}"
        if line.is_late:
            style += " is-late"
        if line.permitted:
            style += " is-mine"
        return Dot(line, style, "\n".join(filter(None, parts)))


def standing_text(line: BoardLine) -> str:
    """Where the line stands, since when, and whose move it is."""
    return _standing(line.status, line.days, is_nil=line.is_nil)


def delay_text(line: BoardLine) -> str:
    """How much time the line has left, or how late it is or was; empty where neither matters."""
    return _delay(line.days_late, line.days_left, is_late=line.is_late)


def share_text(figures: Figures, count: int) -> str:
    """The count's share of what is owed: 100 % is all of it, 0 % is none of it."""
    percent = figures.percent(count)
    if 0 < percent < 1:
        return "<1%"
    return f"{int(percent)}%"


def _standing(status: Status, days: int, *, is_nil: bool) -> str:
    told = {"status": label(status), "days": days}
    if status.holder.value == "nobody":
        text = _("%(status)s for %(days)s days", **told)
    else:
        text = _(
            "%(status)s for %(days)s days; the move of: %(holder)s",
            holder=label(status.holder),
            **told,
        )
    return str(_("%(text)s (nil return)", text=text) if is_nil else text)


def _delay(days_late: int, days_left: int | None, *, is_late: bool) -> str:
    if not is_late:
        return "" if days_left is None else str(_("%(days)s days left", days=days_left))
    if days_left is None:
        return str(
            _("reported %(days)s days late", days=days_late)
            if days_late
            else _("reported on the due day, but too late")
        )
    return str(_("%(days)s days overdue", days=days_late) if days_late else _("overdue today"))
