"""What the old system knows is confirmed, not typed again; what people typed is not overwritten."""

from decimal import Decimal

from tests.feeds import Feeding


def test_preview_shows_what_would_be_written_and_writes_nothing(feeding: Feeding) -> None:
    [shown] = feeding.run().departments
    assert (shown.department, shown.counts["created"], shown.counts["rejected"]) == ("A03", 2, 0), (
        shown
    )
    assert feeding.college.rows("course") == []


def test_run(feeding: Feeding) -> None:
    done = feeding.write(digest=feeding.run().digest)
    assert done.written
    assert feeding.course("K1")["credit"] == Decimal("3.5")
    feeding.source("UPDATE jw_kc SET xf = 4.5 WHERE kch = 'K1'")
    again = feeding.write()
    assert (again.counts["changed"], again.counts["unchanged"]) == (1, 1)
