"""Collecting returned workbooks: what all of them together come to, and writing it.

A dry run over all files and the merging are the same work. Every row goes through the one write
path in one transaction (decision 5); what only a returned file can be wrong about is settled here:
two files of one part, files that disagree about a row, rows that were changed on the platform
since they were handed out.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.hand_out import IMPORT, why_not_collect
from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.actions.base_table import COLLECT, apply_changes
from app.actions.row_change import RowResult
from app.domain.bulk import collecting_later
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.cell import Translate, columns_of
from app.exchange.collect_decision import FILE, Decisions, name_of
from app.exchange.collect_merge import Prepared, prepare_rows
from app.exchange.collect_outcome import Telling
from app.exchange.collect_result import CollectResult, Crossing, FileLine, Option
from app.exchange.collected_file import CollectedFile
from app.exchange.collected_part import CollectingPlace, ReadFile, RefusedFile, read_files
from app.exchange.collected_row import RowReader
from app.models.base_table_rows import latest_change
from app.models.department import Department
from app.models.row_change import changes_of_rows

Keep = Callable[[CollectResult], None]


@dataclass(frozen=True)
class Collecting:
    """Everything that collecting goes by: the place, who does it when, what was decided."""

    place: CollectingPlace
    by: Actor
    now: datetime
    translate: Translate
    decisions: Decisions


@dataclass(frozen=True)
class Sorted:
    """The files that count and the lines of all; ``versions`` are parts with two of them."""

    counting: Sequence[ReadFile]
    lines: dict[int, FileLine]
    versions: list[Crossing]


@dataclass(frozen=True)
class Writing:
    """That it is to be written: what was ``seen``, the ``trial``, whose rows are ``left``."""

    trial: CollectResult
    left: frozenset[int]
    keep: Keep


@collecting_later()
def try_collecting(
    session: Session, work: Collecting, files: Sequence[CollectedFile]
) -> CollectResult:
    """What merging the files would do. Raises Refused where nobody may or can write the place."""
    return _collected(session, work, files)


@collecting_later()
def merge_collected(
    session: Session,
    work: Collecting,
    files: Sequence[CollectedFile],
    *,
    seen: int,
    good_rows: bool,
    keep: Keep,
) -> CollectResult:
    """Write what was looked at, whole files or, with ``good_rows``, every row that can be.

    ``seen`` is the latest change that the trial knew of; ``keep`` writes what belongs to the result
    in the same transaction. Raises Refused, and nothing is written then.
    """
    trial = _collected(session, work, files)
    if trial.seen != seen:
        raise Refused(
            Message(
                "Somebody changed rows of this table since the preview. Look at the preview again"
                " and confirm it."
            ),
            Reason.CONFLICT,
        )
    left = frozenset() if good_rows else frozenset(f.number for f in trial.taken if f.has_left)
    return _collected(session, work, files, Writing(trial, left, keep))


def _collected(
    session: Session,
    work: Collecting,
    files: Sequence[CollectedFile],
    writing: Writing | None = None,
) -> CollectResult:
    """What the files come to; nothing is written without ``writing``."""
    place, table = work.place, work.place.stored.spec.identifier
    refuse(why_not_collect(work.by, place.stored, place.department))
    found = _sorted(work, *read_files(session, place, files))
    reader = _reader(session, work)
    rows = reader.rows_of(session, _written_files(found, writing))
    prepared = prepare_rows(session, reader, rows, work.decisions)
    seen = latest_change(session, table, place.period, place.department)
    result = CollectResult(list(found.lines.values()), versions=found.versions, seen=seen)
    telling = _telling(session, work, reader, prepared, result)

    def keep(results: Sequence[RowResult]) -> None:
        telling.tell(rows, prepared, results)
        if writing is not None:
            _finish(session, work, result, writing)

    outcome = apply_changes(
        session,
        place.store,
        table,
        [sent.change for sent in prepared.sent],
        by=work.by,
        now=work.now,
        period=place.period,
        department=place.department,
        way=COLLECT,
        partial=True,
        dry_run=writing is None,
        seen=seen if writing is None else writing.trial.seen,
        alongside=keep,
    )
    if writing is None:
        keep(outcome.results)
    return result


def _written_files(found: Sorted, writing: Writing | None) -> Sequence[ReadFile]:
    """The files that count, without those that are left."""
    left = frozenset() if writing is None else writing.left
    return [file for file in found.counting if file.number not in left]


def _telling(
    session: Session,
    work: Collecting,
    reader: RowReader,
    prepared: Prepared,
    result: CollectResult,
) -> Telling:
    """Fills the result in; it knows who changed rows meanwhile."""
    disputed = [sent.row for sent in prepared.sent if sent.disputed] + prepared.gone
    ids = {row.handed.id for row in disputed if row.handed is not None}
    logged = changes_of_rows(session, work.place.stored.spec.identifier, ids)
    return Telling(reader, work.translate, work.decisions, logged, result)


def _finish(session: Session, work: Collecting, result: CollectResult, writing: Writing) -> None:
    """Tell of the files that were left as the trial did, and keep what belongs to the result."""
    trial, left = writing.trial, writing.left
    before = {line.number: line for line in trial.files}
    for position, line in enumerate(result.files):
        if line.number in left:
            result.files[position] = _whole_left(before[line.number], work.translate)
    result.problems += [each for each in trial.problems if each.file in left]
    result.meanwhile += [each for each in trial.meanwhile if each.file in left]
    known = {each.name for each in result.crossings}
    result.crossings += [each for each in trial.crossings if each.name not in known]
    result.written = True
    place = work.place
    latest = latest_change(session, place.stored.spec.identifier, place.period, place.department)
    result.change_set = latest if latest != trial.seen else None
    writing.keep(result)


def _whole_left(line: FileLine, translate: Translate) -> FileLine:
    """A file of which nothing was written, because some of its rows could not be."""
    counts = Counter(line.counts)
    for name in ("created", "changed", "incomplete"):
        counts[name] = 0
    note = translate(Message("left as a whole, because some of its rows are not in order"))
    return replace(line, counts=counts, note=note)


def _reader(session: Session, work: Collecting) -> RowReader:
    place, spec = work.place, work.place.stored.spec
    closed = masked_by_roles(work.by, place.stored, IMPORT)
    columns = columns_of(place.store.catalogue, spec, work.translate, masks=closed)
    own = session.get(Department, place.department)
    names = {place.department, own.name if own is not None else place.department}
    return RowReader(place, columns, spec.masked, closed, names, work.by)


def _sorted(work: Collecting, read: Sequence[ReadFile], refused: Sequence[RefusedFile]) -> Sorted:
    """Which files count: of several of one part those that say the same are one."""
    lines = {each.number: _refused_line(each, work.translate) for each in refused}
    counting: list[ReadFile] = []
    versions: list[Crossing] = []
    by_part: dict[int, list[ReadFile]] = {}
    for file in read:
        by_part.setdefault(file.part.id, []).append(file)
        lines[file.number] = _line(file, work.translate)
    for part, several in by_part.items():
        different = _different(several, lines, work.translate)
        chosen = work.decisions.file_of(part)
        taken = different if len(different) == 1 else [f for f in different if f.number == chosen]
        counting += taken
        if len(different) > 1:
            versions.append(_version(part, different, chosen))
            _leave(different, taken, lines, work.translate)
    counting.sort(key=lambda file: file.number)
    return Sorted(counting, dict(sorted(lines.items())), versions)


def _refused_line(each: RefusedFile, translate: Translate) -> FileLine:
    return FileLine(each.number, each.name, "refused", translate(each.reason))


def _line(file: ReadFile, translate: Translate) -> FileLine:
    line = FileLine(file.number, file.name, part=file.part.id, title=file.part.title)
    if file.hand_out.superseded_at is not None:
        line.note = translate(Message("from an earlier handing out; a newer one was made since"))
    return line


def _different(
    several: Sequence[ReadFile], lines: dict[int, FileLine], translate: Translate
) -> list[ReadFile]:
    """One file of each content."""
    by_digest: dict[str, ReadFile] = {}
    for file in several:
        other = by_digest.setdefault(file.digest, file)
        if other is not file:
            message = Message("The same content as “%(file)s”.", {"file": other.name})
            lines[file.number].state = "identical"
            lines[file.number].reason = translate(message)
    return list(by_digest.values())


def _version(part: int, different: Sequence[ReadFile], chosen: int | None) -> Crossing:
    options = [Option(file.number, file.name, len(file.upload.rows)) for file in different]
    return Crossing(name_of(FILE, part), different[0].part.title, options, chosen)


def _leave(
    different: Sequence[ReadFile],
    taken: Sequence[ReadFile],
    lines: dict[int, FileLine],
    translate: Translate,
) -> None:
    """Say of the files that do not count why."""
    message = Message("Several different files of this part came back. Choose the right one.")
    if taken:
        message = Message("Another file of this part was chosen.")
    for file in different:
        if file not in taken:
            lines[file.number].state = "choose" if not taken else "identical"
            lines[file.number].reason = translate(message)
