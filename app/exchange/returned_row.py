"""What somebody did to rows that left as a workbook and came back (I11).

Three things are compared: what went out, what is in the file, what is stored now. Only what was
edited in the file is changed; rows that nobody touched stay as they are, whatever happened to them
meanwhile, and rows that are no longer in the file are not deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.exchange.row_identity import Marking, ReturnedRow, RowMark, digests, returned_rows
from app.exchange.workbook import Upload
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import plain, present_rows
from app.models.row_change import values_at_version
from app.rules.coercion import coerce, raw_frame


@dataclass(frozen=True)
class Returned:
    """The rows of a file that left from here, by their numbers in Excel.

    ``edited`` maps a row to the codes somebody typed in; ``gone`` are rows that were deleted on the
    platform; ``missing`` rows went out and are not in the file.
    """

    marks: Mapping[int, RowMark] = field(default_factory=dict)
    untouched: frozenset[int] = frozenset()
    edited: Mapping[int, frozenset[str]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    missing: int = 0


NOTHING_RETURNED = Returned()


def what_returned(
    session: Session, store: Store, table: str, upload: Upload, period: str, department: str
) -> Returned:
    """What became of the rows that left with this file; nothing where none did."""
    stored = store.tables[table]
    marking = upload.marking
    if marking is None or not any(upload.marks):
        return NOTHING_RETURNED
    found = _recognised(marking, upload)
    marks = {number: row.mark for number, row in found.items() if row.mark is not None}
    untouched = frozenset(number for number, row in found.items() if not row.is_touched)
    touched = {number: mark for number, mark in marks.items() if number not in untouched}
    present = _ids_at(session, stored, period, department)
    rows = {
        number: upload.cells.row(position, named=True)
        for position, number in enumerate(upload.numbers)
        if number in touched
    }
    ids = {mark.id for mark in upload.marks if mark is not None}
    return Returned(
        marks,
        untouched,
        _edited(session, store.catalogue, stored, rows, touched),
        frozenset(number for number, mark in marks.items() if mark.id not in present),
        max(0, (marking.count or 0) - len(ids)),
    )


def _recognised(marking: Marking, upload: Upload) -> dict[int, ReturnedRow]:
    cells = upload.cells
    absent = [None] * cells.height
    columns = [cells[code].to_list() if code in cells.columns else absent for code in marking.codes]
    found = returned_rows(upload.marks, digests(columns))
    return dict(zip(upload.numbers, found, strict=True))


def _ids_at(session: Session, stored: StoredTable, period: str, department: str) -> set[str]:
    """The ids of all rows of the place, read in one go."""
    query = select(*stored.identity).where(stored.in_place(period, department))
    return {stored.row_id(row) for row in session.execute(query).mappings()}


def _edited(
    session: Session,
    catalogue: Catalogue,
    stored: StoredTable,
    rows: Mapping[int, Mapping[str, object]],
    marks: Mapping[int, RowMark],
) -> dict[int, frozenset[str]]:
    """Row → the codes whose value differs from what went out, for rows changed here meanwhile.

    A row that nobody changed here is not among them: what differs from it was edited. Nor is one
    that the change log does not tell enough of.
    """
    present = present_rows(session, stored, {mark.id for mark in marks.values()})
    stale = {
        number: mark
        for number, mark in marks.items()
        if mark.id in present and stored.version_of(present[mark.id]) != mark.version
    }
    before = values_at_version(
        session, stored, {mark.id: (mark.version, present[mark.id]) for mark in stale.values()}
    )
    numbers = [number for number, mark in stale.items() if mark.id in before]
    differing = _differing(
        catalogue,
        stored.spec,
        [rows[number] for number in numbers],
        [before[stale[number].id] for number in numbers],
    )
    return dict(zip(numbers, differing, strict=True))


def _differing(
    catalogue: Catalogue,
    spec: TableSpec,
    mine: Sequence[Mapping[str, object]],
    before: Sequence[Mapping[str, object]],
) -> list[frozenset[str]]:
    """Which cells of each row differ, read as the rules read them; unreadable ones do."""
    if not mine:
        return []
    typed = coerce(spec, catalogue, raw_frame(spec, mine))
    went = coerce(spec, catalogue, raw_frame(spec, [_plain(row) for row in before]))
    pairs = zip(
        mine, typed.frame.iter_rows(named=True), went.frame.iter_rows(named=True), strict=True
    )
    return [
        frozenset(
            code
            for code in row
            if now[code] != then[code] or position in typed.faults.get(code, {})
        )
        for position, (row, now, then) in enumerate(pairs)
    ]


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {code: plain(value) for code, value in values.items()}
