"""Rows set for a role narrow every way to read and write what that role opens, and nothing else.

The expected rows are written by hand: two publications of C01, one of them about 刘洋 (10021), and
one of C02.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete

from app.access.masks import hidden_fields, hidden_in_row
from app.access.person import Actor
from app.access.row_filter import parse_filter
from app.actions.base_table import apply_changes
from app.actions.role import RightsRequest, add_role, edit_rights, give_role
from app.actions.row_change import DELETE, UPDATE, UPSERT, Change
from app.actions.table_access import set_table_access
from app.domain.message import Reason, Refused
from app.domain.table_access import AccessSetting, FieldMask, RowReach
from app.models.role_rights import digest_of, rights_of_roles
from app.models.table_access import TableAccess
from app.reports.base_table import RowsRequest, iterate_rows, read_row, read_rows
from app.reports.explanation import Asked, explain
from app.reports.reference import pick_rows, reference_of
from app.reports.referring import count_referring
from app.reports.totals import total_rows
from tests.actions.test_role import NOW, number_of
from tests.college import College
from tests.people import People, actor_of

TABLE = "full_time_publication"
WANTED = RowsRequest("2025-2026")
STEWARD, QA, TEACHER = "C01.steward", "qa_office", "C01.teacher"
ALL, C01, OWN = ["10021", "10022", "20021"], ["10021", "10022"], ["10021"]
MINE = {"and": [["staff_no", "=", {"current": "user"}]]}
OUR = {"or": [["sys_department", "in", {"current": "departments"}]]}
ONE = ["staff_no", "=", "10022"]
GONE = {"or": [ONE, ["left_long_ago", "=", "1"]]}
EMPTY = {"or": [ONE, {"and": []}]}
SECOND = ["10022"]
NONE: list[str] = []
# Who answers for no department, or is nobody the rows are about, does not open the table at all.
SHUT = {
    *(("zhou_min", name) for name in ("department",)),
    ("liu_yang", "department"),
}


def by_rule(tree: object) -> AccessSetting:
    return AccessSetting(RowReach.RULE, tree)


SETTINGS: Mapping[str, AccessSetting] = {
    "rights": AccessSetting(masks={"publisher": FieldMask.MASKED}),
    "all": AccessSetting(RowReach.ALL),
    "department": AccessSetting(RowReach.DEPARTMENT),
    "person": AccessSetting(RowReach.PERSON),
    "mine": by_rule(MINE),
    "our": by_rule(OUR),
    "one": by_rule(ONE),
    "gone": by_rule(GONE),
    "empty": by_rule(EMPTY),
}


@dataclass
class Reach:
    """The college with three publications, and who reads them after something has been set."""

    college: College
    people: People
    ids: dict[str, str]

    def set(self, role: str, setting: AccessSetting, table: str = TABLE) -> None:
        by, store, session = self.people.administrator, self.college.store, self.college.session
        number = number_of(self.college, role)
        set_table_access(session, store, number, table, setting, 0, by=by, now=NOW)

    def keep(self, role: str, setting: AccessSetting, table: str = TABLE) -> None:
        """As ``set`` once did, whatever has become of the table since."""
        masks = {code: mask.value for code, mask in setting.masks.items()}
        kept = TableAccess(role_name=role, table_identifier=table, rows=setting.rows)
        kept.rule, kept.masks, kept.changed_at = setting.rule, masks, NOW
        self.college.session.add(kept)
        self.college.session.commit()

    def actor(self, name: str) -> Actor:
        return actor_of(self.college.session, name, NOW.date())

    def read(self, name: str, **wanted: object) -> list[object]:
        request = replace(WANTED, **wanted)  # type: ignore[arg-type]
        college = self.college
        page = read_rows(college.session, college.store, TABLE, self.actor(name), request)
        assert page.count == len(page.rows)
        return [row.values["staff_no"] for row in page.rows]

    def ways(self, name: str) -> list[list[object]]:
        """The rows that a page, an export and single reads give; the totals count as many."""
        session, store, actor = self.college.session, self.college.store, self.actor(name)
        read = self.read(name)
        exported = iterate_rows(session, store, TABLE, actor, WANTED)
        found = []
        for number, row_id in self.ids.items():
            with suppress(Refused):
                read_row(session, store, TABLE, actor, row_id)
                found.append(number)
        assert total_rows(session, store, TABLE, actor, WANTED).rows == len(read)
        # A teacher exports nothing; everybody else exports what he reads.
        files = [row["staff_no"] for row in exported] if actor.may("export", TABLE) else read
        return [read, files, found]

    def change(self, name: str, *changes: Change, **more: object) -> str:
        done = apply_changes(
            self.college.session,
            self.college.store,
            TABLE,
            changes,
            by=self.actor(name),
            now=NOW,
            period="2025-2026",
            department="C01",
            **more,  # type: ignore[arg-type]
        )
        return " ".join(result.outcome for result in done.results)


@pytest.fixture
def reach(college: College, people: People) -> Reach:
    ids = {}
    for number, (who, staff_no) in enumerate(
        [(people.chen_gang, "10021"), (people.chen_gang, "10022"), (people.luo_lin, "20021")], 1
    ):
        ids[staff_no] = college.add(TABLE, number, by=who, staff_no=staff_no)[0]
    return Reach(college, people, ids)


@pytest.mark.parametrize(
    ("role", "who", "expected"),
    [
        (QA, "zhou_min", (ALL, ALL, NONE, NONE, NONE, NONE, SECOND)),
        (STEWARD, "chen_gang", (C01, ALL, C01, NONE, NONE, C01, SECOND)),
        (TEACHER, "liu_yang", (OWN, ALL, NONE, OWN, OWN, NONE, SECOND)),
    ],
)
def test_what_is_set_for_a_role_is_what_it_opens(
    reach: Reach, role: str, who: str, expected: tuple[list[str], ...]
) -> None:
    for name, rows in zip(SETTINGS, (*expected, NONE, NONE), strict=True):
        reach.college.session.execute(delete(TableAccess))
        reach.keep(role, SETTINGS[name])
        if (who, name) in SHUT:
            with pytest.raises(Refused, match="no right to view"):
                reach.read(who)
        else:
            assert reach.ways(who) == [rows] * 3, name


def test_nobody_else_and_no_other_table_is_narrowed(reach: Reach) -> None:
    reach.set(QA, by_rule(ONE))

    assert reach.read("chen_gang") == C01
    assert reach.actor("zhou_min").access.keys() == {TABLE}
    assert reach.actor("chen_gang").access == {}


def test_the_roles_of_one_person_add_up(reach: Reach) -> None:
    college, by = reach.college, reach.people.administrator
    number = add_role(college.session, "查阅", by=by, now=NOW)
    held = digest_of(rights_of_roles(college.session, [number])[number])
    request = RightsRequest(held, give=frozenset({("list", TABLE)}))
    edit_rights(college.session, number, request, by=by, now=NOW)
    give_role(college.session, number, "zhou_min", by=by, now=NOW)

    reach.set("查阅", by_rule(["staff_no", "=", "20021"]))
    assert reach.read("zhou_min") == ALL
    reach.set(QA, by_rule(ONE))

    assert reach.read("zhou_min") == ["10022", "20021"]
    exported = iterate_rows(college.session, college.store, TABLE, reach.actor("zhou_min"), WANTED)
    assert [row["staff_no"] for row in exported] == SECOND


def test_a_copied_role_opens_no_more_than_its_model(reach: Reach) -> None:
    college, by = reach.college, reach.people.administrator
    reach.set(QA, by_rule(ONE))

    add_role(college.session, "同质管办", like=number_of(college, QA), by=by, now=NOW)

    kept = college.session.get_one(TableAccess, ("同质管办", TABLE))
    assert (kept.rows, kept.rule) == (RowReach.RULE, ONE)


def test_a_row_is_changed_within_the_rows_of_the_role_only(reach: Reach) -> None:
    reach.set(STEWARD, by_rule(ONE))
    values = {"publisher": "出版社"}

    assert reach.change("chen_gang", Change(UPDATE, values, reach.ids["10022"], "1")) == "changed"
    assert reach.change("chen_gang", Change(UPDATE, values, reach.ids["10021"], "1")) == "rejected"
    by_key = {"staff_no": "10021", "title": reach.college.rows(TABLE)[0]["title"], **values}
    assert reach.change("chen_gang", Change(UPSERT, by_key)) == "rejected"
    assert reach.change("chen_gang", Change(DELETE, id=reach.ids["10021"])) == "rejected"
    assert len(reach.college.rows(TABLE)) == 3


def test_a_row_edited_out_of_the_rows_of_the_role_is_refused(reach: Reach) -> None:
    reach.set(STEWARD, by_rule(ONE))
    change = Change(UPDATE, {"staff_no": "10021"}, reach.ids["10022"], "1")

    assert reach.change("chen_gang", change) == "rejected"
    assert reach.change("chen_gang", change, partial=True) == "rejected"
    assert reach.college.rows(TABLE)[1]["staff_no"] == "10022"


def test_whoever_was_to_take_the_key_of_a_refused_row_is_refused_with_it(reach: Reach) -> None:
    [follower] = reach.college.add(TABLE, 4, by=reach.people.chen_gang, staff_no="10022")
    [free] = reach.college.add(TABLE, 5, by=reach.people.chen_gang, staff_no="10022")
    title = reach.college.rows(TABLE)[1]["title"]
    reach.set(STEWARD, by_rule(ONE))
    changes = (
        Change(UPDATE, {"title": title}, follower, "1"),
        Change(UPDATE, {"staff_no": "10021"}, reach.ids["10022"], "1"),
        Change(UPDATE, {"publisher": "出版社"}, free, "1"),
    )

    assert reach.change("chen_gang", *changes) == "rejected rejected changed"
    assert reach.change("chen_gang", *changes, partial=True) == "rejected rejected changed"
    assert [row["publisher"] for row in reach.college.rows(TABLE)].count("出版社") == 1


def test_a_new_row_of_any_base_table_is_found_again_by_its_key(reach: Reach) -> None:
    tables = reach.college.store.tables.values()
    assert [stored.spec.identifier for stored in tables if stored.key is None] == []
    assert any(not stored.spec.key_fields for stored in tables)


def test_a_picker_shows_all_departments_unless_by_a_rule(reach: Reach) -> None:
    college = reach.college
    college.add("course", 1, 2, by=reach.people.li_jing)
    reference = reference_of(college.store.tables["course_textbook"], "course_code")

    def picked() -> list[tuple[str, str]]:
        actor = reach.actor("luo_lin")
        found = pick_rows(college.session, college.store, actor, reference, college.cycle, "")
        return [(pick.key, pick.label) for pick in found]

    reach.set("data_steward", AccessSetting(RowReach.DEPARTMENT), "course")
    assert len(picked()) == 2
    college.session.execute(delete(TableAccess))
    masks = {"course_name": FieldMask.MASKED}
    one = AccessSetting(RowReach.RULE, ["course_code", "=", "K00002"], masks)
    reach.set("data_steward", one, "course")
    assert picked() == [("K00002", "K00002")]


def test_rows_of_others_are_counted_as_far_as_they_are_read(reach: Reach) -> None:
    college = reach.college
    [own] = college.add("course", 1, by=reach.people.li_jing)
    college.add("course_textbook", 1, by=reach.people.li_jing, course_code="K00001")

    def counted() -> list[int]:
        who = reach.actor("li_jing")
        session, store = college.session, college.store
        return [
            e.rows for e in count_referring(session, store, "course", who, college.cycle, [own])
        ]

    assert counted() == [1]
    reach.set("A03.steward", by_rule(["course_code", "=", "nothing"]), "course_textbook")
    assert counted() == []


def test_a_mask_of_a_role_holds_in_every_row(reach: Reach) -> None:
    stored = reach.college.store.tables[TABLE]
    code = "publisher"
    assert hidden_fields(reach.actor("chen_gang"), stored, "C01") == frozenset()
    reach.set(STEWARD, AccessSetting(masks={code: FieldMask.MASKED}))
    actor = reach.actor("chen_gang")

    assert hidden_fields(actor, stored, "C01") == {code}
    assert hidden_in_row(actor, stored, "C01", {}) == {code}
    for wanted in ({"sort": (code,)}, {"filter": parse_filter([code, "not_empty"])}):
        with pytest.raises(Refused, match="not shown to you"):
            reach.read("chen_gang", **wanted)
    with pytest.raises(Refused, match="masked for your roles"):
        reach.change("chen_gang", Change(UPDATE, {code: "x"}, reach.ids["10021"]))


def test_a_mask_on_what_has_become_a_key_closes_the_table(reach: Reach) -> None:
    reach.keep(STEWARD, AccessSetting(masks={"staff_no": FieldMask.MASKED}))

    with pytest.raises(Refused, match="part of the key"):
        reach.read("chen_gang")
    with pytest.raises(Refused, match="part of the key"):
        reach.change("chen_gang", Change(DELETE, id=reach.ids["10021"]))
    assert reach.read("zhou_min") == ALL


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        (by_rule(GONE), "no field left_long_ago"),
        (by_rule(EMPTY), "without any condition"),
        (by_rule({"and": []}), "without any condition"),
        (by_rule(["staff_no", "~", "1"]), "no operator"),
        (by_rule(["staff_no", "contains", {"current": "user"}]), "equal or unequal"),
        (by_rule(["staff_no", "=", {"current": "everybody"}]), "cannot be read"),
        (by_rule("staff_no = 1"), "cannot be read"),
        (AccessSetting(masks={"nothing": FieldMask.MASKED}), "no field nothing"),
        (AccessSetting(masks={"staff_no": FieldMask.MASKED}), "part of the key"),
    ],
)
def test_what_does_not_fit_the_table_is_not_set(
    reach: Reach, setting: AccessSetting, told: str
) -> None:
    with pytest.raises(Refused, match=told) as refused:
        reach.set(QA, setting)

    assert refused.value.reason is Reason.INVALID
    assert reach.college.all(TableAccess) == []


def test_only_who_changes_rights_sets_rows_and_it_stands_in_the_log(reach: Reach) -> None:
    college = reach.college
    administrator = reach.people.administrator
    for name in ("zhou_min", "chen_gang"):
        reach.people = replace(reach.people, administrator=reach.actor(name))
        with pytest.raises(Refused) as refused:
            reach.set(QA, by_rule(ONE))
        assert refused.value.reason is Reason.FORBIDDEN
    reach.people = replace(reach.people, administrator=administrator)

    reach.set(QA, by_rule(ONE))

    entry = college.entries("role:qa_office")[-1]
    assert (entry.tag, entry.after) == ("permission.access", TABLE)
    assert entry.reason == '-rows by rights\n+rows ["staff_no", "=", "10022"]'


def test_the_explanation_says_which_role_opens_a_row(reach: Reach) -> None:
    college = reach.college
    reach.keep(QA, by_rule(GONE))
    asked = Asked(row=reach.ids["10022"])
    broken = explain(college.session, college.store, reach.actor("zhou_min"), TABLE, asked)
    college.session.execute(delete(TableAccess))
    reach.keep(QA, by_rule(ONE))

    told = explain(college.session, college.store, reach.actor("zhou_min"), TABLE, asked)

    assert [each.lets_in for each in told.by_roles] == [True]
    assert "10022" in told.by_roles[0].rows.english()
    assert broken.by_roles[0].fault is not None
    assert "none of his roles opens it" in broken.answers[0].refusal.english()  # type: ignore[union-attr]
