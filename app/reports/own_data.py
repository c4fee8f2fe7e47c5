"""A teacher's own data on one page: a section for each of his tables (第十条第二款, V9).

However many departments, kinds and tables he has, it takes about a dozen statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.masks import hidden_in_row
from app.access.person import Actor
from app.access.policies import why_not_read
from app.access.teacher_record import why_closed_to_teacher, why_not_record_step
from app.catalogue.base_table import TableSpec
from app.domain.finding import Severity
from app.domain.message import Message
from app.domain.teacher_record import (
    RecordHolder,
    RecordVerb,
    TeacherSection,
    record_step_for,
    verbs_of,
)
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.joined_reference import references_together
from app.models.own_rows import (
    OwnPlace,
    carried_waiting,
    last_year_places,
    open_items_of,
    own_places,
    own_records,
    own_rows,
    past_counts,
)
from app.models.return_item import ReturnItem
from app.models.submission import Submission
from app.models.teacher_record import RecordStanding
from app.reports.place import rights_at
from app.reports.reference import Labels, told_labels

OWN_VERBS = verbs_of(RecordHolder.TEACHER)


@dataclass(frozen=True)
class OwnRow:
    """One row about the teacher, and how much is wrong with it.

    ``values`` are as stored, ``hidden`` the fields masked for him, ``labels`` tell what it names.
    """

    id: str
    values: Mapping[str, object]
    hidden: frozenset[str]
    labels: Labels
    errors: int
    warnings: int


@dataclass(frozen=True)
class OwnSection:
    """One table of one department: where the teacher stands there and what he can do now.

    ``waiting`` rows were taken over and not confirmed; ``may_carry`` offers last year's; ``items``
    came back to him; ``refusals`` say why he may not add or edit, None where he may.
    """

    stored: StoredTable
    submission: Submission
    department: str
    teacher: RecordStanding
    due_at: datetime
    rows: Sequence[OwnRow]
    waiting: int
    may_carry: bool
    items: Sequence[ReturnItem]
    permitted: tuple[RecordVerb, ...]
    refusals: Mapping[str, Message | None]

    @property
    def spec(self) -> TableSpec:
        """What the catalogue says of the table."""
        return self.stored.spec

    @property
    def errors(self) -> int:
        """What is wrong in all rows."""
        return sum(row.errors for row in self.rows)

    @property
    def warnings(self) -> int:
        """What is odd in all rows."""
        return sum(row.warnings for row in self.rows)

    @property
    def is_done(self) -> bool:
        """Whether the teacher has nothing to do here."""
        waits = self.teacher.waits_for_confirmation
        return not self.teacher.status.is_open and not waits

    @property
    def is_ready(self) -> bool:
        """Whether it can be handed over as it is."""
        is_clean = not self.errors and not self.waiting and not self.items
        return RecordVerb.SUBMIT in self.permitted and bool(self.rows) and is_clean


@dataclass(frozen=True)
class OwnPast:
    """How many rows about the teacher a table of a former year has."""

    spec: TableSpec
    department_code: str
    department: str
    period: str
    rows: int


@dataclass(frozen=True)
class OwnData:
    """Everything about one teacher in one year, and what he reported before."""

    cycle: Cycle
    sections: Sequence[OwnSection]
    past: Sequence[OwnPast] = field(default=())

    def of(self, section: TeacherSection) -> Sequence[OwnSection]:
        """The tables of one of the three kinds of data."""
        return [each for each in self.sections if each.spec.section is section]

    @property
    def done(self) -> int:
        """How many tables need nothing more from the teacher."""
        return sum(each.is_done for each in self.sections)


def read_own_data(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    *,
    all_cycles: Sequence[Cycle] = (),
    with_past: bool = True,
) -> OwnData:
    """The actor's own sections of the year; whether he has a page at all is for the caller."""
    places = own_places(session, store, cycle, actor.number)
    rows = own_rows(session, [each.stored for each in places], cycle, actor.number)
    records = own_records(session, cycle.id, actor.number)
    waiting = carried_waiting(session, actor.number, places)
    last = last_year_places(session, cycle, places)
    items = open_items_of(session, actor.number, [each.submission.id for each in places])
    shown = _shown(session, store, actor, cycle, rows)
    sections = []
    for place in places:
        own = shown.get(place.key, ())
        teacher = RecordStanding(actor.number, actor.name, len(own), records.get(place.key))
        known = (own, waiting.get(place.key, 0), items.get(place.submission.id, ()))
        has_last = place.key in last
        sections.append(_section(actor, cycle, place, teacher, *known, has_last=has_last))
    names = {place.key[1]: place.department_name for place in places}
    past = _past(session, store, actor, cycle, all_cycles, names) if with_past else ()
    return OwnData(cycle, sections, past)


def _section(
    actor: Actor,
    cycle: Cycle,
    place: OwnPlace,
    teacher: RecordStanding,
    rows: Sequence[OwnRow],
    waiting: int,
    items: Sequence[ReturnItem],
    *,
    has_last: bool,
) -> OwnSection:
    refusals = _refusals(actor, cycle, place, teacher)
    carries = place.stored.spec.carried_forward and has_last
    return OwnSection(
        stored=place.stored,
        submission=place.submission,
        department=place.department_name,
        teacher=teacher,
        due_at=place.submission.due_by(cycle.due_at),
        rows=rows if why_not_read(actor, place.stored) is None else (),
        waiting=waiting,
        may_carry=carries and not rows and refusals["add"] is None,
        items=items,
        permitted=_permitted(actor, cycle, place, teacher),
        refusals=refusals,
    )


def _shown(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    read: Mapping[str, Sequence[Mapping[str, object]]],
) -> dict[tuple[str, str], list[OwnRow]]:
    """(Table, department) → the rows with what is wrong with them."""
    tables = [(store.tables[name], rows) for name, rows in read.items() if rows]
    values = [(stored, [stored.values_of(row) for row in rows]) for stored, rows in tables]  # type: ignore[arg-type]
    existing = references_together(session, store, cycle, values)
    found: dict[tuple[str, str], list[OwnRow]] = {}
    for (stored, rows), (_same, own), keys in zip(tables, values, existing, strict=True):
        findings = store.row_findings.of(stored.spec, own, keys, stored.spec.period_in(cycle.year))
        labels = told_labels(session, store, stored, actor, frozenset(), keys)
        for row, each, told in zip(rows, own, findings, strict=True):
            department = str(row[stored.department])  # type: ignore[index]
            severities = [finding.severity for finding in told]
            shown = OwnRow(
                stored.row_id(row),  # type: ignore[arg-type]
                each,
                hidden_in_row(actor, stored, department, each),
                labels,
                severities.count(Severity.ERROR),
                severities.count(Severity.WARNING),
            )
            found.setdefault((stored.spec.identifier, department), []).append(shown)
    return found


def _refusals(
    actor: Actor, cycle: Cycle, place: OwnPlace, teacher: RecordStanding
) -> Mapping[str, Message | None]:
    """Why the teacher may not add or change rows here now, by what the forms ask too."""
    closed = why_closed_to_teacher(teacher.record)
    at = (cycle, place.submission.department_code, place.submission)
    rights = rights_at(actor, place.stored, *at, is_assigned=True)
    return {action: closed or rights[action] for action in ("add", "edit")}


def _permitted(
    actor: Actor, cycle: Cycle, place: OwnPlace, teacher: RecordStanding
) -> tuple[RecordVerb, ...]:
    possible = (verb for verb in OWN_VERBS if record_step_for(teacher.status, verb))
    at = (actor, place.submission, cycle, teacher)
    return tuple(verb for verb in possible if why_not_record_step(*at, verb) is None)


def _past(
    session: Session,
    store: Store,
    actor: Actor,
    cycle: Cycle,
    cycles: Sequence[Cycle],
    names: Mapping[str, str],
) -> list[OwnPast]:
    """The teacher's rows of other years that were accepted or brought in as history."""
    readable = [
        stored
        for stored in store.tables.values()
        if stored.spec.person_field is not None and why_not_read(actor, stored) is None
    ]
    history = [each for each in cycles if each.is_history]
    return [
        OwnPast(readable[number].spec, department, names.get(department, department), period, rows)
        for number, period, department, rows in past_counts(
            session, readable, actor.number, cycle, history
        )
    ]
