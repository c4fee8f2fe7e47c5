"""Trying a rule on what was collected before anybody is asked by it (dry run); stores nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import perf_counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.masks import hidden_fields
from app.access.person import Actor
from app.access.rule import why_not_change_rules
from app.access.scopes import EVERYTHING, read_scope
from app.catalogue.quality_rule import Judged, Year
from app.domain.finding import Finding
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.period import AcademicYear
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches, present_rows
from app.models.collected_rows import CollectedRows, read_collected
from app.models.cycle import Cycle
from app.models.stored_check import told_before
from app.models.time_limit import TooSlowError, time_limited
from app.reports.assignment import department_names
from app.rules.base_table import of_sound_values
from app.rules.compiled_rule import CompiledRule
from app.rules.quality_rule import Judgement, judge

# So many hits are shown with their values.
MOST_SHOWN = 10
# More rows than a college has by far: reading and judging them ends within the limit below.
MOST_ROWS = 300_000
MOST_SECONDS = 10.0
# Rows that are hit are read whole, so many at once.
ROWS_AT_ONCE = 5_000
# Of masked values only so many rows together are counted.
ROUGH = 10


@dataclass(frozen=True)
class Hit:
    """One row that the rule finds: ``row`` is its id, None for the table as a whole.

    ``place`` is the code of its ``department``, ``values`` are those of the whole row.
    """

    row: str | None
    department: str
    message: Message
    place: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class YearTrial:
    """What the rule says of one year.

    ``hits`` are the first ones; none where the person does not see all rows the rule looks at.
    ``broken`` counts rows it cannot calculate, ``broken_rows`` are the first of them, shown under
    the same terms; ``cannot_run`` tells that it fails as a whole.
    Where the rule asks about masked values (``is_rough``), whose value would be guessed by asking
    again and again: there are no hits and departments, and counts are full tens.
    """

    year: str
    rows: int
    found: int
    by_department: Sequence[tuple[str, int]]
    hits: Sequence[Hit]
    hides_hits: bool
    broken: int
    broken_rows: Sequence[Hit]
    cannot_run: bool
    is_rough: bool = False


@dataclass(frozen=True)
class Trial:
    """The years that were looked at and the seconds it took, reading included."""

    table: str
    years: Sequence[YearTrial]
    seconds: float

    @property
    def asks_masked(self) -> bool:
        """Whether it asked about values that are masked for whoever tried it."""
        return any(year.is_rough for year in self.years)


def try_rule(
    session: Session, store: Store, actor: Actor, compiled: CompiledRule, year: AcademicYear
) -> Trial:
    """What the rule would say of ``year`` and of the year before it.

    Raises Refused without the right, and where it looks at too many rows or takes too long.
    """
    refuse(why_not_change_rules(actor))
    begun = perf_counter()
    years = []
    try:
        for each in (year, year.previous):
            _refuse_many(session, store, compiled, each)
            with time_limited(session, MOST_SECONDS):
                table = compiled.rule.table
                read = read_collected(session, store, each, table, [compiled])
                told = _told(session, store, compiled, each, read)
            years.append(_try_year(session, store, actor, compiled, each, read, told))
    except TooSlowError:
        message = Message(
            "Reading what the rule looks at took longer than %(count)s seconds and was stopped."
            " Let it look at fewer tables.",
            {"count": int(MOST_SECONDS)},
        )
        raise Refused(message, Reason.INVALID) from None
    return Trial(compiled.rule.table, years, perf_counter() - begun)


def _refuse_many(
    session: Session, store: Store, compiled: CompiledRule, year: AcademicYear
) -> None:
    looked_at = {(compiled.rule.table, Year.THIS)}
    for term in compiled.rule.terms.values():
        looked_at |= {(source.table, source.year) for source in term.sources}
    count = 0
    for table, which in looked_at:
        stored = store.tables[table]
        of = year if which is Year.THIS else year.previous
        place = stored.in_place(stored.spec.period_in(of).code)
        count += session.scalar(select(func.count()).select_from(stored.table).where(place)) or 0
    if count > MOST_ROWS:
        message = Message(
            "The rule looks at %(count)s rows; at most %(limit)s can be tried. Let it look at fewer"
            " tables.",
            {"count": count, "limit": MOST_ROWS},
        )
        raise Refused(message, Reason.INVALID)


def _told(
    session: Session, store: Store, compiled: CompiledRule, year: AcademicYear, read: CollectedRows
) -> Judgement:
    """What the rule says, but for what nobody is told as the values are wrong by themselves."""
    table = compiled.rule.table
    judgement = judge([compiled], store.catalogue, table, read.collected)
    cycle = session.scalar(select(Cycle).where(Cycle.academic_year == year.code))
    hit = {read.row_ids[each.row]: each.row for each in judgement.findings if each.row is not None}
    if cycle is None or cycle.is_history or not hit:
        return judgement
    known: list[Finding] = []
    is_across = not compiled.rule.is_about_one_row
    for some in in_batches(hit, ROWS_AT_ONCE):
        present = present_rows(session, store.tables[table], some)
        place = (store, store.tables[table], cycle, list(present.values()))
        told = told_before(session, *place, is_across=is_across)
        rows = [hit[row_id] for row_id in present]
        # Its own revision that is in force now says nothing against the one that is tried.
        known += [
            replace(each, row=None if each.row is None else rows[each.row])
            for each in told
            if each.rule != compiled.rule.identifier
        ]
    return replace(judgement, findings=tuple(of_sound_values(judgement.findings, known)))


def _try_year(
    session: Session,
    store: Store,
    actor: Actor,
    compiled: CompiledRule,
    year: AcademicYear,
    read: CollectedRows,
    told: Judgement,
) -> YearTrial:
    names = department_names(session)
    rows = [each.row for each in told.findings if each.row is not None]
    counted = Counter(read.departments[row] for row in rows)
    is_rough = _asks_masked(store, actor, compiled)
    hides = is_rough or not _sees_everything(store, actor, compiled)
    unit = ROUGH if is_rough else 1
    departments = [] if is_rough else counted.most_common()
    # Of a table as a whole it is no row that cannot be calculated.
    whole = compiled.rule.judged is Judged.TABLE

    def shown(found: Iterable[_Found]) -> list[Hit]:
        first = list(islice(found, MOST_SHOWN))
        return _hits(session, store.tables[compiled.rule.table], read, first, names)

    return YearTrial(
        year=year.code,
        rows=len(read.row_ids),
        found=len(told.findings) // unit * unit,
        by_department=[(names.get(code, code), n) for code, n in departments],
        hits=[] if hides else shown((each.row, each.message) for each in told.findings),
        hides_hits=hides,
        broken=sum(len(each.rows) for each in told.broken) // unit * unit,
        broken_rows=[] if hides or whole else shown(_not_calculated(told)),
        cannot_run=any(not each.rows for each in told.broken),
        is_rough=is_rough,
    )


def _asks_masked(store: Store, actor: Actor, compiled: CompiledRule) -> bool:
    """Whether the rule asks about values that are masked for the person."""
    rule = compiled.rule
    asked = {rule.table: {*compiled.condition.fields, *rule.fields, *rule.once_by}}
    for each in compiled.terms.values():
        asked[rule.table] |= set(each.term.by.values())
        for source in each.term.sources:
            asked.setdefault(source.table, set()).add(source.column)
        asked[each.term.table] |= {*each.term.by, *(each.where.fields if each.where else ())}
    return any(
        codes & hidden_fields(actor, store.tables[table], None) for table, codes in asked.items()
    )


def _sees_everything(store: Store, actor: Actor, compiled: CompiledRule) -> bool:
    """Whether the person reads every row that the rule looks at: a hit tells values of them."""
    return all(
        read_scope(actor, store.tables[table]) == EVERYTHING for table in compiled.rule.tables
    )


# The position of a row among those that were read, if it is one, and what is told of it.
_Found = tuple[int | None, Message]


def _not_calculated(told: Judgement) -> Iterator[_Found]:
    message = Message("cannot be calculated")
    return ((row, message) for each in told.broken for row in each.rows)


def _hits(
    session: Session,
    stored: StoredTable,
    read: CollectedRows,
    found: Sequence[_Found],
    names: Mapping[str, str],
) -> list[Hit]:
    rows = present_rows(session, stored, [read.row_ids[row] for row, _ in found if row is not None])
    hits = []
    for position, message in found:
        if position is None:
            hits.append(Hit(None, "", message))
            continue
        row, code = read.row_ids[position], read.departments[position]
        values = stored.values_of(rows[row]) if row in rows else {}
        hits.append(Hit(row, names.get(code, code), message, code, values))
    return hits
