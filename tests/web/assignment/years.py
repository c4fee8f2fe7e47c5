"""A year in preparation in the demo college, and forms as its page sends them."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models.assignment import Assignment
from app.models.audit_log import AuditEntry
from app.models.cycle import Cycle
from tests.demo import DemoCollege
from tests.preparation import PLAN

# The demo college lives in the present, so its dates do too.
NEXT_DUE = (datetime.now(UTC).date() + timedelta(days=200)).isoformat()
OTHERS = ("marked", "marked_to", "reason", "page")


def prepare(demo: DemoCollege) -> Cycle:
    """The year after the open one, in preparation with last year's assignments."""
    year = demo.cycle.year.next.code
    answer = demo.caller("qa").post("/cycles/prepare", data={"year": year, "due_on": NEXT_DUE})
    assert answer.status_code == 302
    with demo.session() as session:
        cycle = session.scalars(select(Cycle).where(Cycle.academic_year == year)).one()
    publish_plan(demo, cycle)
    return cycle


def publish_plan(demo: DemoCollege, cycle: Cycle) -> None:
    """The quality office publishes the work plan of the year."""
    typed = {"version": "0", "text": PLAN, "act": "publish"}
    answer = demo.caller("qa").post(f"/preparation/{cycle.id}/plan", data=typed)
    assert answer.status_code == 303


def holders(demo: DemoCollege, cycle: Cycle, table: str) -> dict[str, str]:
    """Department → kind, as stored now."""
    query = select(Assignment).where(
        Assignment.cycle_id == cycle.id, Assignment.table_identifier == table
    )
    with demo.session() as session:
        return {found.department_code: found.kind.value for found in session.scalars(query)}


def version(demo: DemoCollege, cycle: Cycle) -> int:
    with demo.session() as session:
        return session.get_one(Cycle, cycle.id).version


def assign(demo: DemoCollege, cycle: Cycle, who: str = "qa", **typed: Any) -> TestResponse:
    """Send the list's form with these choices per table; ``marked`` and others as they are."""
    others = {name: typed.pop(name) for name in OTHERS if name in typed}
    form = {"version": str(typed.pop("version", version(demo, cycle))), **others}
    form |= {f"table.{table}": choice for table, choice in typed.items()}
    return demo.caller(who).post(f"/assignments/{cycle.id}/assign", data=form)


def entries(demo: DemoCollege, tag: str) -> list[AuditEntry]:
    """What the audit log has under a tag."""
    with demo.session() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.tag == tag)))


class SelectReader(HTMLParser):
    """Which option of each select is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.chosen: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the select and its chosen option."""
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self.name = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self.chosen[self.name] = given["value"]


def chosen(answer: TestResponse) -> dict[str, str]:
    """Select → value of its chosen option."""
    reader = SelectReader()
    reader.feed(answer.get_data(as_text=True))
    return reader.chosen


def rows(answer: TestResponse) -> list[str]:
    """The tables that the page lists, in their order."""
    return re.findall(r'<tr id="(\w+)"', answer.get_data(as_text=True))
