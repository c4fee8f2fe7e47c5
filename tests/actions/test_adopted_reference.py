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
from app.domain.submission import Status
from app.models.adopted_table import LiveTable, live_tables
from app.models.audit_log import ChangeSet, RowChange
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


@pytest.mark.parametrize("effect", [DeleteEffect.CASCADE, DeleteEffect.SET_NULL])
def test_rows_that_go_along_are_logged_where_they_stand(
    grades: Grades, effect: DeleteEffect
) -> None:
    assert grades.delete("省", "list_all", effect=effect) == "deleted"

    college, word = grades.reporting.college, "deleted" if effect == "cascade" else "changed"
    logged = [each for each in college.all(ChangeSet) if each.table_identifier == TABLE]
    assert {each.department_code: each.row_count for each in logged} == {"A03": 1, "C01": 1}
    rows = [each for each in college.all(RowChange) if each.table_identifier == TABLE]
    assert [(each.operation, (each.before or {})["dj"]) for each in rows] == [(word, "省")] * 2
    assert grades.reporting.submission("C01").status is Status.ENTERING


def test_rows_go_along_where_the_actor_might_have_done_it_himself(grades: Grades) -> None:
    assert "may not change yourself" in grades.delete("省")
    assert grades.delete("国家") == "deleted"
    assert grades.delete("省", "list_all") == "deleted"


def test_rows_that_hang_on_each_other_without_end_are_told(grades: Grades) -> None:
    child = grades.live.beside[TABLE].spec
    itself = ForeignKey(("bh",), None, TABLE, ("bh",), DeleteEffect.CASCADE)
    keys = (*child.foreign_keys, itself)
    both = {TABLE: replace(child, foreign_keys=keys), "lx": grades.live.spec}
    grades.live = live_tables(both)["lx"]
    assert "one on the other" in grades.delete("省", "list_all")
    assert grades.delete("校") == "deleted"
