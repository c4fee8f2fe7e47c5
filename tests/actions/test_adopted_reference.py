"""What goes along with a deleted row is locked like the row itself (decision record 0017)."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from app.access.person import Actor
from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import DELETE, Change
from app.catalogue.adopted_table import DeleteEffect, ForeignKey
from app.domain.message import Reason, Refused
from app.models.adopted_table import LiveTable, live_tables
from app.models.inspection.reader import inspect_tables
from app.models.row_id import encode_row_id
from tests.actions.test_reporting import finish
from tests.assignments import change, each
from tests.college import NOW, on_all_databases
from tests.reporting import TABLE, Reporting

pytestmark = on_all_databases


@dataclass
class Grades:
    """The grades that the reported table names, described as deleting its rows with them."""

    reporting: Reporting
    live: LiveTable

    def delete(self, grade: str, *more: str, effect: DeleteEffect | None = None) -> str:
        live = self.live
        if effect is not None:
            child = live.beside[TABLE].spec
            key = replace(child.foreign_keys[0], on_delete=effect)
            both = {TABLE: replace(child, foreign_keys=(key,)), "lx": live.spec}
            live = live_tables(both)["lx"]
        by: Actor = self.reporting.actor("li_jing", *more)
        granted = {(f"can_{action}", "lx") for action in ("list", "list_all", "delete")}
        by = replace(by, permissions=by.permissions | granted)
        with closing(self.reporting.college.open_session()) as session:
            gone = [Change(DELETE, id=encode_row_id([grade]))]
            [result] = apply_adopted_changes(session, live, gone, by=by, now=NOW).results
        return "".join(f.message.english() for f in result.findings) or result.outcome


@pytest.fixture
def grades(reporting: Reporting) -> Iterator[Grades]:
    change(reporting.college, reporting.people, each(TABLE, "A03", "C01"))
    reporting.run('CREATE TABLE "lx" ("dm" VARCHAR(4) NOT NULL PRIMARY KEY)')
    reporting.run("""INSERT INTO "lx" VALUES ('国家'), ('省'), ('校')""")
    with reporting.college.founded.engine.connect() as connection:
        [found] = inspect_tables(connection, choose=lambda _schema: ["lx"]).tables
    key = ForeignKey(("dj",), None, "lx", ("dm",), DeleteEffect.CASCADE)
    child = replace(reporting.live.spec, foreign_keys=(key,))
    yield Grades(reporting, live_tables({TABLE: child, "lx": found})["lx"])
    reporting.run('DROP TABLE "lx"')


def test_rows_at_a_locked_place_hold_what_they_name(grades: Grades) -> None:
    finish(grades.reporting)
    for effect in (DeleteEffect.CASCADE, DeleteEffect.SET_NULL):
        with pytest.raises(Refused, match="go along: The table is") as refusal:
            grades.delete("国家", effect=effect)
        assert refusal.value.reason is Reason.LOCKED
    assert grades.delete("国家", effect=DeleteEffect.REFUSE) == "deleted"
    assert grades.delete("校") == "deleted"


def test_rows_go_along_where_the_actor_might_have_done_it_himself(grades: Grades) -> None:
    assert "may not change yourself" in grades.delete("省")
    assert grades.delete("国家") == "deleted"
    assert grades.delete("省", "list_all") == "deleted"
