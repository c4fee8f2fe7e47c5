"""All that the rules say of a place — a table of a department in a cycle — and where it stands.

What is told of single rows and cells comes from ``check_stored``. Rules with terms are judged over
the whole college and their findings belong to the department of the row; what is said of a table
as a whole concerns every department that reports it (第五条第二款, 第十二条).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from json import dumps

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.catalogue.comparison import Comparison
from app.catalogue.quality_rule import Judged, QualityRule, Year
from app.domain.finding import Finding, Severity
from app.domain.finding_state import FindingState, state_of
from app.domain.submission import EDITABLE, Status
from app.models.base_table import Store, StoredTable
from app.models.collected_rows import read_collected
from app.models.compared_figure import read_figures
from app.models.cycle import Cycle
from app.models.finding import Explanation, Waiver
from app.models.place_size import read_unless_large
from app.models.stored_check import StoredCheck, check_part, check_stored, read_parts
from app.models.submission import Submission
from app.rules.base_table import of_sound_values
from app.rules.comparison import compare
from app.rules.compiled_rule import CompiledRule, has_masked_value
from app.rules.quality_rule import Broken, judge
from app.rules.reading import text_of
from app.rules.rule_book import rule_book

Values = Mapping[str, object]


@dataclass(frozen=True)
class JudgedTable:
    """What the rules with terms say of a table over the whole college.

    ``of_rows`` are the findings by row id, ``of_table`` those about the table as a whole,
    ``of_departments`` those about a department's figures; ``reads`` names the tables whose other
    rows a rule looks at; the digests of ``secret`` rules tell masked values of such rows.
    """

    of_rows: Mapping[str, Sequence[Finding]]
    of_table: Sequence[Finding]
    of_departments: Mapping[str, Sequence[Finding]]
    reads: Mapping[str, Collection[str]]
    secret: Collection[str]
    broken: Sequence[Broken]


@dataclass(frozen=True, slots=True)
class PlaceFinding:
    """A finding of a place with its identity and where it stands.

    ``waits_for`` are the tables it compares with that another department has not finished, or
    that its own has not begun; ``is_across`` tells that its rule looks beyond the row,
    ``is_secret`` that the digest tells masked values of rows it is compared with.
    """

    finding: Finding
    row_id: str
    mark: str
    values_digest: str
    state: FindingState
    waits_for: tuple[str, ...] = ()
    is_across: bool = False
    is_secret: bool = False
    explanation: Explanation | None = None
    waiver: Waiver | None = None


@dataclass(frozen=True)
class JudgedPlace:
    """A place with its rows and everything that the rules say of it, in the order of rows."""

    check: StoredCheck
    found: Sequence[PlaceFinding]
    broken: Sequence[Broken]

    @cached_property
    def open_errors(self) -> Sequence[PlaceFinding]:
        """What blocks finishing the table until it is mended or waived."""
        return self._open(Severity.ERROR)

    @cached_property
    def open_warnings(self) -> Sequence[PlaceFinding]:
        """What has to be mended or explained before the table is finished."""
        return self._open(Severity.WARNING)

    def in_state(self, *states: FindingState) -> Sequence[PlaceFinding]:
        """The findings that stand in one of these states."""
        return [each for each in self.found if each.state in states]

    def _open(self, severity: Severity) -> Sequence[PlaceFinding]:
        return [
            each for each in self.found if each.state.is_open and each.finding.severity is severity
        ]


def rules_across(store: Store, table: str) -> tuple[CompiledRule, ...]:
    """The rules of a table that look beyond one row."""
    return rule_book(store.catalogue).of(table).across


def secret_rules(store: Store, table: str) -> frozenset[str]:
    """The rules whose digests tell masked values of the rows that they compare with.

    Most such values are few, such as days of birth, so that their digest tells them.
    """
    return frozenset(
        compiled.rule.identifier
        for compiled in rules_across(store, table)
        if any(has_masked_value(each.term, store.catalogue) for each in compiled.terms.values())
    )


def judge_table(session: Session, store: Store, table: str, cycle: Cycle) -> JudgedTable:
    """Ask the rules with terms of a table, over all departments; former years are held to none."""
    if cycle.is_history or table not in store.tables:
        return JudgedTable({}, (), {}, {}, (), ())
    rules = rules_across(store, table)
    compared = [each for each in store.catalogue.comparisons if each.table == table]
    of_rows, of_table, broken = _across(session, store, cycle, table, rules)
    reads = {each.rule.identifier: tables_read(each.rule) for each in rules}
    reads |= {each.peers_identifier: {table} for each in compared}
    odd = _odd_figures(session, store, cycle, compared)
    secret = secret_rules(store, table)
    return JudgedTable(of_rows, of_table, odd, reads, secret, broken)


def _across(
    session: Session, store: Store, cycle: Cycle, table: str, rules: Sequence[CompiledRule]
) -> tuple[dict[str, list[Finding]], list[Finding], Sequence[Broken]]:
    """What the rules say of rows, by their ids, and of the table; which of them failed."""
    of_rows: dict[str, list[Finding]] = {}
    if not rules:
        return of_rows, [], ()
    read = read_collected(session, store, cycle.year, table, rules)
    judgement = judge(rules, store.catalogue, table, read.collected)
    for finding in judgement.findings:
        if finding.row is not None:
            of_rows.setdefault(read.row_ids[finding.row], []).append(finding)
    of_table = [finding for finding in judgement.findings if finding.row is None]
    return of_rows, of_table, judgement.broken


def _odd_figures(
    session: Session, store: Store, cycle: Cycle, compared: Sequence[Comparison]
) -> dict[str, list[Finding]]:
    """What is odd about figures, by department."""
    found: dict[str, list[Finding]] = {}
    figures = read_figures(session, store, cycle.year, compared)
    for each in compared:
        for department in figures[each.identifier].present:
            odd = list(compare(each, department, figures[each.identifier]))
            found.setdefault(department, []).extend(odd)
    return found


def judge_place(
    session: Session,
    store: Store,
    table: str,
    cycle: Cycle,
    department: str,
    judged: JudgedTable | None = None,
) -> JudgedPlace:
    """Everything the rules say of a place now; ``judged`` saves asking those with terms again.

    Raises Refused where another system's table is gone or was altered.
    """
    check = check_stored(session, store, table, cycle, department)
    judged = judged or judge_table(session, store, table, cycle)
    return _Judge(session, table, cycle, department, judged).place(
        check, _whole(judged, department)
    )


def judge_unless_large(
    session: Session, store: Store, table: str, cycle: Cycle, department: str
) -> JudgedPlace | None:
    """Everything the rules say of a place now; None where it has too many rows for a page.

    Raises Refused where another system's table is gone or was altered.
    """
    stored = store.reported[table]
    rows = read_unless_large(session, stored, stored.spec.period_in(cycle.year).code, department)
    if rows is None:
        return None
    judged = judge_table(session, store, table, cycle)
    return _Judge(session, table, cycle, department, judged).place(
        check_part(session, store, stored, cycle, rows), _whole(judged, department)
    )


def judge_in_parts(
    session: Session,
    store: Store,
    table: str,
    cycle: Cycle,
    department: str,
    judged: JudgedTable,
    size: int,
) -> Iterator[JudgedPlace]:
    """Everything the rules say of a place of ours, so many rows at once and the table at the end.

    Equal keys need not be looked for across parts: the database lets no two such rows in. The
    caller may write between two parts.
    """
    stored = store.tables[table]
    period = stored.spec.period_in(cycle.year).code
    judge = _Judge(session, table, cycle, department, judged)
    for rows in read_parts(session, stored, period, department, size):
        yield judge.place(check_part(session, store, stored, cycle, rows), ())
    yield judge.place(check_part(session, store, stored, cycle, ()), _whole(judged, department))


def judge_rows(
    session: Session,
    store: Store,
    stored: StoredTable,
    cycle: Cycle,
    department: str,
    rows: Sequence[RowMapping],
) -> JudgedPlace:
    """What is said of some rows of a place each by itself, and where that stands."""
    alone = JudgedTable({}, (), {}, {}, (), ())
    judge = _Judge(session, stored.spec.identifier, cycle, department, alone)
    return judge.place(check_part(session, store, stored, cycle, rows), ())


def _whole(judged: JudgedTable, department: str) -> Sequence[Finding]:
    """What is said of the table as a whole at a department."""
    return [*judged.of_table, *judged.of_departments.get(department, ())]


class _Judge:
    """Puts together what the rules say of rows of a place and where it stands."""

    def __init__(
        self, session: Session, table: str, cycle: Cycle, department: str, judged: JudgedTable
    ) -> None:
        self._session, self._judged = session, judged
        self._table, self._cycle, self._department = table, cycle, department

    @cached_property
    def _waits(self) -> "_Waits":
        return _Waits(self._session, self._cycle, self._department, self._judged.reads)

    @cached_property
    def _standing(self) -> "Standing":
        return Standing(self._session, self._cycle, self._table, self._department)

    def place(self, check: StoredCheck, whole: Sequence[Finding]) -> JudgedPlace:
        """The rows that were checked with everything that is said of them, and ``whole``."""
        judged, row_ids = self._judged, check.rows.row_ids
        further = [*_further(check, row_ids, judged), *whole]
        # Sorting is stable: what is said of a row stays together.
        findings = sorted([*check.findings, *further], key=lambda f: -1 if f.row is None else f.row)
        found = list(self._found(check, findings, waits=bool(further)))
        return JudgedPlace(
            replace(check, findings=findings), found, (*check.broken, *judged.broken)
        )

    def _found(
        self, check: StoredCheck, findings: Sequence[Finding], *, waits: bool
    ) -> Iterator[PlaceFinding]:
        spec, judged, every = check.stored.spec, self._judged, check.values
        place = (spec.period_in(self._cycle.year).code, spec.identifier, self._department)
        for row, of_row in groupby(findings, key=lambda finding: finding.row):
            row_id = "" if row is None else check.rows.row_ids[row]
            values = None if row is None else every[row]
            for finding in of_row:
                waits_for = self._waits.of(finding.rule) if waits else ()
                mark = mark_of(finding, *place, row_id)
                digest = values_digest(finding, values)
                is_across = row is None or finding.rule in judged.reads
                told_with = (OPEN, waits_for, is_across, finding.rule in judged.secret)
                found = PlaceFinding(finding, row_id, mark, digest, *told_with)
                yield self._standing.of(found)


OPEN = FindingState.OPEN


def _further(check: StoredCheck, row_ids: Sequence[str], judged: JudgedTable) -> list[Finding]:
    """What the rules with terms add to what single rows tell."""
    told = [
        replace(finding, row=position)
        for position, row_id in enumerate(row_ids)
        for finding in judged.of_rows.get(row_id, ())
    ]
    return of_sound_values(told, check.findings)


def mark_of(finding: Finding, period: str, table: str, department: str, row_id: str) -> str:
    """What tells a finding from every other one, whatever the values are: a SHA-256 in hex."""
    parts = [finding.rule, table, period, department, row_id, finding.field or ""]
    return sha256(dumps(parts).encode()).hexdigest()


def values_digest(finding: Finding, values: Values | None) -> str:
    """What tells apart by which values and what rule a finding was judged: a SHA-256 in hex.

    One that names no field was judged by the row as a whole. What was explained to a rule that asks
    something else by now is explained no longer, as with other values.
    """
    own: list[str] = []
    if values is not None:
        named = dict.fromkeys([*([finding.field] if finding.field else []), *finding.about])
        own = [f"{code}={text_of(values.get(code)) or ''}" for code in named or values]
    # In an order of its own: databases give the terms of a rule back in theirs.
    content = dumps([own, sorted(finding.figures), finding.asked])
    # Half a character, which no database keeps, must not stop a check.
    return sha256(content.encode("utf-8", "replace")).hexdigest()


def tables_read(rule: QualityRule) -> Collection[str]:
    """The tables of this period whose other rows a rule looks at."""
    sources = (source for term in rule.terms.values() for source in term.sources)
    read = {source.table for source in sources if source.year is Year.THIS}
    if rule.once_by or (rule.judged is Judged.TABLE and not rule.terms):
        read.add(rule.table)
    return read


class _Waits:
    """Which tables rules compare with that are not there to be compared with.

    Another department has not finished them, or nobody has begun them.
    """

    def __init__(
        self, session: Session, cycle: Cycle, department: str, reads: Mapping[str, Collection[str]]
    ) -> None:
        self._reads = reads
        query = select(Submission.table_identifier).where(
            Submission.cycle_id == cycle.id,
            or_(
                and_(
                    Submission.department_code != department,
                    Submission.status.in_(sorted(EDITABLE)),
                ),
                # What the department itself has not begun is not compared with either.
                and_(
                    Submission.department_code == department,
                    Submission.status == Status.NOT_STARTED,
                ),
            ),
        )
        self._unfinished = frozenset(session.scalars(query.distinct()))

    def of(self, rule: str) -> tuple[str, ...]:
        """The tables that a finding of the rule waits for."""
        return tuple(sorted(self._unfinished.intersection(self._reads.get(rule, ()))))


class Standing:
    """What was explained and waived at a place."""

    def __init__(self, session: Session, cycle: Cycle, table: str, department: str) -> None:
        explained = select(Explanation).where(
            Explanation.cycle_id == cycle.id,
            Explanation.table_identifier == table,
            Explanation.department_code == department,
        )
        self._explanations = {
            (each.mark, each.values_digest): each for each in session.scalars(explained)
        }
        waived = select(Waiver).where(
            Waiver.cycle_id == cycle.id,
            Waiver.table_identifier == table,
            or_(Waiver.department_code.is_(None), Waiver.department_code == department),
            Waiver.ended_at.is_(None),
        )
        self._waivers = {each.rule: each for each in session.scalars(waived)}

    def of(self, found: PlaceFinding) -> PlaceFinding:
        """The finding with what was said about it."""
        explanation = self._explanations.get((found.mark, found.values_digest))
        waiver = self._waivers.get(found.finding.rule)
        state = state_of(
            found.finding.severity,
            None if explanation is None else explanation.ruling,
            is_waived=waiver is not None,
            is_waiting=bool(found.waits_for),
        )
        if (state, explanation, waiver) == (found.state, None, None):
            return found
        return replace(found, state=state, explanation=explanation, waiver=waiver)
