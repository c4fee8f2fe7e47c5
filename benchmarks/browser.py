"""The grid in a real browser: until it can be used, and until a large paste is shown and saved.

Beside a paste the floor: the same rows sent to the server by a bare client, judged and written.
Beside a grid over very many rows the floor: the same grid over few.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, insert, select

from benchmarks.bulk_import import ERROR_EACH, TABLE, empty, prepared, typed_row
from benchmarks.college import DEPARTMENT, PASSWORD, ROWS_AT_ONCE, College
from benchmarks.measure import Line
from benchmarks.served import serving
from tests.factories import plausible_row
from tests.services import CHROMIUM

FLAGS = ("--no-sandbox", "--disable-dev-shm-usage")
HOST = "127.0.0.1"
# In milliseconds; no step of a measure takes longer.
PATIENCE = 90_000
FEW, MANY = 50, 10_000
PASTES = (200, 5_000)
# Times as long as the server needs by itself; of few rows the page's own part counts more.
PASTE_TARGET = 2.5
FEW_TARGET = 5.0
# Times a grid of few rows, which asks the server for nothing more.
GRID_TARGET = 1.3
MIDDLE_TARGET = 5.0
# In milliseconds: what people notice as a page that does not answer.
LONGEST_TASK = 400.0
FIRST_VIEW, SECOND_VIEW = 250.0, 15.0
KILOBYTE = 1024
PUT = """async (text) => navigator.clipboard.write(
  [new ClipboardItem({ "text/plain": new Blob([text], { type: "text/plain" }) })])"""
WATCH = """() => {
  window.longTasks = [];
  const note = (list) => window.longTasks.push(...list.getEntries().map((task) => task.duration));
  new PerformanceObserver(note).observe({ entryTypes: ["longtask"] });
}"""
TO_MIDDLE = """() => {
  for (const view of document.querySelectorAll("#grid .slick-viewport")) {
    view.scrollTop = view.scrollHeight / 2;
  }
}"""
IS_MIDDLE = """(least) => [...document.querySelectorAll("#grid .slick-cell")].some(
  (cell) => Number(/^学生(\\d+)$/.exec(cell.textContent)?.[1]) > least)"""
SEND = """async ([url, body, token]) => {
  const began = performance.now();
  const answer = await fetch(url, {
    method: "POST", body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
  await answer.text();
  if (!answer.ok) throw new Error(answer.status);
  return performance.now() - began;
}"""


@dataclass(frozen=True)
class Pasted:
    """Seconds until a paste was shown and until it was saved, and the longest task in ms."""

    shown: float
    saved: float
    longest_task: float


def measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """The grid over few, many and ``rows`` rows, and pastes of 20 columns."""
    college = prepared(college)
    with serving(college) as server, sync_playwright() as playwright:
        address = f"http://{HOST}:{server.port}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = _signed_in(browser, address)
        page.set_default_timeout(PATIENCE)
        for count in PASTES:
            yield from _paste_lines(college, page, address, kind, count)
        yield from _grid_lines(college, page, address, kind, (FEW, MANY, rows))
        yield from _weight_lines(browser, address)
        browser.close()


def _grid_lines(
    college: College, page: Page, address: str, kind: str, sizes: Sequence[int]
) -> Iterator[Line]:
    empty(college.store.tables[TABLE], college)
    present, floors = 0, {}
    for size in sizes:
        _fill(college, present + 1, size - present)
        present = size
        for what, (work, target) in _VIEWS.items():
            taken = min(work(page, address, size) for _ in range(3))
            floors.setdefault(what, taken)
            if size != sizes[0]:
                shown = f"grid of {size:,} × 20 in a browser, {kind}: {what}"
                yield Line(shown, taken, floors[what], "s", target)
    empty(college.store.tables[TABLE], college)


def _open_grid(page: Page, address: str, _size: int) -> float:
    """Seconds until a cell of the grid takes what is typed."""
    began = perf_counter()
    page.goto(f"{address}/data/{TABLE}/")
    page.locator("#grid .slick-row .slick-cell.l1").first.click()
    page.locator("#grid .slick-cell.active").wait_for()
    return perf_counter() - began


def _scroll_to_middle(page: Page, address: str, size: int) -> float:
    """Seconds until rows in the middle are there, after the scroll bar was pulled."""
    _open_grid(page, address, size)
    # How many rows there are is told after the first of them, up to what is counted at once.
    known = min(size, MANY)
    page.locator("#grid-summary", has_text=str(known)).wait_for()
    began = perf_counter()
    page.evaluate(TO_MIDDLE)
    # Students are numbered in the order of the grid; the first screen shows about thirty.
    page.wait_for_function(IS_MIDDLE, arg=known // 3, polling=20)
    return perf_counter() - began


_VIEWS: dict[str, tuple[Callable[[Page, str, int], float], float]] = {
    "until a cell can be typed into": (_open_grid, GRID_TARGET),
    "until the rows in the middle are there": (_scroll_to_middle, MIDDLE_TARGET),
}


def _paste_lines(
    college: College, page: Page, address: str, kind: str, count: int
) -> Iterator[Line]:
    empty(college.store.tables[TABLE], college)
    good = filter(lambda number: number % ERROR_EACH, range(1, count * 2))
    rows = [_texts(college, number) for number in islice(good, count)]
    tried = _sent(college, page, address, rows, dry_run=True)
    written = _sent(college, page, address, rows, dry_run=False)
    empty(college.store.tables[TABLE], college)
    pasted = _paste(page, address, rows)
    if _count(college) != count:
        raise RuntimeError(f"{_count(college)} of {count} rows were saved")
    empty(college.store.tables[TABLE], college)
    what = f"paste of {count:,} × 20, {kind}"
    target = FEW_TARGET if count == min(PASTES) else PASTE_TARGET
    yield Line(f"{what}: until it is shown", pasted.shown, tried, "s", target)
    yield Line(f"{what}: until it is saved", pasted.saved, written, "s", target)
    yield Line(f"{what}: longest task", pasted.longest_task, None, "ms", LONGEST_TASK)


def _paste(page: Page, address: str, rows: Sequence[Sequence[str]]) -> Pasted:
    page.goto(f"{address}/data/{TABLE}/")
    page.locator("#grid .slick-header-column").first.wait_for()
    page.evaluate(WATCH)
    page.evaluate(PUT, "\r\n".join("\t".join(row) for row in rows))
    page.click("[data-action=add-row]")
    began = perf_counter()
    page.keyboard.press("Control+v")
    confirm = page.locator("dialog.drawer").get_by_role("button", name="写入", exact=True)
    confirm.wait_for()
    shown = perf_counter() - began
    began = perf_counter()
    confirm.click()
    page.locator("#save-status", has_text="已保存").wait_for()
    saved = perf_counter() - began
    return Pasted(shown, saved, max(page.evaluate("window.longTasks"), default=0.0))


def _sent(
    college: College,
    page: Page,
    address: str,
    rows: Sequence[Sequence[str]],
    *,
    dry_run: bool,
) -> float:
    """Seconds of the same rows sent by a script that shows nothing."""
    codes = list(college.store.tables[TABLE].columns)
    changes = [{"op": "insert", "values": dict(zip(codes, row, strict=True))} for row in rows]
    body = {"period": college.period, "department": DEPARTMENT, "partial": True}
    body |= {"changes": changes, "dry_run": dry_run}
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    url = f"{address}/api/v1/data/{TABLE}/changes"
    taken: float = page.evaluate(SEND, [url, json.dumps(body), token])
    return taken / 1000


def _weight_lines(browser: Browser, address: str) -> Iterator[Line]:
    """Compressed bytes of the grid for somebody who comes for the first and the second time."""
    page = _signed_in(browser, address, bypass=True)
    for what, target in (("first", FIRST_VIEW), ("second", SECOND_VIEW)):
        weighed: list[float] = []
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.on(
            "Network.loadingFinished",
            lambda told, into=weighed: into.append(told["encodedDataLength"]),
        )
        page.goto(f"{address}/data/{TABLE}/")
        page.wait_for_load_state("networkidle")
        client.detach()
        shown = f"grid in a browser: bytes of the {what} view, compressed"
        yield Line(shown, sum(weighed) / KILOBYTE, None, "KB", target)


def _signed_in(browser: Browser, address: str, *, bypass: bool = False) -> Page:
    # Waiting for a function needs what the content policy of the pages forbids.
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1440, "height": 900}, bypass_csp=True
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("#username", "jwc_steward")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")
    if bypass:
        client = context.new_cdp_session(page)
        client.send("Network.clearBrowserCache")
        client.detach()
    return page


def _texts(college: College, number: int) -> list[str]:
    spec = college.store.catalogue.tables[TABLE]
    row = typed_row(college.store.catalogue, spec, number)
    return ["" if row[code] is None else str(row[code]) for code in spec.by_code]


def _fill(college: College, first: int, count: int) -> None:
    stored = college.store.tables[TABLE]
    for start in range(first, first + count, ROWS_AT_ONCE):
        numbers = range(start, min(start + ROWS_AT_ONCE, first + count))
        rows = []
        for number in numbers:
            values = plausible_row(stored.spec, college.store.catalogue, number)
            values |= {"class_code": f"K{number % 60:05}", "name": f"学生{number}"}
            values |= {"student_no": f"2025{number:08}", "sys_key": f"{number:064}"}
            values |= {"sys_period": college.period, "sys_department": DEPARTMENT}
            rows.append(values | {"sys_version": 1})
        with college.engine.begin() as connection:
            connection.execute(insert(stored.table), rows)


def _count(college: College) -> int:
    with college.engine.connect() as connection:
        table = college.store.tables[TABLE].table
        return connection.scalar(select(func.count()).select_from(table)) or 0
