"""Forms of co-operation requests as they are read."""

from werkzeug.datastructures import MultiDict

from app.web.cooperation.form import read_form


def test_numbers_and_days_are_read_in_full_width_too() -> None:
    part = read_form(MultiDict({"expected_rows": "１２ ", "due_on": "２０２６－１２－２０"})).part()

    assert part.expected_rows == 12
    assert part.due_at is not None
    assert part.due_at.date().isoformat() == "2026-12-20"
