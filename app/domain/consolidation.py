"""Which of the reported data the college's totals are made of (第十二条)."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.submission import Status


class Reading(StrEnum):
    """``final`` of a locked year; before that what was accepted so far, or with unreviewed data."""

    FINAL = "final"
    PARTIAL = "partial"
    UNREVIEWED = "unreviewed"


# Of other submissions nothing is counted; who owes nothing lacks nothing.
COUNTED: Mapping[Reading, frozenset[Status]] = {
    Reading.FINAL: frozenset({Status.LOCKED}),
    Reading.PARTIAL: frozenset({Status.ACCEPTED, Status.LOCKED}),
    Reading.UNREVIEWED: frozenset(
        {Status.ACCEPTED, Status.LOCKED, Status.SUBMITTED, Status.UNDER_QA_REVIEW}
    ),
}
