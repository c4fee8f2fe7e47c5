"""A file of 5,000 rows in a real browser, with a real worker: given up once, imported once."""

import os
import signal
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page, expect
from xlsxwriter import Workbook

from app.domain.job import JobState
from tests.demo import DemoCollege
from tests.web.api.test_exchange import sheet_of, upload
from tests.worker import DEADLINE, Worker, until

OpenPage = Callable[[str, str], Page]
ROWS = 5000
PATIENCE = DEADLINE * 1000.0


def large_file(demo: DemoCollege) -> bytes:
    """New courses like the first one that there is."""
    headings, first = sheet_of(demo.caller("jwc_steward").get("data/course/export.xlsx").data)[:2]
    target = BytesIO()
    with Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headings)
        for number in range(1, ROWS + 1):
            sheet.write_row(number, 0, [f"ZZ{number:06d}", f"大课程{number}", *first[2:]])
    return target.getvalue()


def test_a_large_file_is_given_up_once_and_imported_once(
    demo: DemoCollege, worker: Worker, open_page: OpenPage, tmp_path: Path
) -> None:
    (tmp_path / "课程.xlsx").write_bytes(large_file(demo))
    before = len(demo.stored("course"))
    page = open_page("jwc_steward", "/data/course/import")

    worker.pause()
    page.set_input_files("#import-file", tmp_path / "课程.xlsx")
    expect(page.locator("#import-progress")).to_contain_text("排队中", timeout=PATIENCE)
    page.click("#import-progress button")
    expect(page.locator("#import-result")).to_contain_text("任务已取消", timeout=PATIENCE)
    worker.go_on()
    page.set_input_files("#import-file", tmp_path / "课程.xlsx")
    page.get_by_text(f"导入 {ROWS} 行").click(timeout=PATIENCE)
    expect(page.locator("#import-result")).to_contain_text("导入完成", timeout=PATIENCE)

    assert len(demo.stored("course")) == before + ROWS


def test_the_process_of_a_job_is_killed_and_the_job_is_done_nevertheless(
    demo: DemoCollege, worker: Worker
) -> None:
    key = upload(demo.caller("jwc_steward"), large_file(demo)).json["job"]

    os.kill(worker.process_of_job(), signal.SIGKILL)
    job = worker.await_state(key, JobState.DONE)

    assert (job.attempts, job.summary["created"]) == (2, ROWS)


def test_nobody_goes_on_working_for_a_worker_that_was_killed(
    demo: DemoCollege, worker: Worker
) -> None:
    key = upload(demo.caller("jwc_steward"), large_file(demo)).json["job"]
    number = worker.process_of_job()

    worker.kill()

    until(lambda: not Path(f"/proc/{number}").exists(), "the end of the job's process")
    assert worker.job(key).state is JobState.RUNNING
