"""The grid as people who live in a spreadsheet use it, in a real browser with a real clipboard."""

from collections.abc import Callable

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.demo import DemoCollege

OpenPage = Callable[[str, str], Page]
PUT = """async ([text, html]) => {
  const items = { "text/plain": new Blob([text], { type: "text/plain" }) };
  if (html) items["text/html"] = new Blob([html], { type: "text/html" });
  await navigator.clipboard.write([new ClipboardItem(items)]);
}"""
TAKE = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (type) => (await item.getType(type)).text();
  return [await read("text/plain"), await read("text/html")];
}"""


def grid_of(open_page: OpenPage, query: str = "") -> Page:
    """The courses of the office of academic affairs, with the right to use the clipboard."""
    page = open_page("jwc_steward", f"/data/course/{query}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(page.locator("#grid .slick-row").first).to_be_visible()
    return page


def put(page: Page, text: str, html: str = "") -> None:
    page.evaluate(PUT, [text, html])


def cell(page: Page, text: str) -> Locator:
    return page.locator("#grid .slick-cell", has_text=text).first


def saved(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("#save-status")).to_contain_text("已保存")


def names(demo: DemoCollege) -> dict[str, str]:
    """Code → name of the courses of the open year."""
    period = demo.period("course")
    rows = [row for row in demo.stored("course") if row["sys_period"] == period]
    return {row["course_code"]: row["course_name"] for row in rows}


def test_a_larger_paste_is_shown_by_the_server_before_it_is_written(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = grid_of(open_page)
    before = names(demo)
    lines = [f"ZZ{number:02}\t课程{number}" for number in range(12)]
    put(page, "\r\n".join(["课程代码\t课程名称", *lines, "GG01\t重复的课程"]))

    page.click("[data-action=add-row]")
    page.keyboard.press("Control+v")

    drawer = page.locator("dialog.drawer")
    expect(drawer.locator("[data-outcome=created]")).to_contain_text("12")
    expect(drawer.locator("[data-outcome=rejected]")).to_contain_text("1")
    expect(drawer).to_contain_text("GG01")
    expect(drawer).to_contain_text("列标题")
    assert names(demo) == before
    drawer.get_by_role("button", name="写入", exact=True).click()
    expect(page.locator("#save-status")).to_contain_text("未能保存")
    assert names(demo) == before | {f"ZZ{number:02}": f"课程{number}" for number in range(12)}


def test_a_preview_that_is_given_up_writes_nothing(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page)
    before = names(demo)
    put(page, "\n".join(f"新{number}" for number in range(30)))

    page.keyboard.press("Control+Home")
    cell(page, "思想道德与法治").click()
    page.keyboard.press("Control+v")
    expect(page.locator("dialog.drawer [data-outcome=changed]")).to_contain_text("30")
    page.locator("dialog.drawer").get_by_role("button", name="取消").click()
    page.keyboard.press("Control+s")

    active = page.locator("#grid .slick-cell.active input")
    expect(active).to_have_value("思想道德与法治")
    assert names(demo) == before


def test_a_table_from_excel_goes_in_as_one_deed(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page)
    before = names(demo)
    first = "<tr><td>ZZ01</td><td>两行<br>的名称</td></tr>"
    html = f"<table>{first}<tr><td>ZZ02</td><td>二</td></tr></table>"
    put(page, "ZZ01\t两行\n的名称\nZZ02\t二", html)

    page.click("[data-action=add-row]")
    page.keyboard.press("Control+v")
    saved(page)
    assert names(demo) == before | {"ZZ01": "两行 的名称", "ZZ02": "二"}
    page.keyboard.press("Control+z")
    saved(page)

    assert names(demo) == before


def test_copied_cells_keep_their_labels_and_leading_zeros(open_page: OpenPage) -> None:
    page = grid_of(open_page)

    cell(page, "GG01").click()
    cell(page, "A类(纯理论课)").click(modifiers=["Shift"])
    page.keyboard.press("Control+Shift+C")

    text, html = page.evaluate(TAKE)
    assert text == "课程代码\t课程名称\t课程类型\r\nGG01\t思想道德与法治\tA类(纯理论课)"
    assert html.count("mso-number-format") == 6


def three_rows(page: Page) -> None:
    """Paste three rows at the end."""
    put(page, "ZZ08\t甲\nZZ18\t乙\nZZ28\t丙")
    page.click("[data-action=add-row]")
    page.keyboard.press("Control+v")
    saved(page)


def test_the_handle_goes_on_with_a_series_in_one_deed(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = grid_of(open_page)
    before = names(demo)
    three_rows(page)
    cell(page, "甲").click()
    page.keyboard.type("第01讲")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")

    page.locator(".fill-handle").dblclick()
    expect(page.get_by_text("已填充 2 格")).to_be_visible()
    saved(page)

    assert names(demo) == before | {"ZZ08": "第01讲", "ZZ18": "第02讲", "ZZ28": "第03讲"}
    page.keyboard.press("Control+z")
    saved(page)
    assert names(demo)["ZZ28"] == "丙"


def test_dragging_the_handle_fills_what_it_passes(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page)
    cell(page, "思想道德与法治").click()
    corner = page.locator(".fill-handle").bounding_box()
    assert corner is not None
    x, y = corner["x"] + 4, corner["y"] + 4

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 30, y + 64, steps=4)
    page.mouse.up()
    expect(page.get_by_text("已填充 2 格")).to_be_visible()
    saved(page)

    assert list(names(demo).values()).count("思想道德与法治") == 3


def test_many_rows_are_changed_after_a_look_and_taken_back_by_one_undo(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = grid_of(open_page)
    before = names(demo)
    page.keyboard.press("Control+h")
    page.get_by_label("查找文字").fill("大学")
    page.get_by_label("替换为").fill("高校")

    page.get_by_role("button", name="全部替换").click()
    drawer = page.locator("dialog.drawer")
    expect(drawer).to_contain_text("高校英语")
    assert names(demo) == before
    drawer.get_by_role("button", name="写入", exact=True).click()
    expect(cell(page, "高校英语")).to_be_visible()
    assert names(demo) == {code: name.replace("大学", "高校") for code, name in before.items()}
    page.click("[data-action=undo]")
    saved(page)

    assert names(demo) == before


def test_a_field_is_set_in_all_rows_that_are_shown(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page, "?q=大学")
    shown = [name for name in names(demo).values() if "大学" in name]
    page.click("[data-action=bulk-edit]")
    page.get_by_label("怎样修改学分").select_option("set")
    page.get_by_label("学分 的新值").fill("７.5")

    page.get_by_role("button", name="查看改前改后").click()
    page.locator("dialog.drawer").get_by_role("button", name="写入", exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)

    period = demo.period("course")
    rows = [row for row in demo.stored("course") if row["sys_period"] == period]
    changed = [row["course_name"] for row in rows if str(row["credit"]) == "7.5"]
    assert sorted(changed) == sorted(shown)


def test_finding_goes_from_cell_to_cell(open_page: OpenPage) -> None:
    page = grid_of(open_page)
    page.keyboard.press("Control+f")
    page.get_by_label("查找文字").fill("大学")
    page.keyboard.press("Enter")

    told = page.locator(".find-told")
    expect(told).to_contain_text("第 1 处")
    page.get_by_role("button", name="下一处", exact=True).click()
    expect(told).to_contain_text("第 2 处")
    expect(page.locator("#grid .slick-cell.active input")).to_have_value("大学生心理健康教育")


def test_a_conflict_is_decided_cell_by_cell(demo: DemoCollege, open_page: OpenPage) -> None:
    page = grid_of(open_page)
    row = demo.caller("jwc_steward").rows("course", q="GG01")[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    change["values"] = {"course_name": "他人的名称"}
    demo.caller("jwc_steward").changes("course", change)

    cell(page, "思想道德与法治").click()
    page.keyboard.type("我的名称\n")
    page.keyboard.press("Control+s")
    page.get_by_role("button", name="逐格处理").click()
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("思想道德与法治")
    expect(dialog).to_contain_text("他人的名称")
    dialog.get_by_label("我的名称").check()
    dialog.get_by_role("button", name="按选择保存").click()
    expect(page.locator("#grid .slick-cell.active input")).to_be_focused()
    saved(page)

    assert names(demo)["GG01"] == "我的名称"


def test_the_first_key_of_an_input_method_begins_to_type(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    page = grid_of(open_page)
    cell(page, "思想道德与法治").click()
    keyboard: CDPSession = page.context.new_cdp_session(page)

    composed = {"selectionStart": 2, "selectionEnd": 2}
    keyboard.send("Input.imeSetComposition", {"text": "ch", **composed})
    keyboard.send("Input.imeSetComposition", {"text": "chahua", **composed})
    keyboard.send("Input.insertText", {"text": "插花"})
    page.keyboard.press("ArrowDown")
    saved(page)

    assert names(demo)["GG01"] == "插花"
    expect(page.locator("#grid .slick-cell.active input")).to_have_value(names(demo)["GG02"])


def test_a_row_that_left_the_filter_stays_until_it_is_loaded_again(open_page: OpenPage) -> None:
    page = grid_of(open_page, "?q=高等数学")
    cell(page, "高等数学").click()
    page.keyboard.type("算学")
    page.keyboard.press("Enter")
    saved(page)

    expect(cell(page, "算学")).to_be_visible()
    expect(page.locator("#grid .row-number.is-displaced")).to_have_count(1)
    page.get_by_role("button", name="刷新").click()
    expect(page.locator("#grid .slick-cell", has_text="算学")).to_have_count(0)


def test_signing_out_tells_of_unsaved_changes_and_leaves_none_behind(
    open_page: OpenPage,
) -> None:
    page = grid_of(open_page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/changes", lambda route: route.abort())
    cell(page, "思想道德与法治").click()
    page.keyboard.type("没有保存")
    page.keyboard.press("Enter")
    expect(page.locator("#save-status")).to_contain_text("未保存")
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('statedata.grid')).length"
    assert page.evaluate(kept) == 1

    page.goto(page.url.partition("/data")[0] + "/logout/")
    page.locator("main button[type=submit]").click()
    expect(page.locator("dialog")).to_contain_text("1 行")
    page.locator("dialog .btn-danger").click()

    page.wait_for_url("**/login/**")
    assert page.evaluate(kept) == 0
