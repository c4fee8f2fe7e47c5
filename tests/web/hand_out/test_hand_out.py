"""Handing out and collecting as a data steward does it: by pages, and in a real browser."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domain.submission import Status
from app.models.audit_log import AuditEntry
from app.models.hand_out import CollectedPiece, CollectedSet
from tests.demo import DemoCollege
from tests.exchange.books import opened
from tests.hand_outs import typed, zipped
from tests.pages import form_of, text_of

OpenPage = Callable[[str, str], Page]
TABLE = "full_time_secondment"
OUT, BACK = f"/data/{TABLE}/hand_out/", f"/data/{TABLE}/collect/"
WHO = "qcx_steward"
MOST_STATEMENTS = 15


def hand_out(demo: DemoCollege, **more: str) -> str:
    """Hand the table out by person; the address of its page."""
    caller = demo.caller(WHO)
    form = form_of(caller.get(OUT), "hand-out-form")
    done = caller.post(OUT, data={**form, **more})
    assert done.status_code == 303, text_of(done)
    return str(done.location)


def workbooks(demo: DemoCollege, address: str) -> dict[str, bytes]:
    """Name → content of the workbooks in the archive."""
    answer = demo.caller(WHO).get(f"{address}/workbooks.zip")
    with ZipFile(BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def collect(demo: DemoCollege, *files: tuple[str, bytes]) -> TestResponse:
    """Send the files; the page that they lead to."""
    caller = demo.caller(WHO)
    sent = [(BytesIO(content), name) for name, content in files]
    answer = caller.post(BACK, data={"files": sent})
    assert answer.status_code == 303, text_of(answer)
    return caller.get(answer.location)


def answer_form(demo: DemoCollege, page: TestResponse, act: str, **decided: str) -> TestResponse:
    caller, address = demo.caller(WHO), page.request.path
    sent = {**form_of(page, "merge-form"), **decided, "act": act}
    return caller.post(address, data=sent)


def book_of(books: dict[str, bytes], number: str) -> tuple[str, bytes]:
    return next((name, book) for name, book in books.items() if name.startswith(number))


def posts(demo: DemoCollege) -> list[Any]:
    return [row["post"] for row in demo.stored(TABLE)]


def test_workbooks_go_out_come_back_and_are_merged(demo: DemoCollege) -> None:
    address = hand_out(demo)
    name, book = book_of(workbooks(demo, address), "31003")

    page = collect(demo, (name, typed(book, 2, 岗位="装配技师")))
    assert "装配技师" not in posts(demo)
    done = demo.caller(WHO).get(answer_form(demo, page, "merge").location)

    assert "修改 1 行" in text_of(done)
    assert "31004 吴立新" in text_of(done)
    assert "装配技师" in posts(demo)
    assert "已合并" in text_of(demo.caller(WHO).get(address))


def test_files_are_kept_in_pieces_until_they_are_merged_or_forgotten(demo: DemoCollege) -> None:
    books = workbooks(demo, hand_out(demo))
    page = collect(demo, *books.items())

    answer_form(demo, page, "merge")
    kept = collect(demo, *books.items())
    answer_form(demo, kept, "drop")

    with demo.session() as session:
        assert session.scalars(select(CollectedPiece)).all() == []
        [found] = session.scalars(select(CollectedSet)).all()
        tags = session.scalars(select(AuditEntry.tag).order_by(AuditEntry.id.desc())).all()[:6]
    assert found.result["total"]["changed"] == 0
    collected = ["hand_out.drop", "hand_out.collect", "hand_out.merge", "hand_out.collect"]
    assert tags == [*collected, "data.export", "hand_out.add"]


def test_every_fetching_of_workbooks_is_told_in_the_log(demo: DemoCollege) -> None:
    address = hand_out(demo)
    books = workbooks(demo, address)
    page = demo.caller(WHO).get(address).get_data(as_text=True)
    [one, *_others] = re.findall(r"/\d+/workbook\.xlsx", page)

    demo.caller(WHO).get(address + one)

    query = select(AuditEntry).where(AuditEntry.tag == "data.export").order_by(AuditEntry.id)
    with demo.session() as session:
        whole, part = session.scalars(query).all()[-2:]
    assert (whole.subject, whole.department_code) == (f"table:{TABLE}", "C01")
    assert len(books) > 1
    assert int(whole.after) > int(part.after)


def test_what_is_refused_keeps_the_files(demo: DemoCollege) -> None:
    books = workbooks(demo, hand_out(demo))
    page = collect(demo, *books.items())
    demo.set_status(TABLE, "C01", Status.SUBMITTED)

    locked = demo.caller(WHO).get(page.request.path)
    demo.set_status(TABLE, "C01", Status.ENTERING)

    assert locked.status_code == 423
    assert "文件已保留" in text_of(locked)
    assert demo.caller(WHO).get(page.request.path).status_code == 200


def test_nothing_is_handed_out_of_a_locked_table(demo: DemoCollege) -> None:
    form = form_of(demo.caller(WHO).get(OUT), "hand-out-form")
    demo.set_status(TABLE, "C01", Status.SUBMITTED)

    assert "hand-out-form" not in demo.caller(WHO).get(OUT).get_data(as_text=True)
    assert demo.caller(WHO).post(OUT, data=form).status_code == 423


def test_the_quality_office_hands_out_to_departments_which_collect_themselves(
    demo: DemoCollege,
) -> None:
    office = demo.caller("qa")
    form = form_of(office.get(OUT), "hand-out-form")
    made = office.post(f"{OUT}?whole=1", data=form).location
    with ZipFile(BytesIO(office.get(f"{made}/workbooks.zip").data)) as archive:
        name = next(each for each in archive.namelist() if each.startswith("汽车工程系"))
        book = archive.read(name)

    page = collect(demo, (name, typed(book, 2, 岗位="装配技师")))
    answer_form(demo, page, "merge")

    assert "装配技师" in posts(demo)
    assert "已合并 1" in text_of(office.get(made))


def test_a_broken_upload_is_told_in_words(demo: DemoCollege) -> None:
    caller = demo.caller(WHO)

    nothing = caller.post(BACK, data={"files": (BytesIO(b""), "")})
    due = caller.post(
        OUT, data={**form_of(caller.get(OUT), "hand-out-form"), "due_on": "2020-01-01"}
    )

    assert (nothing.status_code, due.status_code) == (422, 422)
    assert "没有可回收的文件" in text_of(nothing)
    assert "交回日期已经过了" in text_of(due)


def test_the_report_is_had_as_a_workbook(demo: DemoCollege) -> None:
    books = workbooks(demo, hand_out(demo))
    page = collect(demo, ("坏.xlsx", b"nothing"), *books.items())

    answer = demo.caller(WHO).get(f"{page.request.path}/report.xlsx")

    book = opened(answer.data)
    assert [sheet.title for sheet in book] == ["文件", "未交回", "问题", "冲突"]
    assert book["文件"]["A2"].value == "坏.xlsx"


@pytest.mark.parametrize("path", [OUT, BACK])
def test_the_pages_need_few_statements(demo: DemoCollege, path: str) -> None:
    hand_out(demo)
    caller = demo.caller(WHO)
    caller.get(path)

    with demo.counting() as seen:
        assert caller.get(path).status_code == 200

    assert len(seen) <= MOST_STATEMENTS


def test_the_whole_way_in_a_browser(demo: DemoCollege, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(WHO, f"/data/{TABLE}/")
    page.click("text=分发与回收")
    page.click("#hand-out-form button")
    with page.expect_download() as download:
        page.click("text=下载全部工作簿")
    download.value.save_as(tmp_path / "回收.zip")
    fill(tmp_path / "回收.zip", "31003", "装配技师")

    page.click("text=回收交回的文件")
    page.set_input_files("#files", tmp_path / "回收.zip")
    page.click("text=试算")
    expect(page.locator("main")).to_contain_text("修改 1 行")
    page.click("text=确认合并")

    expect(page.locator("h1")).to_contain_text("回收报告")
    assert "装配技师" in posts(demo)
    page.click("text=修改明细与撤回")
    expect(page.locator("main")).to_contain_text("装配技师")


def fill(archive: Path, number: str, post: str) -> None:
    """Type a post into one workbook of the archive."""
    with ZipFile(archive) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    name, book = book_of(files, number)
    archive.write_bytes(zipped({**files, name: typed(book, 2, 岗位=post)}))


def test_lists_fit_a_phone(demo: DemoCollege, open_page: OpenPage) -> None:
    address = hand_out(demo)
    page = open_page(WHO, OUT)
    page.set_viewport_size({"width": 390, "height": 844})

    for path in (OUT, BACK, address):
        page.goto(page.url.partition("/data")[0] + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
