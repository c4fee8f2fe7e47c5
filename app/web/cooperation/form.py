"""The forms of co-operation requests: what was typed, to be carried out or to be shown again."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from app.actions.cooperation import CooperationDeed, WantedPart
from app.domain.cooperation import CooperationVerb
from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.models.cooperation import Cooperation
from app.web.formats import local, whole_number

LAST_MOMENT = time(23, 59, 59)
MOST_FIELDS = 500


@dataclass(frozen=True)
class CooperationForm:
    """What was typed, in either form."""

    partner: str = ""
    wanted: str = ""
    fields: tuple[str, ...] = ()
    expected_rows: str = ""
    due_on: str = ""
    reason: str = ""
    rating: str = ""
    version: int = 0

    def part(self) -> WantedPart:
        """What is asked for. Raises Refused (invalid) for what is no day or number."""
        return WantedPart(
            partner=self.partner,
            wanted=self.wanted,
            due_at=_last_moment(self.due_on),
            fields=self.fields,
            expected_rows=_count(self.expected_rows),
        )

    def deed(self, verb: CooperationVerb) -> CooperationDeed:
        """What is done with a request. Raises Refused (invalid)."""
        rating = _count(self.rating) if verb is CooperationVerb.CONFIRM else None
        due_at = _last_moment(self.due_on)
        return CooperationDeed(verb, self.version, self.reason, due_at=due_at, rating=rating)


def read_form(typed: MultiDict[str, str]) -> CooperationForm:
    """The form as it was sent; nothing is judged yet."""
    return CooperationForm(
        partner=typed.get("partner", "").strip()[:16],
        wanted=typed.get("wanted", "").strip(),
        fields=tuple(code[:64] for code in typed.getlist("field")[:MOST_FIELDS]),
        expected_rows=_plain(typed.get("expected_rows", ""))[:16],
        due_on=_plain(typed.get("due_on", ""))[:32],
        reason=typed.get("reason", "").strip(),
        rating=typed.get("rating", "").strip()[:8],
        version=whole_number(typed.get("version", "")),
    )


def form_of(request: Cooperation) -> CooperationForm:
    """What a draft says, to be changed."""
    return CooperationForm(
        partner=request.partner_code,
        wanted=request.wanted,
        fields=tuple(request.fields or ()),
        expected_rows=str(request.expected_rows or ""),
        due_on=local(request.due_at).date().isoformat(),
        version=request.version,
    )


def _plain(text: str) -> str:
    """A number or a day as it is read, also where it was typed with full-width characters."""
    return unicodedata.normalize("NFKC", text).strip()


def _last_moment(text: str) -> datetime | None:
    """The last moment of the day that was typed; None for none."""
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), LAST_MOMENT, LOCAL_ZONE)
    except ValueError as error:
        raise Refused(
            Message("The due date has to be a day like 2026-10-15."), Reason.INVALID
        ) from error


def _count(text: str) -> int | None:
    """The number that was typed, None for none."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Refused(
            Message("Enter a whole number instead of “%(text)s”.", {"text": text}), Reason.INVALID
        )
    return int(text)
