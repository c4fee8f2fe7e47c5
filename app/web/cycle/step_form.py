"""The forms of the collection year: its steps and the preparation of the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from app.domain.cycle import CycleVerb
from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.web.formats import whole_number

LAST_MOMENT = time(23, 59, 59)


@dataclass(frozen=True)
class CycleForm:
    """What was typed; ``verb`` and ``cycle_id`` are None for the preparation of a year.

    ``version`` is 0 when the form carried none that can be read.
    """

    cycle_id: int | None = None
    verb: CycleVerb | None = None
    version: int = 0
    reason: str = ""
    due_on: str = ""
    year: str = ""

    @property
    def due_at(self) -> datetime | None:
        """The last moment of the chosen day; None where no day was chosen. Raises Refused."""
        if not self.due_on:
            return None
        try:
            return datetime.combine(date.fromisoformat(self.due_on), LAST_MOMENT, LOCAL_ZONE)
        except ValueError as error:
            raise Refused(
                Message("The due date has to be a day like 2026-10-15."), Reason.INVALID
            ) from error


def read_form(
    typed: Mapping[str, str], cycle_id: int | None = None, verb: CycleVerb | None = None
) -> CycleForm:
    """The form as it was sent; nothing is judged yet."""
    return CycleForm(
        cycle_id=cycle_id,
        verb=verb,
        version=whole_number(typed.get("version", "")),
        reason=typed.get("reason", "").strip(),
        due_on=typed.get("due_on", "").strip()[:32],
        year=typed.get("year", "").strip()[:16],
    )
