"""Rows and masks set for a role narrow adopted tables on every kind of database alike.

王芳 (2025001) and 李强 (2025002) belong to C01, O'Neil (2025003) to A01; the steward of C01 has
the number 2025002.
"""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import func

from app.access.adopted_table import adopted_rows_of, why_not_read_adopted
from app.access.masks import seen
from app.access.person import Actor, Appointed, RoleAccess
from app.access.row_filter import parse_filter
from app.access.row_rule import rule_of
from app.access.table_access import why_not_set
from app.actions.adopted_table import apply_adopted_changes
from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.catalogue.adopted_table import ColumnMapping
from app.domain.message import Refused
from app.domain.person import Function
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.adopted_table import LiveTable
from app.models.base_table import Store, build_store
from app.reports.adopted_count import adopted_count
from app.reports.adopted_reference import adopted_labels, count_adopted_referring, pick_adopted
from app.reports.adopted_table import (
    AdoptedRequest,
    iterate_adopted,
    read_adopted_by_ids,
    read_adopted_rows,
)
from app.reports.totals import total_adopted_rows
from tests.adopted import NOW, OldSystem
from tests.factories import catalogue_of, table_of

EVERY = frozenset({"list", "add", "edit", "delete", "export", "pick"})
ALL, C01, SECOND, NONE = ["1", "2", "3"], ["1", "2"], ["2"], list[str]()
WOMEN = ["xb", "=", "女"]
TRUTH = [
    (RowReach.ALL, None, ALL),
    (RowReach.DEPARTMENT, None, C01),
    (RowReach.PERSON, None, SECOND),
    (RowReach.RULE, WOMEN, ["1"]),
    (RowReach.RULE, ["xh", "=", {"current": "user"}], SECOND),
    (RowReach.RULE, {"and": [["dwdm", "in", {"current": "departments"}], ["jd", ">", "1"]]}, ["1"]),
    # Numbers hold no code of a department: such a value belongs to no row.
    (RowReach.RULE, {"or": [["jd", "in", {"current": "departments"}], WOMEN]}, ["1"]),
    (RowReach.RULE, {"or": [WOMEN, ["gone", "=", "1"]]}, NONE),
    (RowReach.RULE, {"and": []}, NONE),
]


@dataclass
class Narrowed:
    """The students of the old system, mapped, and a steward of C01 whose role is narrowed."""

    system: OldSystem
    live: LiveTable
    store: Store

    def actor(self, *roles: RoleAccess, table: str = "xs") -> Actor:
        """Somebody with these roles on a table, and all rights on the others."""
        granted = {(f"can_{a}", name) for name in self.system.tables for a in (*EVERY, "list_all")}
        return Actor(
            "2025002",
            "李强",
            "lq",
            appointments=(Appointed(Function.DATA_STEWARD, "C01"),),
            permissions=frozenset(granted),
            access={table: roles},
        )

    def write(self, actor: Actor, change: Change) -> str:
        with self.system.session() as session:
            done = apply_adopted_changes(session, self.live, [change], by=actor, now=NOW)
        return done.results[0].outcome


def role(
    reach: RowReach | None = None,
    rule: object = None,
    actions: frozenset[str] = EVERY,
    **masks: FieldMask,
) -> RoleAccess:
    filled = None if rule is None else rule_of(rule, "2025002", ["C01"])
    return RoleAccess("某角色", actions, reach, filled, masks)


def narrowed_from(system: OldSystem) -> Narrowed:
    mapping = ColumnMapping(department="dwdm", person="xh")
    live = replace(system.tables["xs"], spec=replace(system.tables["xs"].spec, mapping=mapping))
    store = build_store(catalogue_of(table_of()), {**system.tables, "xs": live})
    return Narrowed(system, live, store)


@pytest.fixture(scope="module")
def students(read_system: OldSystem) -> Narrowed:
    return narrowed_from(read_system)


def ids(rows: object) -> list[str]:
    return sorted(str(row.values["xh"])[-1] for row in rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("reach", "rule", "expected"), TRUTH)
def test_every_way_to_read_gives_the_rows_of_the_role(
    students: Narrowed, reach: RowReach, rule: object, expected: list[str]
) -> None:
    live, actor, wanted = students.live, students.actor(role(reach, rule)), AdoptedRequest()
    everybody = students.actor(role(RowReach.ALL))
    with students.system.session() as session:
        known = [row.id for row in read_adopted_rows(session, live, everybody, wanted).rows]
        assert ids(read_adopted_rows(session, live, actor, wanted).rows) == expected
        assert ids(iterate_adopted(session, live, actor, wanted)) == expected
        assert ids(read_adopted_by_ids(session, live, actor, known)) == expected
        assert adopted_count(session, live, actor, wanted).value == len(expected)
        assert total_adopted_rows(session, live, actor, wanted).rows == len(expected)
        marks = students.store.adopted["cj"]
        picks = pick_adopted(session, students.store, marks, actor, "xh", "", 20)
        assert sorted(pick.key[-1] for pick in picks) == expected
        rows = read_adopted_rows(session, marks, actor, wanted).rows
        labels = adopted_labels(session, students.store, marks, actor, rows)
        assert bool(labels.get("xh")) is ("1" in expected)


def test_several_roles_add_up_and_each_narrows_its_own_rights(students: Narrowed) -> None:
    both = students.actor(
        role(RowReach.RULE, WOMEN, frozenset({"list", "export"})),
        role(RowReach.PERSON, actions=frozenset({"list"})),
    )
    free = students.actor(role(), role(RowReach.RULE, WOMEN))
    live, wanted = students.live, AdoptedRequest()
    with students.system.session() as session:
        assert ids(read_adopted_rows(session, live, both, wanted).rows) == C01
        assert ids(iterate_adopted(session, live, both, wanted)) == ["1"]
        assert ids(read_adopted_rows(session, live, free, wanted).rows) == C01


def test_a_masked_column_tells_nothing(students: Narrowed) -> None:
    actor = students.actor(role(xm=FieldMask.MASKED, bz=FieldMask.HIDDEN))
    live = seen(actor, students.live)
    assert "bz" not in {column.code for column in live.spec.shown}
    with students.system.session() as session:
        for wanted in (
            AdoptedRequest(sort=("xm",)),
            AdoptedRequest(filter=parse_filter(["bz", "contains", "班"])),
        ):
            with pytest.raises(Refused, match="not shown to you"):
                read_adopted_rows(session, live, actor, wanted)
        for text in ("王芳", "班长"):
            assert not read_adopted_rows(session, live, actor, AdoptedRequest(text)).rows
        assert (
            not {"xm", "bz"}
            & total_adopted_rows(session, live, actor, AdoptedRequest()).fields.keys()
        )
        marks = students.store.adopted["cj"]
        picks = pick_adopted(session, students.store, marks, actor, "xh", "", 20)
        assert "王芳" not in {pick.label for pick in picks}


def test_of_several_masks_the_mildest_counts(students: Narrowed) -> None:
    masked, hidden = role(xm=FieldMask.MASKED), role(xm=FieldMask.HIDDEN)
    for roles, found in (
        ((masked, hidden), (True, False)),
        ((hidden, hidden), (True, True)),
        ((masked, role()), (False, False)),
    ):
        column = seen(students.actor(*roles), students.live).spec.by_code["xm"]
        assert (column.masked, column.hidden) == found


def test_rows_of_others_are_counted_for_whoever_reads_all_of_them(students: Narrowed) -> None:
    marks = replace(role(RowReach.RULE, ["cj", ">", 90]))
    with students.system.session() as session:
        rows = read_adopted_rows(
            session, students.live, students.actor(role()), AdoptedRequest()
        ).rows
        for actor, count in (
            (students.actor(role()), 2),
            (students.actor(marks, table="cj"), None),
        ):
            found = count_adopted_referring(session, students.store, students.live, actor, rows)
            assert [each.rows for each in found] == [count]


def test_writes_stay_within_the_rows_of_the_role(old_system: OldSystem) -> None:
    students = narrowed_from(old_system)
    actor = students.actor(role(RowReach.RULE, WOMEN), role(None, None, frozenset({"pick"})))
    with old_system.session() as session:
        everybody = students.actor(role(RowReach.ALL))
        first, second, _ = read_adopted_rows(
            session, students.live, everybody, AdoptedRequest()
        ).rows
    new = {"xh": "2025009", "xm": "新生"}

    assert students.write(actor, Change(UPDATE, {"bz": "x"}, second.id)) == "rejected"
    assert students.write(actor, Change(DELETE, id=second.id)) == "rejected"
    assert students.write(actor, Change(UPDATE, {"xb": "男"}, first.id)) == "rejected"
    assert students.write(actor, Change(INSERT, {**new, "xb": "男"})) == "rejected"
    assert old_system.run('SELECT COUNT(*) FROM "xs" WHERE "xb" = \'女\'') == [(1,)]
    assert students.write(actor, Change(INSERT, {**new, "xb": "女"})) == "created"
    assert students.write(actor, Change(UPDATE, {"bz": "x"}, first.id)) == "changed"


def test_a_masked_column_is_not_written(old_system: OldSystem) -> None:
    students = narrowed_from(old_system)
    actor = students.actor(role(bz=FieldMask.MASKED))

    with pytest.raises(Refused, match="no field bz"):
        students.write(actor, Change(INSERT, {"xh": "9", "xm": "新", "bz": "x"}))


def test_table_whose_key_is_masked_by_now_is_closed_to_the_role(students: Narrowed) -> None:
    spec = replace(students.live.spec, key=("xm",))
    again = replace(students, live=replace(students.live, spec=spec))
    actor, count = again.actor(role(xm=FieldMask.MASKED)), func.count()

    with students.system.session() as session:
        for action in ("list", "export", "pick"):
            told = why_not_read_adopted(actor, again.live, action)
            assert told is not None
            assert "xm of table xs is masked" in told.english()
            assert session.scalars(
                adopted_rows_of(actor, again.live, action).add_columns(count)
            ).all() == [0]
        with pytest.raises(Refused, match="part of the key"):
            read_adopted_rows(session, again.live, actor, AdoptedRequest())
    with pytest.raises(Refused, match="part of the key"):
        again.write(actor, Change(UPDATE, {"xb": "女"}, "1"))
    assert why_not_read_adopted(again.actor(*actor.access["xs"], role()), again.live) is None


def test_what_an_adopted_table_cannot_do_is_said(students: Narrowed) -> None:
    unmapped = students.system.tables["xs"]
    told = [
        message.english()
        for setting in (
            AccessSetting(RowReach.DEPARTMENT),
            AccessSetting(masks={"xh": FieldMask.HIDDEN}),
            AccessSetting(RowReach.RULE, ["zp", "=", "1"]),
        )
        for message in why_not_set(unmapped, setting)
    ]

    assert "overrides.yaml" in told[0]
    assert "part of the key" in told[1]
    assert "no operator" in told[2]
