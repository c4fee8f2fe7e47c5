"""A feed from its definition to the grid: pages, JSON and commands tell the same."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cli.command import Start
from app.cli.command_line import statedata
from app.models.adopted_table import live_tables
from app.models.feed import Feed
from tests.demo import DemoCollege
from tests.feeds import COURSES, courses
from tests.pages import form_of, text_of

MOST_STATEMENTS = 15
PLACE = {"source": "jw_kc", "target": "course"}
TYPED: Mapping[str, str] = {
    "name": "教务课程",
    "choice-course_code": "c:kch",
    "choice-course_name": "c:kcm",
    "choice-course_type": "c:kclb",
    "pairs-course_type": "1=A\n2=B",
    "choice-credit": "c:xf",
    "choice--department": "c:dw",
    "pairs--department": "301=A03",
    "period-column": "xn",
    "period-pattern": "{start}-{end}",
}


def define(fed: DemoCollege, **other: str) -> str:
    """The quality office defines the feed; its address."""
    caller = fed.caller("qa")
    form = form_of(caller.get("/feeds/new", **PLACE), "feed-form")
    saved = caller.post("/feeds/new", data={**form, **TYPED, **other})
    assert saved.status_code == 302, text_of(saved)
    return str(saved.location)


def preview(fed: DemoCollege, address: str, who: str = "jwc_steward") -> TestResponse:
    return fed.caller(who).get(f"{address}/preview", department="A03")


def write(fed: DemoCollege, address: str, **decided: str) -> TestResponse:
    """The data steward confirms what the preview shows."""
    sent = {**form_of(preview(fed, address), "run-form"), **decided}
    return fed.caller("jwc_steward").post(f"{address}/run", data=sent)


def course(fed: DemoCollege, code: str) -> dict[str, Any]:
    """A course as the grid gets it."""
    rows = fed.caller("jwc_steward").rows("course", q=code)
    return next(row for row in rows if row["values"]["course_code"] == code)


def test_definition_comes_back_with_its_faults_and_as_it_was_kept(fed: DemoCollege) -> None:
    caller = fed.caller("qa")
    bad = caller.post("/feeds/new", data={**PLACE, **TYPED, "choice-course_code": ""})
    assert (bad.status_code, "主键字段" in text_of(bad)) == (422, True)
    assert form_of(bad, "feed-form")["pairs-course_type"] == TYPED["pairs-course_type"]

    kept = form_of(caller.get(f"{define(fed)}/edit"), "feed-form")

    assert {name: kept[name] for name in TYPED} == dict(TYPED)


def test_filter_that_the_form_cannot_show_stays(fed: DemoCollege) -> None:
    address, tree = define(fed), {"or": [["kch", "=", "JW1"], ["xf", ">", 3]]}
    with fed.session() as session:
        feed = session.scalars(select(Feed)).one()
        feed.content = {**feed.content, "filter": tree}
        session.commit()

    form = form_of(fed.caller("qa").get(f"{address}/edit"), "feed-form")
    assert fed.caller("qa").post(f"{address}/edit", data=form).status_code == 302

    assert "新增 1 行" in text_of(preview(fed, address))


def test_steward_looks_confirms_and_sees_the_source_beside_the_cells(fed: DemoCollege) -> None:
    address = define(fed)
    assert "JW1 · 课程1" in text_of(preview(fed, address))

    done = write(fed, address)

    assert (done.status_code, done.location) == (302, address)
    row = course(fed, "JW1")
    assert (row["values"]["credit"], row["values"]["course_type"]) == ("2.5", "A")
    assert row["fed"]["credit"].startswith("来自 教务课程库，")
    form = fed.caller("jwc_steward").get(f"/data/course/{row['id']}")
    assert "来自 教务课程库，" in text_of(form)
    assert "新增 2，" in text_of(fed.caller("jwc_steward").get(address))


def test_conflict_is_decided_on_the_page(fed: DemoCollege) -> None:
    address = define(fed)
    write(fed, address)
    row = course(fed, "JW1")
    edit = {"op": "update", "id": row["id"], "version": row["version"], "values": {"credit": "1.0"}}
    assert fed.caller("jwc_steward").changes("course", edit).status_code == 200
    api = fed.caller("jwc_steward").get(f"feeds/{address.split('/')[-1]}/preview").json
    [conflict] = api["departments"][0]["conflicts"]
    assert (conflict["mine"], conflict["source"], conflict["field"]) == ("1.0", "2.5", "credit")

    write(fed, address, **{f"choice-A03-{conflict['key']}-credit": "take"})

    assert course(fed, "JW1")["values"]["credit"] == "2.5"


def test_stale_preview_is_shown_again_and_nothing_is_written(fed: DemoCollege) -> None:
    address = define(fed)

    stale = write(fed, address, digest="another")

    assert (stale.status_code, "最新的预览" in text_of(stale)) == (409, True)
    assert fed.caller("jwc_steward").rows("course", q="JW1") == []


def test_run_over_json_takes_the_digest_and_decisions(fed: DemoCollege) -> None:
    number = define(fed).split("/")[-1]
    caller = fed.caller("jwc_steward")
    digest = caller.get(f"feeds/{number}/preview").json["digest"]

    done = caller.post(f"feeds/{number}/runs", {"digest": digest, "others": "keep"})
    again = caller.post(f"feeds/{number}/runs", {"digest": digest})

    assert (done.json["written"], done.json["departments"][0]["counts"]["created"]) == (True, 2)
    assert again.status_code == 409
    [run] = caller.get(f"feeds/{number}").json["runs"]
    assert (run["result"], run["counts"]["created"]) == ("done", 2)


def test_refused_run_is_kept_in_chinese(fed: DemoCollege) -> None:
    address = define(fed)
    seen = form_of(preview(fed, address), "run-form")
    fed.caller("admin").post(f"{address}/active", data={"active": "0"})

    refused = fed.caller("jwc_steward").post(f"{address}/run", data=seen)

    assert (refused.status_code, "已停用" in text_of(refused)) == (409, True)
    assert "数据对接“教务课程”已停用。" in text_of(fed.caller("qa").get(address))


def test_schedule_is_kept_and_shown(fed: DemoCollege) -> None:
    address, caller = define(fed), fed.caller("jwc_steward")

    sent = {"rhythm": "weekly", "weekday": "2", "hour": "4", "department": ""}
    assert caller.post(f"{address}/schedule", data=sent).status_code == 302

    assert "星期三 4:00" in text_of(caller.get("/feeds/"))
    assert caller.post(f"{address}/schedule", data={**sent, "hour": "40"}).status_code == 422


def test_pages_ask_few_statements(fed: DemoCollege) -> None:
    address = define(fed)
    write(fed, address)
    caller = fed.caller("jwc_steward")
    for page in ("/feeds/", address, f"{address}/preview", "/api/v1/data/course/rows"):
        caller.get(page)
        with fed.counting() as statements:
            assert caller.get(page).status_code == 200
        # One more than pages may ask: who has contributed rows of the place.
        most = MOST_STATEMENTS + page.endswith("/preview")
        assert len(statements) <= most, page


def command(fed: DemoCollege, *arguments: str) -> Result:
    start = Start(lambda: fed.application, Path())
    return CliRunner().invoke(statedata, ["feed", *arguments], obj=start, catch_exceptions=False)


def test_operator_lists_previews_and_runs(fed: DemoCollege) -> None:
    define(fed)
    by = ("--by", "jwc_steward", "--department", "A03")

    listed, shown = command(fed, "list"), command(fed, "preview", "教务课程", *by)
    done, refused = command(fed, "run", "教务课程", *by), command(fed, "run", "1", "--by", "reader")

    assert "教务课程  jw_kc → course" in listed.output
    assert "A03  新增 2，" in shown.output
    assert (done.exit_code, refused.exit_code) == (0, 1)
    assert command(fed, "run", "没有", *by).exit_code == 1
    assert course(fed, "JW2")["values"]["course_name"] == "课程2"
    assert command(fed, "due").exit_code == 0


def test_definition_is_shown_as_far_as_its_source_is(fed: DemoCollege) -> None:
    address = define(fed, **{"filter-column": "kclb", "filter-operator": "=", "filter-value": "1"})
    known, live = fed.application.extensions, live_tables({COURSES: courses(masked="kclb")})
    known["store"] = replace(known["store"], adopted=live)

    office, admin = (fed.caller(who) for who in ("qa", "admin"))
    told = office.get(f"/api/v1{address}").json

    assert told["not_shown"] == ["course_type", "filter"]
    assert "course_type" not in told["definition"]["fields"]
    assert (told["definition"]["filter"], "1 → A" in text_of(office.get(address))) == (None, False)
    assert office.get(f"{address}/edit").status_code == 403
    assert admin.get(f"/api/v1{address}").json["definition"] is None
    assert "课程名" not in text_of(admin.get(address))
