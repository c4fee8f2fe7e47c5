"""Finding the heading row of a sheet, what its columns mean, and what is wrong with it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.catalogue.base_table import TableSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.column_matching import (
    FieldNames,
    HeadingText,
    field_names,
    is_no_field,
    like,
    match_names,
)
from app.exchange.heading import DEPARTMENT_NAMES, IGNORED_NAMES, MARK_NAMES, fold
from app.exchange.layout import How, WantedLayout
from app.exchange.sheet import column_letters

# The heading row is looked for in these first rows of a sheet.
HEADING_ROWS = 20
# A merged heading reaches down over so many rows at most.
MOST_MERGED = 2
# No table has as many columns.
MOST_COLUMNS = 1_000
LONGEST_ECHO = 40

Lines = Sequence[Sequence[object]]


@dataclass
class HeadingRow:
    """A row of headings: its position from 0 and what each column means.

    ``columns`` are those that are imported; ``similar`` ones are only a guess. ``hows`` tells of
    every column how it came to its meaning; ``keys`` name the headings, ``signature`` all of them.
    ``known`` headings name a field by themselves.
    """

    spec: TableSpec
    position: int
    texts: Sequence[str]
    keys: Sequence[str]
    columns: dict[str, int] = field(default_factory=dict)
    department_column: int | None = None
    mark_column: int | None = None
    unknown: dict[int, str] = field(default_factory=dict)
    repeated: dict[int, str] = field(default_factory=dict)
    blank: list[int] = field(default_factory=list)
    similar: dict[int, str] = field(default_factory=dict)
    hows: dict[int, How] = field(default_factory=dict)
    signature: str = ""
    known: int = 0

    @property
    def is_perfect(self) -> bool:
        """Whether every heading is known and no key is missing."""
        keys = {key.code for key in self.spec.key_fields}
        return bool(self.columns) and not (
            self.unknown or self.repeated or self.similar or keys - set(self.columns)
        )

    def faults(self, cells: Lines) -> Iterator[Message]:
        """What keeps the columns from being imported; a column without values does no harm."""
        below = cells[self.position + 1 :]
        names = field_names(self.spec).labels
        for column, text in self.unknown.items():
            if not has_values(below, column):
                continue
            if column in self.similar:
                yield Message(
                    "Column %(column)s: “%(heading)s” may mean the field “%(field)s”. Confirm it or"
                    " choose another one.",
                    {
                        "column": column_letters(column),
                        "heading": text,
                        "field": names[self.similar[column]],
                    },
                )
                continue
            yield Message(
                "Column %(column)s: the table has no field “%(heading)s”. Correct the heading or"
                " delete the column.",
                {"column": column_letters(column), "heading": text},
            )
        for column, text in self.repeated.items():
            if has_values(below, column):
                yield Message(
                    "Column %(column)s: the heading “%(heading)s” stands there a second time."
                    " Delete one of the columns.",
                    {"column": column_letters(column), "heading": text},
                )
        for column in self.blank:
            if has_values(below, column):
                yield Message(
                    "Column %(column)s has values but no heading. Add the heading or delete the"
                    " column.",
                    {"column": column_letters(column)},
                )
        yield from self._missing_keys(names)

    def _missing_keys(self, names: Mapping[str, str]) -> Iterator[Message]:
        for key in self.spec.key_fields:
            if key.code not in self.columns and key.code not in self.similar.values():
                yield Message(
                    "The column “%(heading)s” is missing; without it rows cannot be told apart.",
                    {"heading": names[key.code]},
                )


def find_heading_row(first: Lines, spec: TableSpec, wanted: WantedLayout) -> HeadingRow | None:
    """The row with most of the table's headings; None when no row has any.

    Headings that somebody has matched before go before all others. Of equal rows the first one
    counts, since tables made for printing repeat them on every page; but one directly below it goes
    before it: exports may carry a line of codes above the headings.
    """
    names = field_names(spec)
    best: HeadingRow | None = None
    for position in range(len(first)):
        row = read_headings(first, position, spec, names, wanted)
        if row is None:
            continue
        if row.signature in wanted.remembered and row.columns:
            return row
        is_next = best is not None and position == best.position + 1
        if best is None or row.known > best.known or (is_next and row.known == best.known):
            best = row
    return best


def read_headings(
    lines: Lines,
    position: int,
    spec: TableSpec,
    names: FieldNames,
    wanted: WantedLayout,
    *,
    is_chosen: bool = False,
) -> HeadingRow | None:
    """The headings at ``position``; None where it has none, unless somebody has chosen it."""
    headings = _heading_texts(lines, position)
    matches = match_names(headings, names, spec)
    texts = [heading.text or heading.inherited for heading in headings]
    own = [
        texts[column] if heading.text or column in matches.exact else ""
        for column, heading in enumerate(headings)
    ]
    keys = _keys(own)
    signature = signature_of(keys)
    if not (matches.own or is_chosen or signature in wanted.remembered):
        return None
    known = len(matches.exact) + len(matches.looser)
    row = HeadingRow(spec, position, own, keys, signature=signature, known=known)
    forced = _forced(row, wanted)
    automatic = {c: (code, How.LABEL) for c, code in matches.exact.items()}
    automatic |= {c: (code, How.ALIAS) for c, code in matches.looser.items()}
    _settle(row, forced, automatic)
    _sort_the_rest(row, set(forced), matches.repeated)
    return row


def signature_of(keys: Sequence[str]) -> str:
    """A digest of the headings, in whatever order the columns stand."""
    named = sorted(key for key in keys if not key.startswith("#"))
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def has_values(lines: Lines, column: int) -> bool:
    """Whether anything stands in the column."""
    return any(column < len(line) and str(line[column]).strip() for line in lines)


def _heading_texts(lines: Lines, position: int) -> list[HeadingText]:
    """The cells of the row with what stands above them: a group, or the text they merge with."""
    line = lines[position]
    above = lines[position - 1] if position else ()
    has_groups = len({str(cell).strip() for cell in above} - {""}) > 1
    group = ""
    found = []
    for column, cell in enumerate(line):
        over = str(above[column]).strip() if column < len(above) else ""
        group = over or group
        text = str(cell).strip()
        inherited = "" if text else _from_above(lines, position, column)
        found.append(HeadingText(text, group if has_groups else "", inherited))
    while found and not (found[-1].text or found[-1].inherited):
        found.pop()
    if len(found) > MOST_COLUMNS:
        raise Refused(
            Message(
                "The heading row has more than %(count)s columns. Delete the columns that do not"
                " belong to the table.",
                {"count": MOST_COLUMNS},
            ),
            Reason.INVALID,
        )
    width = min(len(line), MOST_COLUMNS)
    return found + [HeadingText("")] * (width - len(found))


def _from_above(lines: Lines, position: int, column: int) -> str:
    for higher in range(position - 1, max(position - 1 - MOST_MERGED, -1), -1):
        text = str(lines[higher][column]).strip() if column < len(lines[higher]) else ""
        if text:
            return text
    return ""


def _keys(texts: Sequence[str]) -> list[str]:
    """A name for every heading: folded, with its count among equal ones."""
    used: Counter[str] = Counter()
    keys = []
    for text in texts:
        name = fold(text)
        used[name] += 1
        keys.append(f"{name}#{used[name]}")
    return keys


def _forced(row: HeadingRow, wanted: WantedLayout) -> dict[int, tuple[str | None, How]]:
    """What somebody chose, now or earlier: column → field code or None, and how."""
    if wanted.columns:
        places = {column_letters(column): column for column in range(len(row.keys))}
        _refuse_odd_choices(wanted, places, row.spec)
        return {places[letters]: (c, How.CHOSEN) for letters, c in wanted.columns.items()}
    known = wanted.remembered.get(row.signature, {})
    return {
        column: (known[key], How.REMEMBERED)
        for column, key in enumerate(row.keys)
        if key in known and (known[key] is None or known[key] in row.spec.by_code)
    }


def _refuse_odd_choices(wanted: WantedLayout, places: Mapping[str, int], spec: TableSpec) -> None:
    """Each field once, and only what there is."""
    codes = Counter(code for code in wanted.columns.values() if code is not None)
    faults = [
        Message("The table has no field “%(field)s”.", {"field": code[:LONGEST_ECHO]})
        for code in codes
        if code not in spec.by_code
    ]
    faults += [
        Message("The sheet has no column %(column)s.", {"column": letters[:LONGEST_ECHO]})
        for letters in wanted.columns
        if letters not in places
    ]
    faults += [
        Message(
            "Two columns are matched with the field “%(field)s”. Leave one of them out.",
            {"field": spec.by_code[code].label},
        )
        for code, count in codes.items()
        if count > 1 and code in spec.by_code
    ]
    if faults:
        message = Message("The columns cannot be matched like this. Match them once more.")
        raise Refused(message, Reason.INVALID, tuple(faults))


def _settle(
    row: HeadingRow,
    forced: Mapping[int, tuple[str | None, How]],
    automatic: Mapping[int, tuple[str, How]],
) -> None:
    """Choices first; what they say of a column that its name says as well is no choice."""
    for column, (code, how) in forced.items():
        by_name = automatic.get(column)
        says_nothing_new = by_name is not None and by_name[0] == code
        row.hows[column] = by_name[1] if by_name and says_nothing_new else how
        if code is not None:
            row.columns[code] = column
    for column, (code, how) in automatic.items():
        if column not in forced and code not in row.columns:
            row.columns[code] = column
            row.hows[column] = how


def _sort_the_rest(row: HeadingRow, forced: set[int], repeated: set[int]) -> None:
    """The columns that no name and nobody has given a field."""
    for column, text in enumerate(row.texts):
        name = fold(text)
        is_left_out = column in forced and column not in row.columns.values()
        if name in DEPARTMENT_NAMES and column not in row.columns.values():
            _note_department(row, column)
        elif column in row.hows:
            if is_left_out and name in IGNORED_NAMES:
                row.hows[column] = How.IGNORED
        elif not name:
            row.blank.append(column)
        elif name in MARK_NAMES and row.mark_column is None:
            row.mark_column = column
            row.hows[column] = How.IGNORED
        elif name in IGNORED_NAMES:
            row.hows[column] = How.IGNORED
        elif column in repeated or is_no_field(name):
            row.repeated[column] = text[:LONGEST_ECHO]
        else:
            row.unknown[column] = text[:LONGEST_ECHO]
    free = [one for one in row.spec.fields if one.code not in row.columns]
    row.similar = like(row.unknown, free)
    row.hows |= dict.fromkeys(row.similar, How.SIMILAR)


def _note_department(row: HeadingRow, column: int) -> None:
    """The first column that names departments tells whose rows they are; no choice changes that."""
    if row.department_column is None:
        row.department_column = column
        row.hows[column] = How.DEPARTMENT
    elif column not in row.hows:
        row.unknown[column] = row.texts[column][:LONGEST_ECHO]
