"""Tables of a single row: the form takes the place of the grid."""

from app.domain.submission import Status
from tests.demo import DemoCollege
from tests.pages import form_of, text_of

PAGE = "/data/funding_income/"


def funding(demo: DemoCollege) -> dict[str, object]:
    """The stored row of the present period."""
    period = demo.period("funding_income")
    return next(row for row in demo.stored("funding_income") if row["sys_period"] == period)


def test_the_table_opens_as_its_form_and_saves(demo: DemoCollege) -> None:
    caller = demo.caller("cwc_steward")
    form = form_of(caller.get(PAGE))
    action = f"{PAGE}{funding(demo)['sys_id']}"

    answer = caller.post(action, data=form | {"field-tuition_total": "600"})

    assert answer.status_code == 303
    assert answer.location.startswith(PAGE)
    assert str(funding(demo)["tuition_total"]) == "600.00"


def test_the_first_row_is_made_by_the_same_form(demo: DemoCollege) -> None:
    caller = demo.caller("cwc_steward")
    empty_it(demo)

    form = form_of(caller.get(PAGE))
    answer = caller.post(f"{PAGE}new", data=form | {"field-tuition_total": "600"})

    assert answer.status_code == 303
    assert str(funding(demo)["tuition_total"]) == "600.00"


def test_a_row_that_somebody_else_began_is_met_field_by_field(demo: DemoCollege) -> None:
    caller = demo.caller("cwc_steward")
    empty_it(demo)
    form = form_of(caller.get(PAGE))
    caller.post(f"{PAGE}new", data=form | {"field-tuition_total": "600"})

    answer = caller.post(f"{PAGE}new", data=form | {"field-tuition_total": "700"})

    assert answer.status_code == 409
    assert "我填的： 700 现在的： 600.00" in text_of(answer)
    assert str(funding(demo)["tuition_total"]) == "600.00"


def test_a_closed_table_shows_its_figures_without_save(demo: DemoCollege) -> None:
    demo.set_status("funding_income", "A07", Status.SUBMITTED)

    answer = demo.caller("cwc_steward").get(PAGE)

    assert str(funding(demo)["tuition_total"]) in answer.get_data(as_text=True)
    assert "保存</button>" not in answer.get_data(as_text=True)
    assert "不能修改" in text_of(answer)


def test_the_address_of_a_new_row_leads_to_the_form(demo: DemoCollege) -> None:
    answer = demo.caller("cwc_steward").get(f"{PAGE}new")

    assert answer.status_code == 302
    assert answer.location.startswith(PAGE)


def empty_it(demo: DemoCollege) -> None:
    """Delete the only row, as its steward does."""
    caller, row = demo.caller("cwc_steward"), funding(demo)
    answer = caller.post(f"{PAGE}{row['sys_id']}/delete", data={"version": row["sys_version"]})
    assert answer.status_code == 303
