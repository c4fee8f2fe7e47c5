"""Tables that take nothing back: what was written is told as it is, and nothing is tried out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from app.access.adopted_table import why_not_write_adopted
from app.access.person import RoleAccess
from app.access.row_rule import rule_of
from app.actions.adopted_table import PERMISSIONS, apply_adopted_changes
from app.actions.row_change import INSERT, Change, Outcome
from app.domain.message import Refused
from app.domain.table_access import RowReach
from app.models.adopted_table import live_tables
from app.models.audit_log import ChangeSet, RowChange
from app.models.database import Base, engine_options, prepare_engine
from app.models.inspection.reader import inspect_tables
from tests.adopted import NOW, OldSystem
from tests.reporting import Reporting

KEYS = {
    "t_myisam": 'SELECT "dm" FROM "t_myisam" ORDER BY "dm"',
    "t_aria": 'SELECT "dm" FROM "t_aria" ORDER BY "dm"',
}
ENGINES = ("MyISAM", "Aria", "InnoDB")


@pytest.fixture
def system(mariadb_url: str) -> Iterator[OldSystem]:
    engine = prepare_engine(create_engine(mariadb_url, **engine_options(mariadb_url)))
    log = [Base.metadata.tables[each.__tablename__] for each in (ChangeSet, RowChange)]
    Base.metadata.create_all(engine, tables=log)
    found = OldSystem(engine, {})
    for name in ENGINES:
        columns = "(dm CHAR(3) PRIMARY KEY, mc VARCHAR(9))"
        found.run(f"CREATE TABLE t_{name.lower()} {columns} ENGINE={name}")
    with engine.connect() as connection:
        tables = {each.identifier: each for each in inspect_tables(connection).tables}
    yield OldSystem(engine, live_tables(tables))
    engine.dispose()


def added(system: OldSystem, table: str, keys: Sequence[str], **how: bool) -> Outcome:
    changes = [Change(INSERT, {"dm": key, "mc": "新"}) for key in keys]
    with system.session() as session:
        by = system.keeper(table)
        return apply_adopted_changes(session, system.tables[table], changes, by=by, now=NOW, **how)


def test_engine_without_transactions_is_noted(system: OldSystem) -> None:
    told = {name: live.spec.transactional for name, live in system.tables.items()}
    assert told == {"t_myisam": False, "t_aria": False, "t_innodb": True}


@pytest.mark.parametrize("table", ["t_myisam", "t_aria"])
def test_rows_before_a_bad_one_stay_and_are_logged(system: OldSystem, table: str) -> None:
    outcome = added(system, table, ["1", "2", "1", "4"])
    assert (outcome.written, outcome.halted) == (True, True)
    assert [result.ok for result in outcome.results] == [True, True, False, False]
    assert system.run(KEYS[table]) == [("1",), ("2",)]
    assert system.run('SELECT COUNT(*) FROM "sd_row_change"') == [(2,)]


def test_nothing_is_said_to_be_written_where_nothing_was(system: OldSystem) -> None:
    assert added(system, "t_myisam", ["1"]).written
    outcome = added(system, "t_myisam", ["1", "2"])
    assert (outcome.written, outcome.halted) == (False, False)
    assert len(system.run('SELECT "dm" FROM "t_myisam"')) == 1


def test_partial_changes_go_on_behind_a_bad_row(system: OldSystem) -> None:
    outcome = added(system, "t_myisam", ["1", "1", "3"], partial=True)
    assert (outcome.written, outcome.halted) == (True, False)
    assert [result.ok for result in outcome.results] == [True, False, True]


def test_trial_is_refused_before_anything_is_written(system: OldSystem) -> None:
    with pytest.raises(Refused, match="Nothing can be tried out"):
        added(system, "t_myisam", ["1"], dry_run=True)
    assert system.run('SELECT "dm" FROM "t_myisam"') == []
    assert not added(system, "t_innodb", ["1", "1"]).written


def test_nothing_is_written_that_only_the_written_row_would_show_to_be_out_of_reach(
    system: OldSystem,
) -> None:
    every = frozenset(PERMISSIONS.values()) | {"list"}
    rule = rule_of(["mc", "=", "旧"], "07001", [])
    by = replace(
        system.keeper("t_myisam"),
        access={"t_myisam": (RoleAccess("某角色", every, RowReach.RULE, rule),)},
    )
    live, change = system.tables["t_myisam"], Change(INSERT, {"dm": "1", "mc": "新"})
    with system.session() as session, pytest.raises(Refused, match="without transactions"):
        apply_adopted_changes(session, live, [change], by=by, now=NOW)
    assert system.run(KEYS["t_myisam"]) == []


def test_new_row_of_a_reported_table_has_to_tell_its_place_itself(reporting: Reporting) -> None:
    spec = replace(reporting.live.spec, transactional=False)
    live = replace(reporting.live, spec=spec)
    change = Change(INSERT, {"bh": "A9", "xn": "25-26", "mc": "新奖", "dj": "省"})
    with reporting.college.open_session() as session:
        by = reporting.actor("li_jing", "list", "list_all", "add")
        [result] = apply_adopted_changes(session, live, [change], by=by, now=NOW).results
    assert [finding.field for finding in result.findings] == ["dw"]
    assert "A9" not in reporting.rows(reporting.actor("li_jing", "list", "list_all"))


def test_place_that_the_database_works_out_is_no_place_to_write_to(reporting: Reporting) -> None:
    columns = [replace(c, generated=c.code == "dw") for c in reporting.live.spec.columns]
    spec = replace(reporting.live.spec, transactional=False, columns=tuple(columns))
    live, by = replace(reporting.live, spec=spec), reporting.actor("li_jing", "add", "delete")
    refusal = why_not_write_adopted(by, live, "add")
    assert refusal is not None
    assert "works out dw" in refusal.english()
    assert why_not_write_adopted(by, live, "delete") is None
