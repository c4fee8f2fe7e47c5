"""What stands beside rows, over HTTP and in a browser: materials and comments."""

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect
from werkzeug.test import TestResponse

from app.domain.submission import Status
from tests.demo import Caller, DemoCollege
from tests.web.base_table.test_browser import OpenPage
from tests.web.base_table.test_row_history import open_section

TABLE = "full_time_teacher"
PDF = b"%PDF-1.4\n%%EOF"
# In milliseconds: a photograph is drawn anew by a process that starts first.
PATIENCE = 30_000


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (80, 60), (200, 60, 60)).save(file, "JPEG")
    return file.getvalue()


def first_row(caller: Caller) -> dict[str, Any]:
    return caller.rows(TABLE)[0]


def send(
    caller: Caller, row: str, content: bytes, name: str = "证书.jpg", **more: str
) -> TestResponse:
    sent = {"file": (BytesIO(content), name), **more}
    return caller.post(f"data/{TABLE}/rows/{row}/materials", data=sent)


def test_a_photograph_is_shown_and_a_document_only_handed_out(demo: DemoCollege) -> None:
    steward, qa = demo.caller("qcx_steward"), demo.caller("qa")
    row = first_row(steward)["id"]
    photograph = send(steward, row, picture(), field="is_dual_qualified").json
    document = send(steward, row, PDF, "证书.html").json

    shown, saved = (qa.get(each["url"]) for each in (photograph, document))

    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved, qa.get(photograph["thumbnail"])):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert (document["name"], document["thumbnail"]) == ("证书.pdf", None)


def test_the_rows_tell_what_is_attached_to_which_cell(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    row = first_row(steward)["id"]
    send(steward, row, PDF)
    said = {"text": "请核对", "field": "mobile"}
    assert steward.post(f"data/{TABLE}/rows/{row}/comments", said).status_code == 200

    assert first_row(steward)["attached"] == {"comments": {"mobile": 1}, "materials": {"": 1}}
    # The number is masked for the quality office: nothing is told of what hangs on it.
    assert first_row(demo.caller("qa"))["attached"] == {"materials": {"": 1}}
    assert demo.caller("qa").get(f"data/{TABLE}/rows/{row}/comments").json["threads"] == []


def test_what_is_no_photograph_is_refused_whatever_it_is_called(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")

    answer = send(steward, first_row(steward)["id"], b"<svg onload='alert(1)'/>", "证书.png")

    assert answer.status_code == 422
    assert "不是照片" in answer.json["detail"]


def test_a_page_of_rows_asks_the_database_no_more_for_marks(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    send(steward, first_row(steward)["id"], PDF)

    for path in (f"/data/{TABLE}/", "/", f"data/{TABLE}/rows"):
        with demo.counting() as statements:
            assert steward.get(path).status_code == 200
        assert len(statements) <= 15, path


def test_reviewers_find_materials_and_comments_on_the_submission(demo: DemoCollege) -> None:
    steward, qa = demo.caller("qcx_steward"), demo.caller("qa")
    row = first_row(steward)["id"]
    send(steward, row, picture(), "双师证书.jpg", field="is_dual_qualified")
    qa.post(f"data/{TABLE}/rows/{row}/comments", {"text": "请补充\n<b>证书</b>编号"})
    submission = demo.submission(TABLE, "C01")

    with demo.counting() as statements:
        page = qa.get(f"/submissions/{submission.id}").get_data(as_text=True)

    assert "双师证书.jpg" in page
    assert "请补充\n&lt;b&gt;证书&lt;/b&gt;编号" in page
    assert "新批注" in steward.get("/").get_data(as_text=True)
    # All tables that rules compare with are read together.
    assert len(statements) <= 15


def choose_first_cell(page: Page) -> None:
    page.locator("#grid .slick-row .slick-cell.l2").first.click()


def open_choice_of_files(page: Page) -> Locator:
    choose_first_cell(page)
    open_section(page, "materials")
    choose = page.locator("[data-material-input=choose]")
    expect(choose).to_be_attached()
    return choose


def test_files_are_added_and_removed_beside_the_grid(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "证书.jpg").write_bytes(picture())
    page = open_page("qcx_steward", f"/data/{TABLE}/")
    choose_first_cell(page)
    open_section(page, "materials")
    section = page.locator("details[data-section=materials]")

    section.locator("[data-material-input=choose]").set_input_files(tmp_path / "证书.jpg")
    expect(section.locator(".material")).to_contain_text("证书.jpg", timeout=PATIENCE)
    expect(page.locator("#grid .slick-cell.l2.has-material")).to_have_count(1)
    section.get_by_role("button", name="移除").click()
    page.locator("dialog button.btn-danger").click()

    expect(section.locator(".material")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#grid .has-material")).to_have_count(0)


def test_a_thread_is_begun_answered_and_resolved(demo: DemoCollege, open_page: OpenPage) -> None:
    page = open_page("qcx_steward", f"/data/{TABLE}/")
    choose_first_cell(page)
    open_section(page, "comments")
    section = page.locator("details[data-section=comments]")

    section.get_by_label("写批注").fill("请核对姓名")
    section.get_by_role("button", name="发送").click()
    expect(section.locator(".comment-text")).to_have_text("请核对姓名", timeout=PATIENCE)
    expect(page.locator("#grid .slick-cell.l2.has-comment")).to_have_count(1)
    expect(page.locator("#comment-count")).to_have_text("1 条批注")
    section.get_by_role("button", name="标为已解决").click()

    expect(section.locator(".comment-thread.is-resolved")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("#grid .has-comment")).to_have_count(0)
    expect(page.locator("#comment-count")).to_be_hidden()


def test_a_file_refused_after_the_reader_left_its_row_is_told(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "假.jpg").write_bytes(b"no picture")
    page = open_page("qcx_steward", f"/data/{TABLE}/")
    waiting: list[Route] = []
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    choose = open_choice_of_files(page)
    page.route("**/materials", lambda route: waiting.extend([route]))

    with page.expect_request("**/materials"):
        choose.set_input_files(tmp_path / "假.jpg")
    page.locator("#grid .slick-header-column").nth(2).click()
    waiting[0].continue_()

    expect(page.locator("#notices")).to_contain_text("没有添加", timeout=PATIENCE)
    assert problems == []


def test_a_teacher_opens_his_table_without_a_refusal(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = open_page("t_full", f"/data/{TABLE}/")
    refused: list[str] = []
    page.on("response", lambda one: refused.append(one.url) if one.status == 403 else None)

    page.reload()
    expect(page.locator("#grid .slick-row").first).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert refused == []


def test_a_telephone_adds_a_photograph_under_the_form(
    demo: DemoCollege, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "拍照.jpg").write_bytes(picture())
    row = first_row(demo.caller("qcx_steward"))["id"]
    page = open_page("qcx_steward", f"/data/{TABLE}/{row}")
    page.set_viewport_size({"width": 390, "height": 844})
    take = page.locator("#beside [data-material-input=take]")
    expect(take).to_have_attribute("capture", "environment")

    take.set_input_files(tmp_path / "拍照.jpg")

    expect(page.locator("#beside .material")).to_contain_text("拍照.jpg", timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_while_a_table_is_reviewed_files_stay_and_comments_go_on(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    row = first_row(steward)["id"]
    material = send(steward, row, PDF).json
    demo.set_status(TABLE, "C01", Status.UNDER_REVIEW)

    path = f"data/{TABLE}/rows/{row}/comments"
    removed = steward.client.delete(material["url"], headers={"X-CSRFToken": steward.token})
    assert (send(steward, row, PDF).status_code, removed.status_code) == (423, 423)
    assert demo.caller("qa").post(path, {"text": "请说明"}).status_code == 200
