"""The rows of returned files: which stored row each is, and whether its file may speak of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.catalogue.base_table import FieldSpec
from app.domain.hand_out import Division
from app.domain.message import Message
from app.exchange.cell import Column
from app.exchange.collected_part import CollectingPlace, ReadFile
from app.exchange.mask import is_masked, looks_masked
from app.exchange.part_identity import HandedRow, row_digest
from app.exchange.reference_text import Keys, keys_in
from app.exchange.workbook import UploadedRow
from app.models.base_table_rows import present_rows
from app.reports.hand_out import field_of, key_of_row
from app.rules.base_table import key_of
from app.rules.coercion import coerce, raw_frame
from app.rules.reading import text_of

NOTHING = "\u2014"


@dataclass
class CollectedRow:
    """A row of a returned file on its way.

    ``handed`` is the row as it was handed out, None for a new one; ``current`` as it is stored now.
    ``values`` are the raw values it says, ``typed`` all of them as they are read. ``problem`` is
    why it is not taken, with the code of the field it is about.
    """

    file: ReadFile
    row: UploadedRow
    values: dict[str, object]
    handed: HandedRow | None = None
    is_untouched: bool = False
    current: RowMapping | None = None
    typed: dict[str, object] = field(default_factory=dict)
    key: str | None = None
    problem: tuple[str | None, Message] | None = None

    @property
    def is_gone(self) -> bool:
        """Whether its row was deleted since it was handed out."""
        return self.handed is not None and self.current is None

    @property
    def is_open(self) -> bool:
        """Whether there is something to be done with it."""
        return self.problem is None and not self.is_untouched


@dataclass(frozen=True)
class RowReader:
    """Reads rows for one place: its columns, the fields that are masked or closed there.

    ``names`` are what the department is called, ``by`` whoever collects.
    """

    place: CollectingPlace
    columns: Sequence[Column]
    masks: Collection[str]
    closed: Collection[str]
    names: Collection[str]
    by: Actor

    def rows_of(self, session: Session, files: Sequence[ReadFile]) -> list[CollectedRow]:
        """The rows of all files, each with the stored row it is and what is wrong with it."""
        ids = {handed.id for file in files for handed in file.identity.rows.values()}
        present = present_rows(session, self.place.stored, ids)
        rows: list[CollectedRow] = []
        for file in files:
            keys = self._keys_in(session, file)
            of_file = [self._begun(file, row, keys) for row in file.upload.rows]
            for each in of_file:
                each.current = present.get(each.handed.id) if each.handed else None
            self._type(of_file)
            _settle_repeated_marks(of_file)
            self._adopt_by_key(file, of_file, present)
            rows += of_file
        for row in rows:
            if not row.is_untouched:
                row.problem = self._problem_of(row)
        return rows

    def label_of(self, code: str) -> str:
        """What people call a field."""
        return self.place.stored.spec.by_code[code].label

    def text_of(self, code: str, value: object) -> str:
        """A value as it is shown; a dash for none."""
        column = next(each for each in self.columns if each.field.code == code)
        return NOTHING if value in (None, "") else str(column.show(value))

    def title_of(self, row: CollectedRow) -> str:
        """What a row is called: its key, else its first field."""
        stored = self.place.stored
        known = {} if row.current is None else stored.values_of(row.current)
        codes = stored.key_codes or tuple(stored.spec.by_code)[:1]
        return " · ".join(self.text_of(c, known.get(c) or row.typed.get(c)) for c in codes)

    def _keys_in(self, session: Session, file: ReadFile) -> Keys:
        """Keys of the references that the file names by key and label."""
        place, cells = self.place, file.upload.cells
        return keys_in(session, place.store, place.stored, self.by, place.period, cells)

    def _begun(self, file: ReadFile, row: UploadedRow, keys: Keys) -> CollectedRow:
        handed = file.identity.rows.get(file.marks.get(row.number, ""))
        said = row.values.items()
        values: dict[str, object] = {c: v for c, v in said if self._says_something(c, v)}
        # The hash below is of what the cells show; what they mean is the key.
        values |= {c: keys[c][str(v)] for c, v in values.items() if str(v) in keys.get(c, {})}
        is_untouched = handed is not None and handed.digest == row_digest(self.columns, row.values)
        return CollectedRow(file, row, values, handed, is_untouched)

    def _says_something(self, code: str, value: object) -> bool:
        """A masked value says nothing, nor does an empty cell of a closed field."""
        if looks_masked(value) or (code in self.masks and is_masked(value)):
            return False
        return code not in self.closed or not (value in (None, "") or is_masked(value))

    def _type(self, rows: Sequence[CollectedRow]) -> None:
        """Read the values, and tell rows by the keys that they come to."""
        spec = self.place.stored.spec
        if not rows:
            return
        raw = raw_frame(spec, [row.values for row in rows])
        frame = coerce(spec, self.place.store.catalogue, raw).frame
        for row, typed in zip(rows, frame.iter_rows(named=True), strict=True):
            row.typed = typed
            row.key = self._key_of(row)

    def _key_of(self, row: CollectedRow) -> str | None:
        stored = self.place.stored
        before = {} if row.current is None else stored.values_of(row.current)
        parts = [
            row.typed[code] if code in row.values else before.get(code) for code in stored.key_codes
        ]
        return None if all(part is None for part in parts) else key_of(parts)

    def _adopt_by_key(
        self, file: ReadFile, rows: Sequence[CollectedRow], present: Mapping[str, RowMapping]
    ) -> None:
        """Know rows without a mark by their keys, where those have been copied without it."""
        column = self.place.stored.key
        claimed = {row.handed.id for row in rows if row.handed is not None}
        free = {
            present[handed.id][column]: handed
            for handed in file.identity.rows.values()
            if column is not None and handed.id in present and handed.id not in claimed
        }
        for row in rows:
            if row.handed is None and row.key in free:
                row.handed = free.pop(row.key)
                row.current = present[row.handed.id]
                row.is_untouched = row.handed.digest == row_digest(self.columns, row.row.values)

    def _problem_of(self, row: CollectedRow) -> tuple[str | None, Message] | None:
        """Why the file may not say this."""
        said = row.row.department
        if said is not None and said not in self.names:
            message = Message(
                "This row belongs to the department “%(department)s”. Only rows of your own"
                " department are imported; delete the row.",
                {"department": said},
            )
            return None, message
        field_spec = self._dividing_field(row.file)
        if row.current is not None and not self._is_of_part(row, field_spec):
            message = Message(
                "This row has gone to somebody else since it was handed out. Delete it from the"
                " file; its present owner fills it in."
            )
            return None, message
        return None if field_spec is None else self._stray(row, field_spec)

    def _dividing_field(self, file: ReadFile) -> FieldSpec | None:
        if file.hand_out.division is Division.PERSON:
            return self.place.stored.spec.person_field
        return field_of(self.place.stored, file.hand_out)

    def _is_of_part(self, row: CollectedRow, field_spec: FieldSpec | None) -> bool:
        stored, current = self.place.stored, row.current
        if current is None:
            return True
        place = (self.place.period, self.place.department)
        held = [None if c is None else current[c] for c in (stored.period, stored.department)]
        if tuple(held) != place:
            return False
        division = row.file.hand_out.division
        return key_of_row(stored, division, field_spec, current) == row.file.part.key

    def _stray(self, row: CollectedRow, field_spec: FieldSpec) -> tuple[str | None, Message] | None:
        """What is said about somebody else; where nothing is said it is the part's own."""
        code, own = field_spec.code, row.file.part.key
        said = row.values.get(code)
        if said in (None, ""):
            if code in row.values or row.handed is None:
                row.values[code] = own
                self._type([row])
            return None
        if row.typed[code] is None or text_of(row.typed[code]) == own:
            return None
        parameters: dict[str, object] = {"label": field_spec.label, "title": row.file.part.title}
        parameters["value"] = text_of(row.typed[code])
        message = Message(
            "%(label)s is %(value)s, but this workbook is that of %(title)s, who fills in nothing"
            " else. Delete the row or correct %(label)s.",
            parameters,
        )
        return code, message


def _settle_repeated_marks(rows: Sequence[CollectedRow]) -> None:
    """Of several rows with one mark, as copying makes them, one is the row that was handed out.

    It is the untouched one, else the one that kept its key, else the first; the others are new.
    """
    by_id: dict[str, list[CollectedRow]] = {}
    for row in rows:
        if row.handed is not None:
            by_id.setdefault(row.handed.id, []).append(row)
    for several in by_id.values():
        kept = min(several, key=_likeness)
        for row in several:
            if row is not kept:
                row.handed, row.current, row.is_untouched = None, None, False


def _likeness(row: CollectedRow) -> int:
    if row.is_untouched:
        return 0
    stored_key = None if row.current is None else row.current.get("sys_key")
    return 1 if row.key is not None and row.key == stored_key else 2
