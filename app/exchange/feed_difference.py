"""Comparing a source with the rows of one department: what a feed would do, cell by cell.

Nothing is read or written here. Values are compared as JSON keeps them: so they are remembered.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.actions.row_change import DELETE, INSERT, UPDATE, Change
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.feed import CellState, Choice, Remembered, state_of_cell
from app.domain.message import Message
from app.models.base_table_rows import plain
from app.models.feed_memory import NOTHING, WHOLE_ROW, Memory, TargetRow
from app.reports.feed_source import SourceRow
from app.rules.base_table import check_rows
from app.rules.coercion import coerce, raw_frame
from app.rules.reading import text_of

SEPARATOR = " · "


@dataclass(frozen=True)
class Decisions:
    """What people decided: about single conflicts by key and field, and about all the others.

    ``deleting`` are the keys of vanished rows to be deleted.
    """

    single: Mapping[tuple[str, str], Choice] = field(default_factory=dict)
    others: Choice | None = None
    deleting: frozenset[str] = frozenset()

    def about(self, key: str, code: str) -> Choice | None:
        """The decision about one conflict, None where there is none."""
        return self.single.get((key, code), self.others)


@dataclass(frozen=True)
class FeedConflict:
    """A cell in which people have something else than the source.

    Without ``field`` a row that they have deleted, or given another key.
    """

    key: str
    row_id: str
    title: str
    field: str
    mine: object
    brought: object


@dataclass(frozen=True)
class VanishedRow:
    """A row that the feed gave and the source has no more; deleted only where nobody touched it."""

    key: str
    row: TargetRow
    title: str
    is_touched: bool = False


@dataclass(frozen=True)
class RejectedRow:
    """A row of the source that is not taken, with the reason."""

    number: int
    title: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class PlannedChange:
    """A change for the one write path, with what is remembered once it is written."""

    change: Change
    key: str | None
    title: str
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Difference:
    """What one department's rows and the source come to.

    ``confirmed`` and ``kept`` are to be remembered of stored rows, by key and field; ``released``
    are fields whose declined values are past; ``kept_count`` counts what was declined before.
    """

    changes: list[PlannedChange] = field(default_factory=list)
    conflicts: list[FeedConflict] = field(default_factory=list)
    vanished: list[VanishedRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    confirmed: dict[str, dict[str, object]] = field(default_factory=dict)
    kept: dict[str, dict[str, object]] = field(default_factory=dict)
    released: dict[str, set[str]] = field(default_factory=dict)
    unchanged: int = 0
    kept_count: int = 0


@dataclass(frozen=True)
class _Read:
    """A row of the source as the target's types read it; ``faults`` are fields it cannot hold."""

    source: SourceRow
    key: str | None
    values: Mapping[str, object]
    faults: frozenset[str]
    title: str


def difference_of(
    spec: TableSpec,
    catalogue: Catalogue,
    rows: Sequence[SourceRow],
    stored: Mapping[str, TargetRow],
    memory: Mapping[str, Memory],
    decisions: Decisions,
) -> Difference:
    """What the rows of the source mean for the stored ones, decisions already carried out."""
    found = Difference()
    read = _read_rows(spec, catalogue, rows)
    times = Counter(row.key for row in read if row.key is not None)
    for row in read:
        if row.key is None:
            change = Change(INSERT, row.source.values, number=row.source.number)
            found.changes.append(PlannedChange(change, None, row.title))
        elif times[row.key] > 1:
            message = Message(
                "The source has %(count)s rows with this key; none of them is taken.",
                {"count": times[row.key]},
            )
            found.rejected.append(RejectedRow(row.source.number, row.title, (message,)))
        else:
            _meet(found, row, stored.get(row.key), memory.get(row.key), decisions)
    _find_vanished(found, spec, catalogue, times, stored, memory)
    return found


def digest_of_values(rows: Sequence[Mapping[str, object]]) -> str:
    """SHA-256, in hex, over rows in whatever order they come."""
    lines = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def delete_vanished(found: Difference, deleting: frozenset[str]) -> None:
    """Plan the deletion of those that were chosen and that nobody has touched."""
    for each in found.vanished:
        if each.key in deleting and not each.is_touched:
            change = Change(DELETE, id=each.row.row_id, version=each.row.version)
            found.changes.append(PlannedChange(change, each.key, each.title))


def _read_rows(spec: TableSpec, catalogue: Catalogue, rows: Sequence[SourceRow]) -> list[_Read]:
    if not rows:
        return []
    raw = raw_frame(spec, [row.values for row in rows])
    coerced = coerce(spec, catalogue, raw)
    # By the rules of the key alone: those of all fields are asked where rows are written.
    of_key = replace(spec, fields=spec.key_fields)
    key_frame = raw_frame(of_key, [row.values for row in rows])
    keys = check_rows(of_key, catalogue, key_frame, {}).keys.to_list() if spec.key_fields else []
    keys = keys or [""] * len(rows)
    codes = [code for code in spec.by_code if code in rows[0].values]
    columns = [[plain(value) for value in coerced.frame[code].to_list()] for code in codes]
    faulty: dict[int, set[str]] = {}
    for code in codes:
        for position in coerced.faults.get(code, ()):
            faulty.setdefault(position, set()).add(code)
    found = []
    for position, values in enumerate(zip(*columns, strict=True)):
        named = dict(zip(codes, values, strict=True))
        faults = frozenset(faulty.get(position, ()))
        title = title_of(spec, catalogue, {**rows[position].values, **named})
        found.append(_Read(rows[position], keys[position], named, faults, title))
    return found


def title_of(spec: TableSpec, catalogue: Catalogue, values: Mapping[str, object]) -> str:
    """What people call a row: its key, codes by their labels, and its name; else the table's."""
    label = catalogue.label_field(spec.identifier)
    shown = dict.fromkeys([*spec.key_fields, label])
    texts = []
    for each in shown:
        value = None if each.mask else values.get(each.code)
        codes = catalogue.code_list_of(each)
        text = text_of(value) or ""
        texts.append(text if codes is None else codes.labels.get(text, text))
    return SEPARATOR.join(text for text in texts if text) or spec.name


def _meet(
    found: Difference,
    row: _Read,
    stored: TargetRow | None,
    memory: Memory | None,
    decisions: Decisions,
) -> None:
    """What becomes of a row of the source whose key is known and single."""
    known = memory or NOTHING
    if stored is not None:
        _meet_cells(found, row, stored, known, decisions)
        return
    if memory is not None and not _is_taken_again(found, row, known, decisions):
        return
    change = Change(INSERT, row.source.values, number=row.source.number)
    given = {code: value for code, value in row.values.items() if value is not None}
    found.changes.append(PlannedChange(change, row.key, row.title, given))


def _is_taken_again(found: Difference, row: _Read, memory: Memory, decisions: Decisions) -> bool:
    """Whether a row that people deleted is made anew; else what is decided about it is noted."""
    key = row.key or ""
    content = digest_of_values([row.values])
    if memory.kept_from(WHOLE_ROW) == Remembered(content):
        found.kept_count += 1
        found.unchanged += 1
        return False
    choice = decisions.about(key, WHOLE_ROW)
    if choice is Choice.TAKE:
        found.released.setdefault(key, set()).add(WHOLE_ROW)
        return True
    if choice is Choice.KEEP:
        found.kept.setdefault(key, {})[WHOLE_ROW] = content
        found.kept_count += 1
        return False
    found.conflicts.append(FeedConflict(key, memory.row_id, row.title, WHOLE_ROW, None, None))
    return False


def _meet_cells(
    found: Difference, row: _Read, stored: TargetRow, memory: Memory, decisions: Decisions
) -> None:
    key, values, given = row.key or "", {}, {}
    conflicts = len(found.conflicts)
    for code, brought in row.values.items():
        mine = stored.values.get(code)
        if code in row.faults:
            values[code] = row.source.values[code]
            continue
        known, kept = memory.given_to(code), memory.kept_from(code)
        state = state_of_cell(mine, brought, known, kept)
        if state is CellState.CONFLICT:
            conflict = FeedConflict(key, stored.row_id, row.title, code, mine, brought)
            state = _decided(found, conflict, decisions)
        elif state is CellState.KEPT:
            found.kept_count += 1
        if state is CellState.FOLLOW:
            values[code], given[code] = brought, brought
        elif state is CellState.EQUAL and brought is not None and known != Remembered(brought):
            found.confirmed.setdefault(key, {})[code] = brought
        if kept is not None and state in {CellState.FOLLOW, CellState.EQUAL}:
            found.released.setdefault(key, set()).add(code)
    if values:
        change = Change(UPDATE, values, stored.row_id, stored.version, row.source.number)
        found.changes.append(PlannedChange(change, key, row.title, given))
    elif conflicts == len(found.conflicts):
        found.unchanged += 1


def _decided(found: Difference, conflict: FeedConflict, decisions: Decisions) -> CellState:
    """What a conflict comes to by the decision about it."""
    choice = decisions.about(conflict.key, conflict.field)
    if choice is Choice.TAKE:
        return CellState.FOLLOW
    if choice is Choice.KEEP:
        found.kept.setdefault(conflict.key, {})[conflict.field] = conflict.brought
        found.kept_count += 1
        return CellState.KEPT
    found.conflicts.append(conflict)
    return CellState.CONFLICT


def _find_vanished(
    found: Difference,
    spec: TableSpec,
    catalogue: Catalogue,
    present: Mapping[str, int],
    stored: Mapping[str, TargetRow],
    memory: Mapping[str, Memory],
) -> None:
    """Rows the feed once gave or confirmed, still stored, of which the source knows no more."""
    for key in sorted(memory.keys() - present.keys(), key=lambda key: memory[key].row_id):
        row = stored.get(key)
        if row is not None and memory[key].given:
            found.vanished.append(VanishedRow(key, row, title_of(spec, catalogue, row.values)))
