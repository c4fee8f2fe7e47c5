"""What is typed on the pages of spot checks."""

from collections.abc import Mapping

from app.actions.spot_check import Answer, WantedDraw
from app.domain.message import Message, Reason, Refused
from app.domain.spot_check import CheckResult

SHARE = "share"


def read_wanted(form: Mapping[str, str]) -> WantedDraw:
    """The size and the seed. Raises Refused where the size is no whole number."""
    text = form.get("size", "").strip()
    if not text:
        raise Refused(Message("Write how many rows to draw."), Reason.INVALID)
    if not (text.isascii() and text.isdigit()):
        message = Message(
            "“%(text)s” cannot be drawn. Write a whole number, 1 or more, in digits.",
            {"text": text},
        )
        raise Refused(message, Reason.INVALID)
    # More digits than any table has rows are too many in any case.
    size = int(text[:9])
    seed = form.get("seed", "")
    if form.get("unit") == SHARE:
        return WantedDraw(percent=size, seed=seed)
    return WantedDraw(count=size, seed=seed)


def read_answers(form: Mapping[str, str], numbers: list[int]) -> dict[int, Answer]:
    """What was found of the rows with these numbers, as far as the form tells."""
    return {
        number: Answer(_result(form[f"result-{number}"]), form.get(f"note-{number}", ""))
        for number in numbers
        if f"result-{number}" in form
    }


def _result(text: str) -> CheckResult | None:
    return CheckResult(text) if text in set(CheckResult) else None
