"""Snapshots come back as they were kept, however large."""

from datetime import date
from decimal import Decimal
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import delete, select

from app.actions.snapshot import keep_snapshot
from app.models.place_rows import PlaceRows
from app.models.snapshot import (
    CHUNK_BYTES,
    Snapshot,
    SnapshotChunk,
    pack,
    read_snapshot,
    unpack,
)
from app.models.stored_check import StoredCheck
from app.rules.coercion import coerce, raw_frame
from tests.college import NOW, College
from tests.factories import plausible_row, seed_catalogue
from tests.people import People

CATALOGUE = seed_catalogue()


@pytest.mark.parametrize("table", list(CATALOGUE.tables))
def test_every_tables_rows_come_back_in_their_types(table: str) -> None:
    spec = CATALOGUE.tables[table]
    rows = [plausible_row(spec, CATALOGUE, number) for number in (1, 2)]
    frame = coerce(spec, CATALOGUE, raw_frame(spec, rows)).frame

    assert_frame_equal(unpack(pack(frame)), frame)


def test_an_empty_snapshot_keeps_its_columns() -> None:
    spec = CATALOGUE.tables["course"]
    frame = coerce(spec, CATALOGUE, raw_frame(spec, [])).frame

    back = unpack(pack(frame))

    assert (back.height, back.schema) == (0, frame.schema)


def checked(college: College, frame: pl.DataFrame) -> StoredCheck:
    return StoredCheck(college.store.tables["course"], PlaceRows([], {}), frame, [])


def incompressible(rows: int) -> pl.DataFrame:
    random = Random(2025)  # noqa: S311 - the same bytes every time
    return pl.DataFrame(
        {
            "text": [f"{random.getrandbits(2048):x}" for _ in range(rows)],
            "amount": [Decimal(number) / 100 for number in range(rows)],
            "day": [date(2025, 9, 1)] * rows,
        }
    )


def test_a_large_snapshot_is_cut_into_chunks(college: College, people: People) -> None:
    frame = incompressible(24_000)
    assert len(list(pack(frame))) > 1
    check = checked(college, frame)

    submission = college.submission("course")
    snapshot = keep_snapshot(college.session, submission, check, by=people.li_jing, now=NOW)
    college.session.commit()

    sizes = [len(chunk.content) for chunk in college.all(SnapshotChunk)]
    with college.open_session() as session:
        assert_frame_equal(read_snapshot(session, snapshot.id), frame)
    assert sum(sizes) > 4 * 1024 * 1024
    assert max(sizes) <= CHUNK_BYTES


def test_the_same_content_is_kept_once(college: College, people: People) -> None:
    check = checked(college, incompressible(3))
    submission = college.submission("course")

    kept = [
        keep_snapshot(college.session, submission, check, by=people.li_jing, now=NOW).id
        for _ in range(2)
    ]
    college.session.commit()

    assert kept[0] == kept[1]
    assert len(college.all(Snapshot)) == 1


def test_a_snapshot_that_is_named_cannot_vanish(college: College, people: People) -> None:
    check = checked(college, incompressible(3))
    keep_snapshot(college.session, college.submission("course"), check, by=people.li_jing, now=NOW)
    college.session.commit()

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        college.session.execute(delete(Snapshot))
    college.session.rollback()

    assert college.session.scalars(select(Snapshot.content_hash)).all() == [check.content_hash]
