"""The forms of requests: what was typed, to be carried out or to be shown again."""

from dataclasses import dataclass
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.domain.request import Cause
from app.web.formats import whole_number

LAST_MOMENT = time(23, 59, 59)
LONGEST_REASON = 500
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class RequestForm:
    """What was typed; ``chosen`` are pairs of id and version, as the page showed them."""

    reason: str = ""
    until_on: str = ""
    cause: str = ""
    chosen: tuple[tuple[int, int], ...] = ()
    tables: tuple[int, ...] = ()

    @property
    def until(self) -> datetime | None:
        """The last moment of the day that was typed; None for none. Raises Refused."""
        if not self.until_on:
            return None
        try:
            return datetime.combine(date.fromisoformat(self.until_on), LAST_MOMENT, LOCAL_ZONE)
        except ValueError as error:
            raise Refused(
                Message("The due date has to be a day like 2026-10-15."), Reason.INVALID
            ) from error


def read_form(typed: MultiDict[str, str]) -> RequestForm:
    """The form as it was sent; nothing is judged yet."""
    return RequestForm(
        reason=typed.get("reason", "").strip(),
        until_on=typed.get("until_on", "").strip()[:32],
        cause=typed.get("cause", "").strip()[:32],
        chosen=_pairs(typed.getlist("chosen")),
        tables=tuple(sorted({whole_number(text) for text in typed.getlist("table")} - {0})),
    )


def read_cause(text: str | None) -> Cause | None:
    """The cause that was chosen; None for none. Raises Refused for a word that is none."""
    if not text:
        return None
    if text not in set(Cause):
        raise Refused(Message("Choose who caused it."), Reason.INVALID)
    return Cause(text)


def _pairs(texts: list[str]) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for text in texts[:MOST_AT_ONCE]:
        number, _dash, version = text.partition("-")
        found.setdefault(whole_number(number), whole_number(version))
    return tuple(found.items())
