"""Telling what became of the rows of returned files, with their places in Excel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.actions.row_change import RowResult
from app.domain.finding import Finding, Severity
from app.domain.message import Message
from app.exchange.cell import Translate
from app.exchange.collect_decision import CELL, Decisions, name_of
from app.exchange.collect_merge import Prepared, SentRow
from app.exchange.collect_result import (
    MOST_LISTED,
    CollectResult,
    FileLine,
    Meanwhile,
    Problem,
)
from app.exchange.collected_row import CollectedRow, RowReader
from app.exchange.import_result import is_incomplete
from app.exchange.lost_value import why_lost
from app.exchange.mask import masked
from app.exchange.sheet import column_letters
from app.models.row_change import LoggedChange
from app.rules.raw_text import UNREADABLE, raw_text


@dataclass
class Telling:
    """Fills a result in. ``logged`` are the latest changes of rows that were changed meanwhile."""

    reader: RowReader
    translate: Translate
    decisions: Decisions
    logged: Mapping[str, Sequence[LoggedChange]]
    result: CollectResult
    lines: Mapping[int, FileLine] = field(default_factory=dict)

    def tell(
        self, rows: Sequence[CollectedRow], prepared: Prepared, results: Sequence[RowResult]
    ) -> None:
        """Count every row, and list what is wrong or has to be decided."""
        self.lines = {line.number: line for line in self.result.files}
        self.result.crossings = prepared.crossings
        for row in rows:
            if row.problem is not None:
                self._refused(row, *row.problem)
            elif row.is_untouched:
                self._count(row, "unchanged")
        for row in prepared.same:
            self._count(row, "unchanged")
        for row in prepared.waiting:
            self._count(row, "conflict")
        for sent, result in zip(prepared.sent, results, strict=True):
            self._sent(sent, result)
        for row in prepared.gone:
            self._gone(row)
        self._absent(rows)
        self.result.problems.sort(key=lambda each: (not each.is_error, each.file, each.row))
        for line in self.result.taken:
            if line.has_left:
                line.state = "conflicting"

    def _count(self, row: CollectedRow, outcome: str) -> None:
        self.lines[row.file.number].counts[outcome] += 1

    def _refused(self, row: CollectedRow, code: str | None, message: Message) -> None:
        self._count(row, "rejected")
        self._list(row, code, self.translate(message), is_error=True)

    def _sent(self, sent: SentRow, result: RowResult) -> None:
        row = sent.row
        self._count(row, result.outcome)
        self.lines[row.file.number].counts["incomplete"] += is_incomplete(
            result.outcome, result.findings
        )
        if sent.disputed or result.outcome == "conflict":
            self._meanwhile(sent, result)
        for finding in result.findings:
            if result.outcome != "unchanged":
                self._finding(row, finding)

    def _finding(self, row: CollectedRow, finding: Finding) -> None:
        message = finding.told(self.reader.closed)
        spec = self.reader.place.stored.spec.by_code.get(finding.field or "")
        if spec is not None:
            message = why_lost(row.file.upload, row.row.number, spec) or message
        is_error = finding.severity is Severity.ERROR
        self._list(row, finding.field, self.translate(message), is_error=is_error)

    def _list(self, row: CollectedRow, code: str | None, message: str, *, is_error: bool) -> None:
        if len(self.result.problems) >= MOST_LISTED:
            return
        column = row.file.upload.columns.get(code or "")
        self.result.problems.append(
            Problem(
                row.file.number,
                row.file.name,
                row.row.number,
                "" if column is None else column_letters(column),
                self.reader.label_of(code) if code else "",
                self._typed(row, code),
                message,
                is_error,
            )
        )

    def _typed(self, row: CollectedRow, code: str | None) -> str:
        spec = self.reader.place.stored.spec.by_code.get(code or "")
        if spec is None:
            return ""
        text = raw_text(spec, row.row.values.get(spec.code))
        if text is None or UNREADABLE in text:
            return ""
        return str(masked(text)) if spec.mask or spec.code in self.reader.closed else text[:200]

    def _meanwhile(self, sent: SentRow, result: RowResult) -> None:
        row, stored = sent.row, self.reader.place.stored
        current = {} if row.current is None else stored.values_of(row.current)
        codes = sent.disputed or tuple(result.conflict)
        cells = [
            (
                self.reader.label_of(code),
                self.reader.text_of(code, row.typed[code]),
                self.reader.text_of(code, current.get(code)),
            )
            for code in codes
        ]
        self._dispute(row, cells)

    def _gone(self, row: CollectedRow) -> None:
        is_decided = row.handed is not None and self.decisions.side_of(row.handed.id) is not None
        self._count(row, "unchanged" if is_decided else "conflict")
        self._dispute(row, [])

    def _dispute(self, row: CollectedRow, cells: Sequence[tuple[str, str, str]]) -> None:
        row_id = "" if row.handed is None else row.handed.id
        side = self.decisions.side_of(row_id)
        latest = next(iter(self.logged.get(row_id, ())), None)
        self.result.meanwhile.append(
            Meanwhile(
                name_of(CELL, row_id),
                self.reader.title_of(row),
                row.file.number,
                row.file.name,
                row.row.number,
                cells,
                who="" if latest is None else latest.person_name,
                at="" if latest is None else latest.at.isoformat(),
                is_gone=row.is_gone,
                chosen="" if side is None else side.value,
            )
        )

    def _absent(self, rows: Sequence[CollectedRow]) -> None:
        """Rows that were handed out and are not in their file any more."""
        there: dict[int, set[str]] = {}
        handed: dict[int, set[str]] = {}
        for row in rows:
            number = row.file.number
            handed[number] = {each.id for each in row.file.identity.rows.values()}
            if row.handed is not None:
                there.setdefault(number, set()).add(row.handed.id)
        for number, ids in handed.items():
            self.lines[number].counts["absent"] += len(ids - there.get(number, set()))
