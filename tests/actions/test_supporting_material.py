"""Files that support a row: who adds them, what a submission keeps, when one is missing."""

from dataclasses import replace

import pytest

from app.access.person import Actor
from app.actions.row_change import DELETE, Change
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.actions.supporting_material import (
    MOST_OF_A_ROW,
    MaterialDraft,
    add_material,
    find_material,
    open_material,
    remove_material,
)
from app.catalogue.base_table import MaterialRule
from app.domain.message import Reason, Refused
from app.domain.submission import Status, Verb
from app.models.base_table import Store
from app.models.snapshot import CHUNK_BYTES
from app.models.supporting_material import (
    SnapshotMaterial,
    SupportingMaterial,
    SupportingMaterialChunk,
)
from tests.college import College, on_all_databases
from tests.findings import settle_findings
from tests.people import People

pytestmark = on_all_databases
PDF = MaterialDraft("证书.pdf", "pdf", b"%PDF-1.4 " + b"x" * 100, None)


def add(
    college: College, row: str, by: Actor, draft: MaterialDraft = PDF, field: str = ""
) -> SupportingMaterial:
    with college.open_session() as session:
        return add_material(
            session, college.store, "course", row, field, draft, by=by, now=college.now
        )


def remove(college: College, number: int, by: Actor) -> None:
    with college.open_session() as session:
        remove_material(session, college.store, "course", number, by=by, now=college.now)


def finish(college: College, people: People, store: Store | None = None) -> None:
    """The table is handed to review as it is now."""
    submission = college.submission("course")
    request = StepRequest(Verb.FINISH, submission.version)
    with college.open_session() as session:
        where = (session, store or college.store, submission.id)
        take_step(*where, request, by=people.li_jing, now=college.now)


def test_a_large_file_is_kept_in_pieces_and_comes_back_whole(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    draft = replace(PDF, content=b"%PDF-1.4" + b"y" * (2 * CHUNK_BYTES))

    material = add(college, row, people.li_jing, draft, "course_name")

    with college.open_session() as session:
        found, content = open_material(
            session, college.store, "course", material.id, by=people.wang_qiang, now=college.now
        )
    assert (content, found.size) == (draft.content, len(draft.content))
    assert len(college.all(SupportingMaterialChunk)) == 3
    tags = [entry.tag for entry in college.entries(f"supporting_material:{material.id}")]
    assert tags == ["supporting_material.add", "supporting_material.open"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("wang_qiang", Reason.FORBIDDEN),
        ("zhou_min", Reason.FORBIDDEN),
        ("chen_gang", Reason.FORBIDDEN),
        ("reader", Reason.FORBIDDEN),
    ],
)
def test_only_whoever_changes_the_row_adds_to_it(
    college: College, people: People, name: str, reason: Reason
) -> None:
    (row,) = college.add("course", by=people.li_jing)

    with pytest.raises(Refused) as refused:
        add(college, row, getattr(people, name))

    assert refused.value.reason is reason
    assert college.all(SupportingMaterial) == []


def test_a_row_takes_so_many_and_no_more(college: College, people: People) -> None:
    (row,) = college.add("course", by=people.li_jing)
    for _number in range(MOST_OF_A_ROW):
        add(college, row, people.li_jing)

    with pytest.raises(Refused) as refused:
        add(college, row, people.li_jing)

    assert refused.value.reason is Reason.INVALID
    assert len(college.all(SupportingMaterial)) == MOST_OF_A_ROW


def test_nothing_is_added_or_removed_while_the_table_is_reviewed(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    material = add(college, row, people.li_jing)
    finish(college, people)

    for act in (
        lambda: add(college, row, people.li_jing),
        lambda: remove(college, material.id, people.li_jing),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.reason is Reason.LOCKED


def test_what_was_handed_over_stays_with_the_submission(college: College, people: People) -> None:
    (row,) = college.add("course", by=people.li_jing)
    kept, dropped = (add(college, row, people.li_jing) for _ in range(2))
    remove(college, dropped.id, people.li_jing)
    finish(college, people)
    college.step(college.submission("course"), Verb.WITHDRAW, by=people.li_jing, reason="改")

    remove(college, kept.id, people.li_jing)

    assert [each.material_id for each in college.all(SnapshotMaterial)] == [kept.id]
    (still,) = college.all(SupportingMaterial)
    assert (still.id, still.removed_by) == (kept.id, "03002")
    with college.open_session() as session:
        where = (session, college.store, "course", kept.id)
        assert open_material(*where, by=people.zhou_min, now=college.now)[1] == PDF.content


def test_other_materials_are_a_change_of_what_was_sent_back(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    finish(college, people)
    college.step(college.submission("course"), Verb.SEND_BACK, by=people.li_jing, reason="缺照片")
    with pytest.raises(Refused):
        finish(college, people)

    add(college, row, people.li_jing)
    finish(college, people)

    assert college.submission("course").status is Status.UNDER_REVIEW
    bound = [
        entry.reason
        for entry in college.entries()
        if entry.tag == "submission.bind_materials" and entry.content_hash
    ]
    assert bound == ["1"]


def test_what_a_deleted_row_leaves_behind_is_no_change(college: College, people: People) -> None:
    _kept, gone = college.add("course", 1, 2, by=people.li_jing)
    add(college, gone, people.li_jing)
    college.change("course", Change(DELETE, id=gone, version="1"), by=people.li_jing)
    finish(college, people)
    college.step(college.submission("course"), Verb.SEND_BACK, by=people.li_jing, reason="请核对")

    with pytest.raises(Refused) as refused:
        finish(college, people)

    assert "Nothing was changed" in refused.value.message.english()


def asking(college: College, rule: MaterialRule) -> Store:
    """The store where every course has to be supported."""
    stored = college.store.tables["course"]
    asked = replace(stored, spec=replace(stored.spec, material=rule))
    return replace(college.store, tables={**college.store.tables, "course": asked})


def test_a_missing_material_blocks_only_where_it_is_required(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)

    with pytest.raises(Refused) as refused:
        finish(college, people, asking(college, MaterialRule.REQUIRED))
    assert "supporting material" in refused.value.details[0].english()

    add(college, row, people.li_jing)
    finish(college, people, asking(college, MaterialRule.REQUIRED))
    assert college.submission("course").status is Status.UNDER_REVIEW


def test_a_recommended_material_is_a_warning(college: College, people: People) -> None:
    college.add("course", by=people.li_jing)

    store = asking(college, MaterialRule.RECOMMENDED)
    with pytest.raises(Refused, match="warnings"):
        finish(college, people, store)
    submission = college.submission("course")
    with college.open_session() as session:
        where = (session, store, submission, Verb.FINISH)
        settle_findings(*where, by=people.li_jing, now=college.now)
    finish(college, people, store)

    assert college.submission("course").status is Status.UNDER_REVIEW


def test_a_material_outlives_its_row_for_those_who_see_the_department(
    college: College, people: People
) -> None:
    (row,) = college.add("course", by=people.li_jing)
    material = add(college, row, people.li_jing)
    college.change("course", Change(DELETE, id=row, version="1"), by=people.li_jing)

    with college.open_session() as session:
        where = (session, college.store, "course", material.id)
        assert find_material(*where, by=people.wang_qiang).id == material.id
        with pytest.raises(Refused):
            find_material(*where, by=people.chen_gang)
