"""From the rows of returned files to changes: where files disagree, or the platform with a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.actions.row_change import INSERT, UPDATE, UPSERT, Change
from app.catalogue.base_table import TableKind
from app.exchange.collect_decision import ROW, Decisions, Side, name_of
from app.exchange.collect_result import Crossing, Option
from app.exchange.collected_row import CollectedRow, RowReader
from app.models.base_table_rows import plain
from app.models.row_change import values_before, versions_between
from app.rules.reading import text_of


@dataclass(frozen=True)
class SentRow:
    """A row with the change that it comes to.

    ``disputed`` are the codes of fields that both its file and somebody on the platform changed.
    """

    row: CollectedRow
    change: Change
    disputed: tuple[str, ...] = ()


@dataclass
class Prepared:
    """The rows that are sent, and those that wait for a decision.

    ``crossings`` are rows that several files change; ``waiting`` their rows that are left out;
    ``gone`` are rows that were deleted on the platform; ``same`` say what another file says.
    """

    sent: list[SentRow] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    waiting: list[CollectedRow] = field(default_factory=list)
    gone: list[CollectedRow] = field(default_factory=list)
    same: list[CollectedRow] = field(default_factory=list)


def prepare_rows(
    session: Session,
    reader: RowReader,
    rows: Sequence[CollectedRow],
    decisions: Decisions,
) -> Prepared:
    """What is sent of the rows, and what waits for a decision."""
    prepared = Prepared()
    open_rows = [row for row in rows if row.is_open]
    alone = _settle_crossings(reader, open_rows, decisions, prepared)
    before = _before(session, reader, alone)
    for row in alone:
        side = None if row.handed is None else decisions.side_of(row.handed.id)
        if row.is_gone and side is not Side.OF_FILE:
            prepared.gone.append(row)
            continue
        known = before.get(row.handed.id) if row.handed is not None else None
        prepared.sent.append(_sent(reader, row, side, known))
    return prepared


def _settle_crossings(
    reader: RowReader,
    rows: Sequence[CollectedRow],
    decisions: Decisions,
    prepared: Prepared,
) -> list[CollectedRow]:
    """The rows that count where several files change one row, or make two of one key."""
    groups: dict[str, list[CollectedRow]] = {}
    for position, row in enumerate(rows):
        groups.setdefault(_subject(row) or f"new{position}", []).append(row)
    alone: list[CollectedRow] = []
    for subject, several in groups.items():
        files = {row.file.number for row in several}
        if len(files) == 1:
            alone += several
            continue
        different = _different(several, prepared)
        if len(different) == 1:
            alone += different
            continue
        chosen = decisions.file_of_row(subject)
        counting = [row for row in different if row.file.number == chosen]
        alone += counting
        prepared.crossings.append(_crossing(reader, subject, different, chosen))
        if not counting:
            prepared.waiting += different
        else:
            prepared.same += [row for row in different if row not in counting]
    return sorted(alone, key=lambda row: (row.file.number, row.row.number))


def _subject(row: CollectedRow) -> str | None:
    """What a row is about, told alike by all files."""
    if row.handed is not None:
        return f"id{row.handed.id}"
    return None if row.key is None else f"key{row.key}"


def _said(row: CollectedRow) -> dict[str, str | None]:
    return {code: text_of(row.typed[code]) for code in row.values}


def _different(several: Sequence[CollectedRow], prepared: Prepared) -> list[CollectedRow]:
    """One row of each content; rows of one file all stay."""
    kept: list[CollectedRow] = []
    for row in several:
        if any(other.file is not row.file and _said(other) == _said(row) for other in kept):
            prepared.same.append(row)
        else:
            kept.append(row)
    return kept


def _crossing(
    reader: RowReader, subject: str, different: Sequence[CollectedRow], chosen: int | None
) -> Crossing:
    said = [_said(row) for row in different]
    codes = [
        column.field.code
        for column in reader.columns
        if len({each.get(column.field.code) for each in said}) > 1
    ]
    options = [
        Option(
            row.file.number,
            row.file.name,
            row.row.number,
            [(reader.label_of(code), reader.text_of(code, row.typed[code])) for code in codes],
        )
        for row in different
    ]
    return Crossing(name_of(ROW, subject), reader.title_of(different[0]), options, chosen)


def _before(
    session: Session, reader: RowReader, rows: Sequence[CollectedRow]
) -> Mapping[str, Mapping[str, object]]:
    """Row id → what the fields changed on the platform since held when it was handed out."""
    stored = reader.place.stored
    behind: dict[str, int] = {}
    for row in rows:
        if row.handed is not None and row.current is not None:
            count = versions_between(row.handed.version, stored.version_of(row.current))
            if count:
                behind[row.handed.id] = count
    return values_before(session, stored.spec.identifier, behind)


def _sent(
    reader: RowReader,
    row: CollectedRow,
    side: Side | None,
    before: Mapping[str, object] | None,
) -> SentRow:
    """The change of a row: of one that was changed meanwhile, what the file itself has changed.

    ``before`` is what the fields changed meanwhile held when the row was handed out; None where
    the log does not tell: then every value that differs may be one of the file's.
    """
    stored, number = reader.place.stored, row.row.number
    if row.handed is None or row.current is None:
        is_single = stored.spec.kind is TableKind.SINGLE_ROW
        return SentRow(row, Change(UPSERT if is_single else INSERT, row.values, number=number))
    version, now = row.handed.version, stored.version_of(row.current)
    if version == now:
        return SentRow(row, Change(UPDATE, row.values, row.handed.id, version, number))
    said = {
        code: value
        for code, value in row.values.items()
        if before is None or code not in before or not _alike(row.typed[code], before[code])
    }
    current = stored.values_of(row.current)
    disputed = tuple(
        code
        for code in said
        if (before is None or code in before) and not _alike(row.typed[code], plain(current[code]))
    )
    if side is Side.OF_PLATFORM:
        said = {code: value for code, value in said.items() if code not in disputed}
    seen = version if side is None else now
    return SentRow(row, Change(UPDATE, said, row.handed.id, seen, number), disputed)


def _alike(typed: object, logged: object) -> bool:
    """Whether a value as it is read is one as the log keeps it; empty is empty."""
    value = plain(typed)
    return value == logged or (value in (None, "") and logged in (None, ""))
