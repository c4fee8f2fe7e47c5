"""How the board tells a table's standing: a dot with its words, shares, days."""

from functools import cache
from typing import NamedTuple

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.domain.submission import Status
from app.reports.board import BoardLine, Figures
from app.reports.board_quality import PlaceQuality
from app.web.labels import label


class Dot(NamedTuple):
    """One table of one department: what the sign looks like and what it says in full.

    ``style`` and ``title`` are escaped already: a page may hold thousands of them.
    """

    number: int
    department: str
    style: Markup
    title: Markup


class DotMaker:
    """Makes the dots of one page; words that many of them share are translated once."""

    def __init__(self) -> None:
        self._standing = cache(_standing)
        self._delay = cache(_delay)
        self._style = cache(_style)
        self._quality = cache(quality_text)

    def dot(self, line: BoardLine) -> Dot:
        """The line as a dot."""
        title = f"{line.spec.title} · {line.department}"
        standing = self._standing(line.status, line.days, is_nil=line.is_nil)
        delay = self._delay(line.days_late, line.days_left, is_late=line.is_late)
        quality = self._quality(line.quality)
        return Dot(
            line.submission_id,
            line.department,
            self._style(
                line.status,
                is_late=line.is_late,
                is_mine=bool(line.permitted),
                is_faulty=line.quality.errors > 0,
            ),
            escape("\n".join(text for text in (title, standing, delay, quality) if text)),
        )


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


def quality_text(quality: PlaceQuality) -> str:
    """How complete the line was when it was last finished, and what is open; empty for nothing."""
    parts = []
    if quality.filled is not None:
        parts.append(_("required cells %(percent)s%% filled in", percent=quality.filled))
    if quality.errors:
        parts.append(_("%(count)s errors open", count=quality.errors))
    if quality.warnings:
        parts.append(_("%(count)s warnings open", count=quality.warnings))
    return "，".join(str(part) for part in parts)


def _style(status: Status, *, is_late: bool, is_mine: bool, is_faulty: bool) -> Markup:
    marks = f"{' is-late' * is_late}{' is-mine' * is_mine}{' is-faulty' * is_faulty}"
    return escape(f"state-{status.value}{marks}")


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
