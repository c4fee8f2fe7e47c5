"""Where the data of a submission are entered and looked at."""

from urllib.parse import quote, urlencode

from app.models.submission import Submission


def grid_path(submission: Submission) -> str:
    """The grid with the submission's rows."""
    place = {"period": submission.period, "department": submission.department_code}
    return f"/data/{submission.table_identifier}/?{urlencode(place)}"


def row_path(submission: Submission, row_id: str) -> str:
    """The form of one row."""
    return f"/data/{submission.table_identifier}/{quote(row_id, safe='')}"
