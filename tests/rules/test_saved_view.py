"""What of a view is left when fields are gone or not shown."""

from app.rules.saved_view import columns_in, fields_in, fitting

CONTENT = {
    "filter": {"and": [["name", "=", "甲"], {"or": [["secret", "=", 1], ["gone", "empty"]]}]},
    "sort": "-credit,secret",
    "q": "数学",
    "columns": [{"code": "name", "width": 90}, {"code": "gone"}, {"code": "secret"}],
    "frozen": "gone",
}
KNOWN = ("name", "credit", "secret")


def test_all_fields_of_a_view_are_known() -> None:
    assert fields_in(CONTENT) == {"name", "secret", "gone", "credit"}
    assert columns_in(CONTENT) == {"name", "gone", "secret"}
    assert fields_in({}) == columns_in({}) == set()


def test_conditions_that_cannot_be_used_are_left_out_with_their_empty_groups() -> None:
    assert fitting(CONTENT, KNOWN, {"secret"}) == {
        "filter": {"and": [["name", "=", "甲"]]},
        "sort": "-credit",
        "q": "数学",
        "columns": [{"code": "name", "width": 90}, {"code": "secret"}],
        "frozen": None,
    }


def test_a_view_that_loses_every_condition_has_no_filter() -> None:
    assert fitting(CONTENT, (), ())["filter"] is None
    assert fitting({"filter": ["gone", "=", 1]}, KNOWN, ())["filter"] is None


def test_a_view_that_fits_stays_as_it_is() -> None:
    whole = {**CONTENT, "columns": [], "frozen": "name"}

    assert fitting(whole, (*KNOWN, "gone"), ()) == whole


def test_fields_of_named_rows_choose_rows_and_do_nothing_else() -> None:
    content = {"filter": ["dept.name", "=", "x"], "sort": "dept.name", "columns": []}

    left = fitting(content, {"dept"}, (), {"dept.name"})

    assert (left["filter"], left["sort"]) == (content["filter"], "")
