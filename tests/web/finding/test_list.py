"""The list of findings: what it shows to whom, and what is done in it."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from tests.demo import DemoCollege
from tests.pages import links_of, text_of
from tests.web.api.test_finding import DEPARTMENT, RULE, TABLE, findings
from tests.web.finding.listed import SAID, act, listed, tick


def test_a_line_tells_what_is_wrong_and_leads_to_the_cell(demo: DemoCollege) -> None:
    found = listed(demo)

    answer = demo.caller("jwc_steward").get("/findings/", table=TABLE, rule=RULE)

    assert "教材版本超过10年" in text_of(answer)
    cell = f"row={found['row_id']}&field=edition_year"
    assert any(link.startswith(f"/data/{TABLE}/") and cell in link for link in links_of(answer))


def test_counts_narrow_the_list(demo: DemoCollege) -> None:
    listed(demo)

    answer = demo.caller("qa").get("/findings/")

    narrowing = [link for link in links_of(answer) if f"table={TABLE}" in link]
    assert any("dimension=timeliness" in link for link in narrowing)


def test_another_department_sees_nothing_of_it(demo: DemoCollege) -> None:
    listed(demo)

    answer = demo.caller("cwc_steward").get("/findings/", table=TABLE)

    assert answer.status_code == 200
    assert "教材版本超过10年" not in text_of(answer)


def test_a_warning_is_explained_and_adopted_in_the_list(demo: DemoCollege) -> None:
    found = listed(demo)

    assert act(demo, "jwc_steward", found, "explain").status_code == 303
    assert act(demo, "qa", found, "adopt", "").status_code == 303

    page = text_of(demo.caller("jwc_steward").get("/findings/", table=TABLE, state="adopted"))
    assert SAID in page


def test_a_refused_rejection_keeps_the_tick(demo: DemoCollege) -> None:
    found = listed(demo)
    act(demo, "jwc_steward", found, "explain")

    answer = act(demo, "qa", found, "reject", "")

    assert answer.status_code == 422
    box = answer.get_data(as_text=True).partition(f'value="{tick(found)}"')[2].partition(">")[0]
    assert box.endswith(" checked")


def test_what_was_typed_stays_where_values_have_changed(demo: DemoCollege) -> None:
    found = listed(demo)

    answer = act(demo, "jwc_steward", {**found, "seen": "0" * 64}, "explain")

    assert answer.status_code == 409
    assert SAID in answer.get_data(as_text=True)


def test_the_workbook_holds_the_filtered_lines_as_words(demo: DemoCollege) -> None:
    act(demo, "jwc_steward", listed(demo), "explain", "=1+1")

    answer = demo.caller("jwc_steward").get("/findings/export.xlsx", table=TABLE, rule=RULE)

    book = CalamineWorkbook.from_filelike(BytesIO(answer.data))
    _head, *rows = book.get_sheet_by_index(0).to_python()
    assert [row[8] for row in rows] == ["=1+1"]


def test_a_rule_is_waived_with_a_reason_and_held_to_again(demo: DemoCollege) -> None:
    listed(demo)
    form = {"table": TABLE, "rule": RULE, "department": DEPARTMENT}
    office, steward = demo.caller("qa"), demo.caller("jwc_steward")

    assert office.post("/findings/waivers", data=form).status_code == 422
    office.post("/findings/waivers", data={**form, "reason": "课程标准指定"})

    assert [each["state"] for each in findings(steward, demo)] == ["waived"]
    page = office.get("/findings/waivers").get_data(as_text=True)
    number = page.partition('action="/findings/waivers/')[2].partition("/end")[0]
    office.post(f"/findings/waivers/{number}/end", data={"reason": "已更换"})
    assert [each["state"] for each in findings(steward, demo)] == ["open"]


def test_while_a_check_is_under_way_the_page_shows_how_far_it_is(demo: DemoCollege) -> None:
    answers = [demo.caller(who).post("/findings/check", data={}) for who in ("qa", "jwc_steward")]

    page = demo.caller("qa").get("/findings/").get_data(as_text=True)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert 'hx-trigger="every 2s"' in page
    assert "重新检查" not in page


def test_counts_tell_errors_from_warnings(demo: DemoCollege) -> None:
    listed(demo)

    links = links_of(demo.caller("qa").get("/findings/"))

    assert any(f"table={TABLE}" in link and "severity=warning" in link for link in links)


def test_newer_edits_are_told_until_they_are_looked_through(demo: DemoCollege) -> None:
    listed(demo)
    steward = demo.caller("jwc_steward")
    assert "之后又有修改" not in text_of(steward.get("/findings/", table=TABLE))
    row = steward.rows(TABLE, period=demo.period(TABLE), department=DEPARTMENT)[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    steward.changes(TABLE, {**change, "values": {"edition_year": 1991}})

    assert "之后又有修改，正在核对" in text_of(steward.get("/findings/", table=TABLE))
