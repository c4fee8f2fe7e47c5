"""A page of the grid as JSON, beside the bare driver and ``json.dumps``."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.college import DEPARTMENT, TABLE, College
from benchmarks.measure import Line, cpu_seconds, seconds

PAGE = 200
TIMES = 40
# Five times the floor is the target for a page of rows.
TARGET = 5.0
QUERIES = {
    "first page": ("", "", "sys_id"),
    "filtered and sorted": (
        "&filter=%s&sort=-member_count",
        "AND category = '1'",
        "member_count DESC, sys_id",
    ),
}
FILTER = json.dumps(["category", "=", "1"])


def measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """Time and processor time of our answer and of the floor."""
    browser = college.browser()
    for name, (options, condition, order) in QUERIES.items():
        more = options.replace("%s", FILTER)
        place = f"period={college.period}&department={DEPARTMENT}&limit={PAGE}"
        address = f"/api/v1/data/{TABLE}/rows?{place}{more}"
        answer = browser.get(address)
        if answer.status_code != 200 or len(answer.get_json()["rows"]) != PAGE:
            raise RuntimeError(f"{address}: {answer.status_code}")
        with college.engine.connect() as connection:
            floor = Floor(college, connection.connection.cursor(), condition, order)
            shown = f"{PAGE} of {rows:,} rows, {name}, {kind}"
            ours = seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
            yield Line(shown, ours * 1000, seconds(floor.answer, TIMES) * 1000, "ms", TARGET)
            ours = cpu_seconds(lambda: browser.get(address).get_data(), TIMES)  # noqa: B023
            floor_cpu = cpu_seconds(floor.answer, TIMES)
            yield Line(f"{shown}, CPU", ours * 1000, floor_cpu * 1000, "ms", TARGET)


class Floor:
    """The same rows by the driver alone, as JSON of the same values."""

    def __init__(self, college: College, cursor: Any, condition: str, order: str) -> None:
        self.names = ["sys_id", "sys_version", *college.stored.columns]
        self.cursor = cursor
        self.statement = (
            f"SELECT {', '.join(self.names)} FROM {college.stored.table.name} "  # noqa: S608
            f"WHERE sys_period = '{college.period}' AND sys_department = '{DEPARTMENT}' "
            f"{condition} ORDER BY {order} LIMIT {PAGE}"
        )

    def answer(self) -> str:
        """The page as JSON text."""
        self.cursor.execute(self.statement)
        rows = [dict(zip(self.names, row, strict=True)) for row in self.cursor.fetchall()]
        return json.dumps(rows, ensure_ascii=False, default=str)
