"""Spot checks as the quality office does them: by pages, on paper, in a browser and on a phone."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.audit_log import AuditEntry
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.pages import form_of, text_of

OpenPage = Callable[[str, str], Page]
MOST_STATEMENTS = 20


def year(demo: DemoCollege) -> str:
    return demo.locked_cycle.academic_year


def submission(demo: DemoCollege, table: str = "staff") -> int:
    """A reported table of last year."""
    query = select(Submission.id).where(
        Submission.cycle_id == demo.locked_cycle.id, Submission.table_identifier == table
    )
    with demo.session() as session:
        return session.scalars(query).first() or 0


def draw(demo: DemoCollege, **typed: str) -> TestResponse:
    """Fill in the form and send it."""
    caller, address = demo.caller("qa"), f"/spot_checks/draw?cycle={year(demo)}"
    form = form_of(caller.get(address), "draw-form")
    sent = {**form, "submission": str(submission(demo)), "size": "3", "unit": "rows", **typed}
    return caller.post(address, data=sent)


def drawn(demo: DemoCollege, **typed: str) -> str:
    """The address of a new spot check."""
    answer = draw(demo, **typed)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.location)


def enter(demo: DemoCollege, address: str, **typed: str) -> TestResponse:
    caller = demo.caller("qa")
    told = {name.replace("_", "-"): value for name, value in typed.items()}
    return caller.post(address, data={**form_of(caller.get(address), "results-form"), **told})


def test_a_spot_check_from_drawing_to_its_rate(demo: DemoCollege) -> None:
    address = drawn(demo, seed="20261001")

    enter(demo, address, result_1="matching", result_2="mismatching", note_2="出生日期有误")
    page = text_of(demo.caller("qa").get(address))

    assert "126 行中的 3 行" in page
    assert "20261001" in page
    assert "true" not in page
    assert "50.0%（95% 置信区间 9.5%—90.5%）" in page
    assert "50.0%（95%" in text_of(demo.caller("qa").get(f"/spot_checks/?cycle={year(demo)}"))


def test_masked_values_stay_masked_on_the_page_and_in_the_workbook(demo: DemoCollege) -> None:
    address = drawn(demo)
    page = text_of(demo.caller("qa").get(address))
    book = load_workbook(BytesIO(demo.caller("qa").get(f"{address}/check_list.xlsx").data))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]

    for shown in (page, " ".join(cells)):
        assert "****" in shown
        assert not re.search(r"710000\d{8}", shown)
    whole = text_of(demo.caller("a02_steward").get(address))
    assert re.search(r"710000\d{8}", whole)


def test_the_workbook_is_masked_for_everybody_and_stands_in_the_log(demo: DemoCollege) -> None:
    address = drawn(demo)

    answer = demo.caller("a02_steward").get(f"{address}/check_list.xlsx")

    sheet = load_workbook(BytesIO(answer.data)).active
    cells = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "****" in cells
    assert not re.search(r"710000\d{8}", cells)
    with demo.session() as session:
        newest = select(AuditEntry).where(AuditEntry.tag == "data.export")
        entry = session.scalars(newest.order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.subject, entry.after, entry.department_code) == ("table:staff", "3", "A02")


def test_the_workbook_offers_the_results_to_choose_from(demo: DemoCollege) -> None:
    address = drawn(demo)

    sheet = load_workbook(BytesIO(demo.caller("qa").get(f"{address}/check_list.xlsx").data)).active

    assert sheet.max_row == 4
    (choices,) = sheet.data_validations.dataValidation
    assert choices.formula1 == '"一致,不一致,无佐证"'


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"size": "许多"}, "1 以上的整数"),
        ({"size": "-1"}, "1 以上的整数"),
        ({"size": "9999"}, "126 行"),
        ({"seed": "1" * 65}, "64"),
    ],
)
def test_a_bad_size_is_told_and_nothing_typed_is_lost(
    demo: DemoCollege, typed: dict[str, str], told: str
) -> None:
    answer = draw(demo, **{"seed": "20261001", **typed})

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert form_of(answer, "draw-form")["size"] == typed.get("size", "3")


def test_a_result_without_its_note_is_told_and_kept(demo: DemoCollege) -> None:
    address = drawn(demo)

    answer = enter(demo, address, result_1="mismatching", result_2="matching", note_2="原件已看")

    assert answer.status_code == 422
    assert "第 1 条" in text_of(answer)
    page = answer.get_data(as_text=True)
    assert 'name="result-1" value="mismatching" checked' in page
    assert form_of(answer, "results-form")["note-2"] == "原件已看"


def test_results_entered_meanwhile_are_told_and_nothing_is_lost(demo: DemoCollege) -> None:
    address = drawn(demo)
    enter(demo, address, result_1="matching")

    answer = enter(demo, address, version="1", result_1="unsupported", note_1="没有合同")

    assert answer.status_code == 409
    assert "这期间有人录入了结果" in text_of(answer)
    assert form_of(answer, "results-form")["note-1"] == "没有合同"


def test_the_page_asks_few_statements_however_many_rows(demo: DemoCollege) -> None:
    address = drawn(demo, size="50")
    caller = demo.caller("qa")

    with demo.counting() as seen:
        caller.get(address)

    assert len(seen) <= MOST_STATEMENTS


def test_by_keyboard_in_a_browser(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("qa", f"/spot_checks/draw?cycle={year(demo)}")
    page.select_option("#submission", str(submission(demo)))
    page.fill("#size", "2")
    page.select_option("#unit", "rows")
    page.focus("#seed")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("抽查：")
    page.locator("input[name='result-1']").last.focus()
    for key in ("ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("原件相符")
    page.keyboard.press("Enter")

    expect(page.locator(".alert-success")).to_contain_text("已保存 1 条结果")
    with demo.session() as session:
        found = session.scalars(select(SpotCheckRow).where(SpotCheckRow.number == 1)).one()
        seed = session.scalars(select(SpotCheck.seed)).one()
    assert (found.result, found.note, seed) == ("matching", "原件相符", "7")


def test_pages_fit_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    address = drawn(demo)
    page = open_page("qa", "/spot_checks/")
    page.set_viewport_size({"width": 390, "height": 844})

    for path in ("/spot_checks/", f"/spot_checks/draw?cycle={year(demo)}", address):
        page.goto(page.url.partition("/spot_checks")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.locator("h1").is_visible()


def test_on_paper_the_choices_and_a_place_to_sign_stand(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("qa", drawn(demo))
    page.emulate_media(media="print")

    expect(page.locator(".signature")).to_be_visible()
    expect(page.get_by_text("保存结果")).to_be_hidden()
    expect(page.locator(".drawn-row").first).to_contain_text("无佐证")
