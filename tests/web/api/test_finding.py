"""Findings over JSON: seen, explained, ruled on and listed as people do it one after the other."""

from tests.demo import DemoCollege

TABLE, DEPARTMENT = "course_textbook", "A03"


def place(demo: DemoCollege) -> dict[str, str]:
    return {"period": demo.period(TABLE), "department": DEPARTMENT}


def with_an_old_book(demo: DemoCollege) -> dict[str, object]:
    """A text book of 1990, which a rule warns of, in the open year."""
    steward = demo.caller(demo.steward_of(DEPARTMENT))
    rows = steward.get(f"data/{TABLE}/rows", **place(demo)).json["rows"]
    change = {"op": "update", "id": rows[0]["id"], "version": rows[0]["version"]}
    body = {**place(demo), "changes": [{**change, "values": {"edition_year": 1990}}]}
    assert steward.post(f"data/{TABLE}/changes", body).status_code == 200
    found = steward.get(f"data/{TABLE}/findings", **place(demo)).json["findings"]
    return next(each for each in found if each["rule"] == "QR.COURSE_TEXTBOOK.*.11")
