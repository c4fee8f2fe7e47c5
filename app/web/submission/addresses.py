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


def cell_path(
    table: str, period: str, department: str, row_id: str = "", field: str | None = None
) -> str:
    """The grid at a row and a field of it; at its beginning for the whole table."""
    place = {"period": period, "department": department}
    cell = {name: value for name, value in (("row", row_id), ("field", field)) if value}
    return f"/data/{table}/?{urlencode({**place, **cell})}"
