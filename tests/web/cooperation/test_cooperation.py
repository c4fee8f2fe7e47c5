"""Co-operation requests as people meet them: pages, the grid of both sides, JSON."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.message import Message, Refused
from app.domain.submission import Status
from app.models.cooperation import Cooperation
from app.web.cooperation import ask as ask_room
from app.web.formats import local
from tests.demo import DemoCollege
from tests.pages import form_of, text_of
from tests.rights.attached import PICTURE

# 教务处 (A03) reports it; 机电工程系 (C02) and 汽车工程系 (C01) are asked.
TABLE, LEAD, PARTNER = "institutional_innovation", "A03", "C02"
MOST_STATEMENTS = 15
STEWARD, HEAD, ASKED, OTHER = "jwc_steward", "jwc_head", "jdx_steward", "qcx_steward"
LATER = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
WANTED = "请填写贵系的制度创新"
ROW = {
    "item_name": "产教融合考核改革",
    "innovation_points": "企业参与评价",
    "implemented_on": "2025-10",
    "main_result": "覆盖全部专业",
}


@pytest.fixture(autouse=True)
def at_work(demo: DemoCollege) -> None:
    """The table can be filled in."""
    demo.set_status(TABLE, LEAD, Status.ENTERING)


def place(demo: DemoCollege) -> int:
    return int(demo.submission(TABLE, LEAD).id)


def ask(demo: DemoCollege, who: str = STEWARD, **typed: str) -> int:
    """Ask by the form; the status of the answer."""
    sent = {"partner": PARTNER, "wanted": WANTED, "due_on": LATER, "then": "send", **typed}
    path = f"/cooperation/submissions/{place(demo)}"
    return int(demo.caller(who).post(path, data=sent).status_code)


def raising(refusal: Refused) -> Callable[..., None]:
    """A step that is refused."""

    def refuse_it(*_place: object, **_who: object) -> None:
        raise refusal

    return refuse_it


def newest(demo: DemoCollege) -> Cooperation:
    with demo.session() as session:
        return session.scalars(select(Cooperation).order_by(Cooperation.id.desc())).all()[0]


def step(demo: DemoCollege, who: str, verb: str, **typed: str) -> int:
    request = newest(demo)
    sent = {"version": str(request.version), **typed}
    path = f"/cooperation/{request.id}/{verb}"
    return int(demo.caller(who).post(path, data=sent).status_code)


def contribute(demo: DemoCollege, who: str = ASKED, **values: str) -> int:
    body = {"period": demo.period(TABLE), "department": LEAD}
    changes = [{"op": "insert", "values": {**ROW, **values}}]
    return int(
        demo.caller(who).post(f"data/{TABLE}/changes", {**body, "changes": changes}).status_code
    )


def rows_for(demo: DemoCollege, who: str) -> list[dict[str, object]]:
    path = f"/api/v1/data/{TABLE}/rows?period={demo.period(TABLE)}&department={LEAD}"
    found: list[dict[str, object]] = demo.caller(who).get(path).json["rows"]
    return found


def test_what_is_wrong_in_a_contributed_row_names_who_contributed_it(demo: DemoCollege) -> None:
    assert ask(demo) == 303
    assert contribute(demo, main_result="") == 200

    page = text_of(demo.caller(STEWARD).get(f"/submissions/{place(demo)}"))

    assert "提供部门：机电工程系" in page.partition(" 问题 ")[2].partition("完整性")[0]


def test_a_request_goes_from_asking_to_confirmation(demo: DemoCollege) -> None:
    assert ask(demo) == 303
    assert WANTED in text_of(demo.caller(ASKED).get("/cooperation/?show=awaited"))
    assert contribute(demo) == 200
    assert step(demo, ASKED, "answer", reason="已填好") == 303

    page = text_of(demo.caller(STEWARD).get(f"/cooperation/{newest(demo).id}"))
    assert "已填好" in page
    assert step(demo, HEAD, "confirm", rating="4") == 303

    assert (newest(demo).status.value, newest(demo).rating) == ("confirmed", 4)


def test_whoever_is_rated_is_not_told_the_rating(demo: DemoCollege) -> None:
    ask(demo)
    step(demo, ASKED, "answer")
    step(demo, STEWARD, "confirm", rating="2")
    path = f"/cooperation/{newest(demo).id}"

    told = {who: "2 分" in text_of(demo.caller(who).get(path)) for who in (STEWARD, "qa", ASKED)}

    assert told == {STEWARD: True, "qa": True, ASKED: False}
    assert "rating" not in demo.caller(ASKED).get(f"/api/v1{path}").json
    assert demo.caller("qa").get(f"/api/v1{path}").json["rating"] == 2


def test_the_two_sides_see_each_their_rows(demo: DemoCollege) -> None:
    before = len(rows_for(demo, STEWARD))
    ask(demo)
    contribute(demo)

    [own] = rows_for(demo, ASKED)
    theirs = [row for row in rows_for(demo, STEWARD) if "contributed" in row]

    assert own["contributed"] == {"department": "机电工程系", "why_fixed": None}
    assert len(rows_for(demo, STEWARD)) == before + 1
    assert [row["id"] for row in theirs] == [own["id"]]
    assert "机电工程系" in str(theirs[0]["contributed"]["why_fixed"])  # type: ignore[index]


def test_another_department_finds_neither_the_request_nor_the_rows(demo: DemoCollege) -> None:
    ask(demo)
    contribute(demo)
    caller = demo.caller(OTHER)

    assert caller.get(f"/cooperation/{newest(demo).id}").status_code == 404
    assert contribute(demo, OTHER) == 403
    path = f"/api/v1/data/{TABLE}/rows?period={demo.period(TABLE)}&department={LEAD}"
    assert caller.get(path).status_code == 403


def test_the_lead_changes_no_row_of_the_other(demo: DemoCollege) -> None:
    ask(demo)
    contribute(demo)
    [row] = rows_for(demo, ASKED)
    change = {"op": "delete", "id": row["id"], "version": row["version"]}
    body = {"period": demo.period(TABLE), "department": LEAD, "changes": [change]}

    answer = demo.caller(STEWARD).post(f"data/{TABLE}/changes", body)

    assert answer.status_code == 422
    assert "退回协同请求" in answer.get_data(as_text=True)
    form = text_of(demo.caller(STEWARD).get(f"/data/{TABLE}/{row['id']}"))
    assert "提供部门：机电工程系" in form
    assert "删除这一行" not in form


def test_the_export_and_the_template_are_open_to_whoever_contributes(demo: DemoCollege) -> None:
    ask(demo)
    contribute(demo)
    query = f"period={demo.period(TABLE)}&department={LEAD}"

    csv = demo.caller(ASKED).get(f"/api/v1/data/{TABLE}/export.csv?{query}")
    template = demo.caller(ASKED).get(f"/api/v1/data/{TABLE}/template.xlsx?{query}")

    lines = csv.get_data(as_text=True).strip().splitlines()
    assert (len(lines), template.status_code) == (2, 200)
    assert ROW["item_name"] in lines[1]


def test_a_table_with_an_open_request_is_not_finished(demo: DemoCollege) -> None:
    ask(demo)
    path = f"/submissions/{place(demo)}"
    page = text_of(demo.caller(STEWARD).get(path))
    version = demo.submission(TABLE, LEAD).version

    answer = demo.caller(STEWARD).post(f"{path}/finish", data={"version": version})

    assert "协同请求没有了结" in page
    assert f"/cooperation/{newest(demo).id}" in demo.caller(STEWARD).get(path).get_data(
        as_text=True
    )
    assert answer.status_code == 422
    assert "协同请求没有了结" in text_of(answer)


def test_a_refused_form_comes_back_with_everything_typed(demo: DemoCollege) -> None:
    path = f"/cooperation/submissions/{place(demo)}"
    sent = {
        "partner": PARTNER,
        "wanted": "很长的说明",
        "due_on": "2020-01-01",
        "field": "main_result",
    }

    answer = demo.caller(STEWARD).post(path, data={**sent, "expected_rows": "7"})

    typed = form_of(answer, "cooperation-form")
    assert answer.status_code == 422
    assert "很长的说明" in answer.get_data(as_text=True)
    assert (typed["due_on"], typed["expected_rows"]) == ("2020-01-01", "7")


def test_an_ungrounded_refusal_keeps_the_page_and_the_state(demo: DemoCollege) -> None:
    ask(demo)

    assert step(demo, ASKED, "refuse", reason=" ") == 422
    assert step(demo, ASKED, "refuse", reason="不归本系管") == 303
    assert step(demo, STEWARD, "appeal", reason="材料在贵系") == 303
    assert step(demo, "qa", "order", reason="材料在该系", due_on=LATER) == 303
    assert newest(demo).status.value == "ordered"
    page = text_of(demo.caller(ASKED).get(f"/cooperation/{newest(demo).id}"))
    assert "不归本系管" in page
    assert "裁定须配合： 材料在该系" in page.partition("下一步")[0]


def test_the_asker_gives_more_time(demo: DemoCollege) -> None:
    ask(demo)
    page = demo.caller(STEWARD).get(f"/cooperation/{newest(demo).id}").get_data(as_text=True)
    assert 'id="due-extend"' in page

    assert step(demo, STEWARD, "extend", due_on=LATER) == 422
    later = (date.fromisoformat(LATER) + timedelta(days=7)).isoformat()
    assert step(demo, STEWARD, "extend", due_on=later) == 303

    text = text_of(demo.caller(ASKED).get(f"/cooperation/{newest(demo).id}"))
    assert "延长响应期限" in text
    assert local(newest(demo).due_at).date().isoformat() == later


def test_a_draft_is_changed_and_sent_later(demo: DemoCollege) -> None:
    assert ask(demo, then="keep") == 303
    path = f"/cooperation/{newest(demo).id}"
    form = form_of(demo.caller(STEWARD).get(f"{path}/revise"), "cooperation-form")
    assert form["due_on"] == LATER

    sent = {**form, "wanted": "另一件事", "partner": PARTNER, "then": "send"}
    assert demo.caller(STEWARD).post(f"{path}/revise", data=sent).status_code == 303

    assert (newest(demo).status.value, newest(demo).wanted) == ("sent", "另一件事")
    assert demo.caller(STEWARD).get(f"{path}/revise").status_code == 409


def test_a_draft_that_cannot_be_sent_is_kept_and_says_why(
    demo: DemoCollege, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where somebody else has just sent the same."""
    said = Refused(Message("Name a due date to come, no later than %(latest)s.", {"latest": LATER}))
    monkeypatch.setattr(ask_room, "take_cooperation_step", raising(said))

    sent = {"partner": PARTNER, "wanted": WANTED, "due_on": LATER, "then": "send"}
    answer = demo.caller(STEWARD).post(f"/cooperation/submissions/{place(demo)}", data=sent)

    assert answer.status_code == 403
    assert WANTED in text_of(answer)
    assert f"/cooperation/{newest(demo).id}/revise" in answer.get_data(as_text=True)
    assert newest(demo).status.value == "draft"


@pytest.mark.parametrize("who", [STEWARD, HEAD, ASKED, "qa"])
def test_pages_ask_the_database_little(demo: DemoCollege, who: str) -> None:
    ask(demo)
    contribute(demo)
    caller, number = demo.caller(who), newest(demo).id
    caller.get("/cooperation/")
    grid = f"/data/{TABLE}/?department={LEAD}"

    for path in ("/cooperation/", f"/cooperation/{number}", "/", grid, f"{grid}&view=rows"):
        with demo.counting() as statements:
            assert caller.get(path).status_code == 200
        assert len(statements) <= MOST_STATEMENTS, (path, statements)


def test_assignments_and_the_sheet_name_who_was_asked(demo: DemoCollege) -> None:
    ask(demo)
    title = demo.store.catalogue.tables[TABLE].name

    page = text_of(demo.caller("qa").get(f"/assignments/?q={title}"))
    sheet = text_of(demo.caller("qa").get(f"/assignments/departments/{PARTNER}/sheet"))

    assert "协同部门：机电工程系" in page
    assert title in sheet


def test_the_workbench_counts_what_waits(demo: DemoCollege) -> None:
    before = text_of(demo.caller(ASKED).get("/"))
    ask(demo)

    after = text_of(demo.caller(ASKED).get("/"))

    assert "件协同请求等您办理" in after
    assert before != after


def test_the_list_is_narrowed_by_side_and_state(demo: DemoCollege) -> None:
    ask(demo)
    caller = demo.caller(ASKED)

    assert WANTED in text_of(caller.get("/cooperation/?show=partner&state=sent"))
    assert WANTED not in text_of(caller.get("/cooperation/?show=partner&state=confirmed"))
    assert WANTED not in text_of(caller.get("/cooperation/?show=asked"))
    assert WANTED not in text_of(caller.get("/cooperation/?state=overdue"))
    assert caller.get("/cooperation/?show=nonsense&state=x&page=99").status_code == 200


def test_everything_is_there_over_json(demo: DemoCollege) -> None:
    body = {"partner": PARTNER, "wanted": WANTED, "due": LATER, "fields": ["main_result"]}
    asked = demo.caller(STEWARD).post(f"submissions/{place(demo)}/cooperation", body).json
    assert (asked["status"], asked["fields"]) == ("draft", ["main_result"])
    path = f"cooperation/{asked['id']}"

    sent = demo.caller(STEWARD).post(f"{path}/send", {"version": asked["version"]}).json
    told = demo.caller(ASKED).get(f"/api/v1/{path}").json
    listed = demo.caller(ASKED).get("/api/v1/cooperation?show=awaited&state=sent").json

    assert sent["status"] == "sent"
    assert told["permitted"] == ["answer", "refuse"]
    assert [event["verb"] for event in told["events"]] == ["request", "send"]
    assert told["id"] in [each["id"] for each in listed["requests"]]
    stale = demo.caller(ASKED).post(f"{path}/answer", {"version": asked["version"]})
    assert stale.status_code == 409


def test_without_the_right_to_answer_there_is_no_part_to_fill_in(demo: DemoCollege) -> None:
    """Taking one right away takes the rows away with it."""
    ask(demo)
    demo.revoke("answer", "cooperation")

    assert contribute(demo) == 403
    assert step(demo, ASKED, "answer") == 403


def test_whoever_contributes_finds_the_table_among_the_others(demo: DemoCollege) -> None:
    title = demo.store.catalogue.tables[TABLE].name
    assert title not in text_of(demo.caller(ASKED).get("/data/?show=all"))

    ask(demo)

    assert title in text_of(demo.caller(ASKED).get("/data/?show=all"))


def test_the_lead_attaches_nothing_to_a_row_of_another(demo: DemoCollege) -> None:
    ask(demo)
    contribute(demo)
    [row] = rows_for(demo, ASKED)
    path = f"data/{TABLE}/rows/{row['id']}/materials"

    def attach(who: str) -> int:
        sent = {"file": (BytesIO(PICTURE), "证书.png")}
        return int(demo.caller(who).post(path, data=sent).status_code)

    assert (attach(STEWARD), attach(ASKED)) == (403, 200)
    comment = f"data/{TABLE}/rows/{row['id']}/comments"
    assert demo.caller(STEWARD).post(comment, {"text": "请核对"}).status_code == 200
