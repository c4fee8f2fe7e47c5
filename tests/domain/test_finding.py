"""What a finding tells to whom."""

from app.domain.finding import NOT_SHOWN, Dimension, Finding, Severity
from app.domain.message import Message

SUM = Message("The total is not the sum (total 5, part 7).")
FOUND = Finding("R", 0, "total", Severity.ERROR, Dimension.ACCURACY, SUM, about=("total", "part"))


def test_a_finding_tells_its_words_to_whoever_sees_all_values_it_was_judged_by() -> None:
    assert FOUND.told({"other"}) is SUM
    assert FOUND.told({"part"}) is NOT_SHOWN
    assert FOUND.told({"total"}) is NOT_SHOWN
