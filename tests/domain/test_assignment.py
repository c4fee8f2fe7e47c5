"""What a department owes for a table."""

from app.domain.assignment import AssignmentKind


def test_only_guidance_makes_no_submission() -> None:
    silent = [kind for kind in AssignmentKind if not kind.makes_submission]

    assert silent == [AssignmentKind.GUIDANCE]
