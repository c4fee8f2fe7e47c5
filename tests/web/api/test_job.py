"""Jobs over the API: large files become one, for whoever asked alone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.cli.texts import translated
from app.domain.job import JobState
from app.jobs.queue import Queue
from app.jobs.worker import Office
from app.models.job import Job
from app.web.api import import_job
from tests.demo import Caller, DemoCollege
from tests.exchange.books import book_of, opened
from tests.jobs.conftest import FILE, HEADINGS, carry_out_by
from tests.pages import links_of
from tests.web.api.test_exchange import sheet_of, upload


@pytest.fixture
def queue(demo: DemoCollege, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    """The queue of the college, with a worker; every file counts as a large one."""
    found: Queue = demo.application.extensions["queue"]
    monkeypatch.setattr(import_job, "LARGE", 0)
    # The queue outlives the college that a test begins with.
    found.huey.flush()
    found.beat_as_worker()
    yield found
    found.leave()
    found.huey.flush()


def carry_out_all(demo: DemoCollege, queue: Queue) -> None:
    office = Office(demo.engine, queue, translated, ())
    for key in sorted(queue.waiting()):
        carry_out_by(office, demo.store, key)
    queue.huey.storage.flush_queue()


def tried(demo: DemoCollege, queue: Queue, caller: Caller, content: bytes = FILE) -> str:
    answer = upload(caller, content)
    assert (answer.status_code, list(answer.json)) == (202, ["job"])
    carry_out_all(demo, queue)
    return str(answer.json["job"])


def shown(caller: Caller, key: str) -> dict[str, Any]:
    return dict(caller.get(f"jobs/{key}").json)


def test_a_large_file_becomes_a_job_with_the_answer_of_a_small_one(
    demo: DemoCollege, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = demo.caller("jwc_steward")
    content = book_of([HEADINGS, ["ZZ01", "插花艺术"], ["", "没有代码"]])

    job = shown(caller, tried(demo, queue, caller, content))

    monkeypatch.setattr(import_job, "LARGE", 10**9)
    direct = upload(caller, content).json
    assert job["state"] == "done"
    assert caller.get(job["result"].pop("error_workbook")).status_code == 200
    direct.pop("error_workbook")
    messages = [
        [finding.pop("message") for finding in r["findings"]] for r in (job["result"], direct)
    ]
    assert (job["result"], len(messages[0])) == (direct, len(messages[1]))


def test_without_a_worker_the_request_does_it_itself(demo: DemoCollege, queue: Queue) -> None:
    queue.leave()

    answer = upload(demo.caller("jwc_steward"), FILE)

    assert (answer.status_code, answer.json["created"]) == (200, 1)


def test_a_trial_is_confirmed_without_sending_the_file_again(
    demo: DemoCollege, queue: Queue
) -> None:
    caller = demo.caller("jwc_steward")
    trial = tried(demo, queue, caller)

    done = caller.post(f"jobs/{trial}/confirm", {}).json["job"]
    assert caller.post(f"jobs/{trial}/confirm", {}).status_code == 409
    carry_out_all(demo, queue)

    assert (shown(caller, done)["state"], shown(caller, done)["result"]["written"]) == (
        "done",
        True,
    )
    assert len(caller.rows("course", q="插花艺术")) == 1
    assert caller.post(f"jobs/{done}/confirm", {}).status_code == 422
    assert "已经" in upload(caller, FILE).json["warning"]


def test_a_file_whose_columns_do_not_fit_is_told_of_on_the_page_of_jobs(
    demo: DemoCollege, queue: Queue
) -> None:
    caller = demo.caller("jwc_steward")
    key = tried(demo, queue, caller, book_of([["课程代码", "没有的列"], ["ZZ01", "插花艺术"]]))

    page = caller.get("/jobs/")

    assert shown(caller, key)["result"]["misfit"] is True
    assert (page.status_code, f"job={key}" in page.get_data(as_text=True)) == (200, False)
    assert caller.post(f"jobs/{key}/confirm", {}).status_code == 422


def test_a_job_is_nobody_else_s_and_the_administrator_sees_its_state_only(
    demo: DemoCollege, queue: Queue
) -> None:
    key = tried(demo, queue, demo.caller("jwc_steward"))

    for other in ("jwc_head", "qcx_steward", "qa", "reader"):
        assert demo.caller(other).get(f"jobs/{key}").status_code == 404
    seen = shown(demo.caller("admin"), key)
    assert (seen["state"], seen["result"]) == ("done", None)
    for act in ("cancel", "confirm"):
        assert demo.caller("admin").post(f"jobs/{key}/{act}", {}).status_code == 404


def test_a_waiting_job_is_given_up_at_once(demo: DemoCollege, queue: Queue) -> None:
    caller = demo.caller("jwc_steward")
    first, second = (upload(caller, FILE).json["job"] for _ in range(2))
    assert shown(caller, second)["progress"]["label"] == "排队中，前面还有 1 个任务"

    answer = caller.post(f"jobs/{first}/cancel", {})

    assert answer.json == {"id": first, "state": "cancelled"}
    assert "没有写入" in shown(caller, first)["result"]["detail"]
    assert caller.post(f"jobs/{first}/cancel", {}).status_code == 409


def test_a_running_job_is_told_to_stop(demo: DemoCollege, queue: Queue) -> None:
    caller = demo.caller("jwc_steward")
    key = upload(caller, FILE).json["job"]
    with demo.session() as session:
        session.query(Job).filter_by(key=key).update({"state": JobState.RUNNING})
        session.commit()

    answer = caller.post(f"jobs/{key}/cancel", {})

    assert answer.json["state"] == "running"
    assert shown(caller, key)["progress"]["label"] == "正在取消……"
    assert queue.wish_of(key) is not None


def test_who_may_not_import_is_refused_before_a_job_is_made(
    demo: DemoCollege, queue: Queue
) -> None:
    assert upload(demo.caller("jwc_head"), FILE).status_code == 403
    assert queue.waiting() == set()


def test_the_state_of_queue_and_worker_is_told_and_fails_nothing(
    demo: DemoCollege, queue: Queue
) -> None:
    assert demo.visitor().get("/readyz").json == {"database": "ok", "queue": "ok", "worker": "ok"}
    queue.leave()

    answer = demo.visitor().get("/readyz")

    assert (answer.status_code, answer.json["worker"]) == (200, "missing")


def test_ended_jobs_are_told_on_the_workbench_until_they_are_looked_at(
    demo: DemoCollege, queue: Queue
) -> None:
    caller = demo.caller("jwc_steward")
    assert links_of(caller.get("/")).count("/jobs/") == 1
    tried(demo, queue, caller)
    assert "1 个后台任务已经结束" in caller.get("/").get_data(as_text=True)

    page = caller.get("/jobs/").get_data(as_text=True)

    assert "查看预览并确认" in page
    workbench = caller.get("/")
    assert "后台任务已经结束" not in workbench.get_data(as_text=True)
    assert links_of(workbench).count("/jobs/") == 2


def test_the_page_says_plainly_that_no_worker_runs(demo: DemoCollege, queue: Queue) -> None:
    caller = demo.caller("jwc_steward")
    key = upload(caller, FILE).json["job"]
    queue.leave()

    assert "后台服务没有运行" in caller.get("/jobs/").get_data(as_text=True)
    assert "导入预览" in demo.caller("admin").get("/jobs/").get_data(as_text=True)
    assert caller.post(f"/jobs/{key}/cancel", data={}).status_code == 302
    assert "已取消，没有写入" in caller.get("/jobs/").get_data(as_text=True)


@pytest.mark.parametrize(
    "chosen",
    [
        "",
        "columns=name,staff_no&codes=1&identifiers=1&encoding=gb18030",
        "whole=1&sort=-staff_no&q=1",
    ],
)
def test_an_export_in_the_background_is_the_file_that_is_had_at_once(
    demo: DemoCollege, queue: Queue, chosen: str
) -> None:
    caller = demo.caller("qa")

    key = caller.post("data/staff/exports?format=csv&" + chosen, {}).json["job"]
    carry_out_all(demo, queue)

    at_once = caller.get("data/staff/export.csv?" + chosen)
    file = caller.get(f"jobs/{key}/file")
    assert (file.status_code, file.data) == (200, at_once.data)
    assert file.headers["Content-Disposition"] == at_once.headers["Content-Disposition"]
    assert demo.caller("jwc_steward").get(f"jobs/{key}/file").status_code == 404


def test_personal_values_leave_whole_in_the_background_with_a_purpose_only(
    demo: DemoCollege, queue: Queue
) -> None:
    caller, address = demo.caller("qcx_steward"), "data/full_time_teacher/exports?unmasked=1"
    assert caller.post(address, {}).status_code == 422
    assert demo.caller("qa").post(f"{address}&purpose=x", {}).status_code == 403

    key = caller.post(f"{address}&purpose=核对证件号码", {}).json["job"]
    carry_out_all(demo, queue)

    file = opened(caller.get(f"jobs/{key}/file").data)
    assert "核对证件号码" in str(file.worksheets[0]["A1"].value)


def test_the_page_of_an_export_tells_how_many_rows_are_selected(
    demo: DemoCollege, queue: Queue
) -> None:
    caller, address = demo.caller("jwc_steward"), "/jobs/export/course?q=GG01&department=A03"
    assert "选中 1 行" in caller.get(address).get_data(as_text=True)

    assert caller.post(address, data={"format": "xlsx"}).status_code == 302
    carry_out_all(demo, queue)

    page = caller.get("/jobs/").get_data(as_text=True)
    [address] = re.findall(r"/api/v1/jobs/[^/]+/file", page)
    assert len(sheet_of(caller.get(address).data)) == 2
    assert caller.get("/jobs/export/course?filter=x").status_code == 400
