"""Changing rows of tables that were there before us: the database judges, we say it in words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.access.person import Actor
from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import DELETE, INSERT, UPDATE, Change, Outcome
from app.catalogue.adopted_table import ColumnMapping
from app.domain.message import Refused
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable, live_tables
from app.models.audit_log import ChangeSet, RowChange
from app.reports.adopted_table import AdoptedRequest, read_adopted_rows
from tests.adopted import NOW, OldSystem, steward


def change(
    system: OldSystem,
    table: str | LiveTable,
    changes: Sequence[Change],
    by: Actor | None = None,
    **how: bool,
) -> Outcome:
    live = system.tables[table] if isinstance(table, str) else table
    actor = by or system.keeper(live.spec.identifier)
    with system.session() as session:
        return apply_adopted_changes(
            session, live, changes, by=actor, now=NOW, others=system.tables, **how
        )


def rows(system: OldSystem, table: str) -> list[AdoptedRow]:
    with system.session() as session:
        wanted = AdoptedRequest()
        page = read_adopted_rows(session, system.tables[table], system.keeper(table), wanted)
        return list(page.rows)


def refusals(outcome: Outcome) -> list[str]:
    assert not outcome.written
    return [finding.message.msgid for result in outcome.results for finding in result.findings]


def test_new_row_is_stored_as_it_was_typed(old_system: OldSystem) -> None:
    values = {"xh": "2025009", "xm": "赵敏", "csrq": "2007年1月2日", "jd": "３.５", "xb": "女"}
    result = change(old_system, "xs", [Change(INSERT, values)]).results[0]
    assert result.outcome == "created"
    assert result.values["csrq"] == "2007-01-02"
    assert [row.id for row in rows(old_system, "xs")][-1] == result.id


def test_row_numbered_by_the_database_comes_back_with_its_number(old_system: OldSystem) -> None:
    table = next(name for name, live in old_system.tables.items() if live.spec.name == "Order By")
    result = change(old_system, table, [Change(INSERT, {"group": 7})]).results[0]
    assert result.outcome == "created"
    assert result.values["from"] == "x"


def test_changed_row_keeps_what_was_not_typed(old_system: OldSystem) -> None:
    before = rows(old_system, "xs")[0]
    sent = Change(UPDATE, {"bz": "学习委员"}, before.id, before.version)
    result = change(old_system, "xs", [sent]).results[0]
    assert result.outcome == "changed"
    assert rows(old_system, "xs")[0].values == dict(before.values) | {"bz": "学习委员"}
    assert result.version == rows(old_system, "xs")[0].version != before.version


def test_value_sent_back_as_it_stands_changes_nothing(old_system: OldSystem) -> None:
    before = rows(old_system, "xs")[0]
    same = {"jd": before.values["jd"], "csrq": before.values["csrq"], "zp": None}
    result = change(old_system, "xs", [Change(UPDATE, same, before.id, before.version)]).results[0]
    assert result.outcome == "unchanged"


def test_key_of_several_parts_may_be_changed(old_system: OldSystem) -> None:
    before = rows(old_system, "cj")[0]
    sent = Change(UPDATE, {"xn": 2024}, before.id, before.version)
    result = change(old_system, "cj", [sent]).results[0]
    assert (result.outcome, result.values["xn"]) == ("changed", 2024)
    assert result.id in {row.id for row in rows(old_system, "cj")}


def test_deleted_row_is_gone_and_stands_in_the_log(old_system: OldSystem) -> None:
    before = rows(old_system, "cj")[0]
    outcome = change(old_system, "cj", [Change(DELETE, id=before.id, version=before.version)])
    assert outcome.written
    assert len(rows(old_system, "cj")) == 1
    with old_system.session() as session:
        entry = session.scalars(select(RowChange)).one()
        assert (entry.operation, entry.before) == ("deleted", dict(before.values))
        assert session.scalars(select(ChangeSet)).one().person_name == "周敏"


def test_change_by_another_program_is_a_conflict(old_system: OldSystem) -> None:
    before = rows(old_system, "xs")[0]
    old_system.run("""UPDATE "xs" SET "bz" = 'x' WHERE "xh" = '2025001'""")
    sent = Change(UPDATE, {"bz": "y"}, before.id, before.version)
    result = change(old_system, "xs", [sent]).results[0]
    assert (result.outcome, result.conflict) == ("conflict", {"bz": ("y", "x")})
    deleting = change(old_system, "xs", [Change(DELETE, id=before.id, version=before.version)])
    assert deleting.results[0].outcome == "conflict"


def test_row_deleted_by_another_program_is_told(old_system: OldSystem) -> None:
    before = rows(old_system, "cj")[0]
    old_system.run('DELETE FROM "cj"')
    outcome = change(old_system, "cj", [Change(UPDATE, {"cj": 1}, before.id, before.version)])
    assert "does not exist (any more)" in refusals(outcome)[0]


@pytest.mark.parametrize(
    ("table", "values", "told"),
    [
        ("xs", {"xh": "2025001", "xm": "重号"}, "has to be unique"),
        ("xs", {"xh": "9", "xm": "新", "dwdm": "Z99"}, "There is no row %(value)s"),
        ("xs", {"xh": "9"}, "Please fill in"),
        ("xs", {"xh": "9", "xm": "一二三四五六七八九十一"}, "at most %(maximum)s characters"),
        ("xs", {"xh": "9", "xm": "新", "xb": "他"}, "is not allowed"),
        ("xs", {"xh": "9", "xm": "新", "jd": "1000"}, "digits before the decimal point"),
        ("cj", {"xh": "2025001", "kc h": "x", "xn": 1, "cj": 101}, "forbids this value"),
    ],
)
def test_row_the_database_would_refuse_is_refused_in_words(
    old_system: OldSystem, table: str, values: dict[str, object], told: str
) -> None:
    live = old_system.tables[table]
    codes = {column.name: column.code for column in live.spec.columns}
    sent = Change(INSERT, {codes[name]: value for name, value in values.items()})
    assert told in refusals(change(old_system, table, [sent]))[0]


def test_row_that_others_name_is_not_deleted(old_system: OldSystem) -> None:
    row = rows(old_system, "dw")[-1]
    told = refusals(change(old_system, "dw", [Change(DELETE, id=row.id, version=row.version)]))
    assert "still name this row" in told[0]


def test_one_bad_row_keeps_all_from_being_written_unless_partial(old_system: OldSystem) -> None:
    codes = {column.name: column.code for column in old_system.tables["dw"].spec.columns}
    good, bad = Change(INSERT, {"dm": "D01", codes["名 称"]: "新系"}), Change(INSERT, {})
    assert not change(old_system, "dw", [good, bad]).written
    assert len(rows(old_system, "dw")) == 2
    assert change(old_system, "dw", [good, bad], partial=True).written
    assert len(rows(old_system, "dw")) == 3


def test_dry_run_leaves_nothing(old_system: OldSystem) -> None:
    sent = [Change(INSERT, {"xh": "9", "xm": "新"})]
    assert change(old_system, "xs", sent, dry_run=True).results[0].outcome == "created"
    assert len(rows(old_system, "xs")) == 3


@pytest.mark.parametrize("table", ["rz", "v_xs"])
def test_view_and_table_without_key_are_read_only(old_system: OldSystem, table: str) -> None:
    with pytest.raises(Refused, match="can be read only"):
        change(old_system, table, [Change(INSERT, {})])


def test_nobody_writes_without_the_right(old_system: OldSystem) -> None:
    with pytest.raises(Refused, match="no right to change"):
        change(old_system, "xs", [Change(INSERT, {})], by=old_system.keeper("xs", "list", "edit"))


def test_mapped_table_is_changed_within_ones_own_department(old_system: OldSystem) -> None:
    spec = replace(old_system.tables["xs"].spec, mapping=ColumnMapping(department="dwdm"))
    live = live_tables({"xs": spec})["xs"]
    own = steward("xs", "C01", "list", "add", "edit", "delete")
    foreign = rows(old_system, "xs")[2]
    sent = Change(UPDATE, {"xm": "x"}, foreign.id, foreign.version)
    assert "does not exist" in refusals(change(old_system, live, [sent], by=own))[0]
    mine = rows(old_system, "xs")[0]
    moved = Change(UPDATE, {"dwdm": "A01"}, mine.id, mine.version)
    assert "your own department" in refusals(change(old_system, live, [moved], by=own))[0]
    new = Change(INSERT, {"xh": "9", "xm": "新", "dwdm": "C01"})
    assert change(old_system, live, [new], by=own).written


def test_departments_go_by_the_codes_of_the_old_system(old_system: OldSystem) -> None:
    mapping = ColumnMapping(department="dwdm", departments=(("C01", "A03"),))
    live = live_tables({"xs": replace(old_system.tables["xs"].spec, mapping=mapping)})["xs"]
    own = steward("xs", "A03", "list", "add", "edit", "delete")
    with old_system.session() as session:
        mine = read_adopted_rows(session, live, own, AdoptedRequest()).rows
    assert [row.values["xh"] for row in mine] == ["2025001", "2025002"]
    moved = Change(UPDATE, {"dwdm": "A01"}, mine[0].id, mine[0].version)
    assert "your own department" in refusals(change(old_system, live, [moved], by=own))[0]
    new = Change(INSERT, {"xh": "9", "xm": "新", "dwdm": "C01"})
    assert change(old_system, live, [new], by=own).written


def masked(system: OldSystem, code: str) -> LiveTable:
    spec = system.tables["xs"].spec
    columns = tuple(replace(c, masked=c.code == code) for c in spec.columns)
    return live_tables({"xs": replace(spec, columns=columns)})["xs"]


def test_masked_value_is_neither_written_nor_told_by_a_conflict(old_system: OldSystem) -> None:
    row = rows(old_system, "xs")[0]
    guess = Change(UPDATE, {"xm": "王芳"}, row.id, "another version")
    with pytest.raises(Refused, match="has no field xm"):
        change(old_system, masked(old_system, "xm"), [guess])


def test_key_with_blanks_is_found_as_it_is(old_system: OldSystem) -> None:
    old_system.run("""INSERT INTO "xs" ("xh", "xm") VALUES (' 9 ', '空格')""")
    row = next(row for row in rows(old_system, "xs") if row.values["xm"] == "空格")
    sent = Change(UPDATE, {"bz": "找到"}, row.id, row.version)
    assert change(old_system, "xs", [sent]).results[0].outcome == "changed"


def test_action_the_account_is_not_granted_is_refused(old_system: OldSystem) -> None:
    spec = replace(old_system.tables["xs"].spec, granted=("INSERT", "UPDATE"))
    live = live_tables({"xs": spec})["xs"]
    row = rows(old_system, "xs")[2]
    with pytest.raises(Refused, match="no right to do this"):
        change(old_system, live, [Change(DELETE, id=row.id, version=row.version)])
    sent = Change(UPDATE, {"bz": "可以"}, row.id, row.version)
    assert change(old_system, live, [sent]).written


def test_constraint_that_waits_for_the_end_is_told_at_its_row(old_system: OldSystem) -> None:
    if old_system.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL can be told to judge at once")
    old_system.run(
        """ALTER TABLE "xs" ADD CONSTRAINT late UNIQUE ("bz") DEFERRABLE INITIALLY DEFERRED"""
    )
    sent = Change(INSERT, {"xh": "9", "xm": "新", "bz": "班长"})
    assert "has to be unique" in refusals(change(old_system, "xs", [sent]))[0]
