"""What is handed out of a table: into which parts it can be divided, and how they stand."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ColumnElement, func, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.orm import Session

from app.access.hand_out import EXPORT, why_not_hand_out
from app.access.masks import masked_by_roles, masked_fields
from app.access.person import Actor
from app.access.scopes import condition, read_scope
from app.catalogue.base_table import FieldSpec, FieldType, TableKind
from app.domain.hand_out import Division
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.person import Function
from app.models.appointment_rows import holders
from app.models.base_table import Store, StoredTable
from app.models.base_table_rows import in_batches
from app.models.hand_out import LONGEST_KEY, HandOut, HandOutPart
from app.models.person import Person
from app.reports.assignment import department_names
from app.reports.base_table import RowsRequest, iterate_rows
from app.reports.place import Place, reporting_departments
from app.rules.reading import text_of

MOST_PARTS = 500
DIVIDING = frozenset({FieldType.STRING, FieldType.CODE, FieldType.REFERENCE, FieldType.BOOLEAN})


@dataclass(frozen=True)
class PlannedPart:
    """A part as it would be handed out: its key, what people call it, its rows."""

    key: str
    title: str
    department: str
    row_count: int


@dataclass(frozen=True)
class PartsPlan:
    """The parts of a division; ``undivided`` rows belong to none: the field is empty there."""

    parts: Sequence[PlannedPart]
    undivided: int = 0


@dataclass(frozen=True)
class Divided:
    """By what a place is divided; ``field`` where it is by the values of one."""

    division: Division
    field: FieldSpec | None = None


def ways_to_divide(actor: Actor, place: Place) -> list[Divided]:
    """By what the actor may divide the rows of the place, the most usual way first."""
    if place.department is None:
        return [Divided(Division.DEPARTMENT)]
    spec = place.stored.spec
    if spec.kind is TableKind.SINGLE_ROW:
        return []
    ways = [Divided(Division.PERSON)] if spec.person_field is not None else []
    closed = masked_fields(place.stored) | masked_by_roles(actor, place.stored, EXPORT)
    fields = [
        field
        for field in spec.fields
        if field.type in DIVIDING
        and field.code not in closed
        and field is not spec.person_field
        and (field.type is not FieldType.STRING or (field.max_length or LONGEST_KEY) <= LONGEST_KEY)
    ]
    return [*ways, *(Divided(Division.FIELD, field) for field in fields)]


def plan_parts(
    session: Session,
    store: Store,
    actor: Actor,
    place: Place,
    divided: Divided,
    *,
    show: Callable[[object], str],
    today: date,
) -> PartsPlan:
    """Into which parts the rows are divided; ``show`` is what people call a value of the field.

    Every teacher of the department gets a part, those without rows, too. Raises Refused.
    """
    refuse(why_not_hand_out(actor, place.stored, place.department))
    counts = _counts(session, actor, place, divided)
    undivided = sum(count for key, count in counts.items() if key in (None, ""))
    known = {text_of(key) or "": count for key, count in counts.items() if key not in (None, "")}
    titles = _titles(session, actor, place, divided, counts, show, today)
    if len(titles) > MOST_PARTS:
        raise Refused(
            Message(
                "That makes more than %(count)s parts. Divide by something that has fewer values.",
                {"count": MOST_PARTS},
            ),
            Reason.INVALID,
        )
    own = place.department
    parts = [
        PlannedPart(key, title[:LONGEST_KEY], own or key, known.get(key, 0))
        for key, title in titles.items()
    ]
    return PartsPlan(parts, undivided)


def _titles(
    session: Session,
    actor: Actor,
    place: Place,
    divided: Divided,
    counts: Mapping[object, int],
    show: Callable[[object], str],
    today: date,
) -> dict[str, str]:
    """Key → title, in the order in which people look for them."""
    if divided.division is Division.DEPARTMENT:
        names = department_names(session)
        codes = reporting_departments(session, actor, place)
        return {code: names.get(code, code) for code in codes}
    if divided.division is Division.FIELD:
        values = sorted((v for v in counts if v not in (None, "")), key=str)
        return {text_of(value) or "": show(value) for value in values}
    numbers = {str(key) for key in counts if key not in (None, "")}
    people = _names(session, numbers) | _teachers(session, place, today)
    return {
        number: f"{number} {people[number]}" if number in people else number
        for number in sorted({*numbers, *people})
    }


def _counts(session: Session, actor: Actor, place: Place, divided: Divided) -> dict[object, int]:
    """Value of the column that divides → rows that the actor may read and export."""
    stored = place.stored
    column = dividing_column(stored, divided.division, divided.field)
    if column is None:
        return {}
    query = (
        select(column, func.count())
        .where(
            stored.in_place(place.period.code, place.department),
            condition(read_scope(actor, stored), stored),
            condition(read_scope(actor, stored, EXPORT), stored),
        )
        .group_by(column)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def dividing_column(
    stored: StoredTable, division: Division, field: FieldSpec | None
) -> Column[object] | None:
    """The column whose value says to which part a row belongs."""
    if division is Division.PERSON:
        return stored.person
    if division is Division.DEPARTMENT:
        return stored.department
    return None if field is None else stored.columns[field.code]


def key_of_row(
    stored: StoredTable, division: Division, field: FieldSpec | None, row: RowMapping
) -> str:
    """The key of the part that a stored row belongs to; empty for none."""
    column = dividing_column(stored, division, field)
    return "" if column is None else text_of(row[column]) or ""


def _names(session: Session, numbers: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in in_batches(sorted(numbers)):
        query = select(Person.number, Person.name).where(Person.number.in_(batch))
        found |= {row.number: row.name for row in session.execute(query)}
    return found


def _teachers(session: Session, place: Place, today: date) -> dict[str, str]:
    """Number → name of the department's teachers who fill the table in."""
    kinds = place.stored.spec.teacher_kinds
    return {
        person.number: person.name
        for held, person in holders(session, [Function.TEACHER], today)
        if held.department_code == place.department
        and (not kinds or (held.teacher_kind or person.teacher_kind) in kinds)
    }


def field_of(stored: StoredTable, hand_out: HandOut) -> FieldSpec | None:
    """The field that divides it; Refused where the table does not have it any more."""
    if hand_out.field_code is None:
        return None
    field = stored.spec.by_code.get(hand_out.field_code)
    if field is None:
        raise Refused(
            Message("The field that divided the rows is not there any more. Hand them out anew."),
            Reason.CONFLICT,
        )
    return field


def rows_by_part(
    session: Session, store: Store, actor: Actor, place: Place, hand_out: HandOut
) -> dict[str, list[RowMapping]]:
    """Key of a part → its rows as they are stored now, as far as the actor may export them."""
    stored = place.stored
    field = field_of(stored, hand_out)
    wanted = RowsRequest(place.period.code, place.department, cycle=place.cycle)
    found: dict[str, list[RowMapping]] = {}
    for row in iterate_rows(session, store, stored.spec.identifier, actor, wanted):
        found.setdefault(key_of_row(stored, hand_out.division, field, row), []).append(row)
    return found


def list_hand_outs(session: Session, place: Place) -> Sequence[HandOut]:
    """What was handed out of the place, the newest first."""
    query = select(HandOut).where(*_of_place(place)).order_by(HandOut.id.desc()).limit(50)
    return session.scalars(query).all()


def _of_place(place: Place) -> Iterator[ColumnElement[bool]]:
    yield HandOut.table_identifier == place.stored.spec.identifier
    yield HandOut.period == place.period.code
    if place.department is None:
        yield HandOut.department_code.is_(None)
    else:
        yield HandOut.department_code == place.department


def find_hand_out(session: Session, stored: StoredTable, actor: Actor, number: int) -> HandOut:
    """The one of this number, for whoever may hand out the same. Raises Refused (not found)."""
    found = session.get(HandOut, number)
    is_of_table = found is not None and found.table_identifier == stored.spec.identifier
    if (
        found is None
        or not is_of_table
        or why_not_hand_out(actor, stored, found.department_code) is not None
    ):
        raise Refused(Message("There is no such handing out in your scope."), Reason.NOT_FOUND)
    return found


def parts_of(session: Session, hand_out: HandOut) -> Sequence[HandOutPart]:
    """Its parts, in the order in which they were made."""
    query = select(HandOutPart).where(HandOutPart.hand_out_id == hand_out.id)
    return session.scalars(query.order_by(HandOutPart.id)).all()


def parts_by_token(
    session: Session, tokens: Collection[str]
) -> dict[str, tuple[HandOutPart, HandOut]]:
    """Token → the part it belongs to and what that is a part of."""
    found: dict[str, tuple[HandOutPart, HandOut]] = {}
    for batch in in_batches(sorted(tokens)):
        query = select(HandOutPart, HandOut).join(HandOut, HandOut.id == HandOutPart.hand_out_id)
        for part, hand_out in session.execute(query.where(HandOutPart.token.in_(batch))):
            found[part.token] = (part, hand_out)
    return found


def counts_by_state(session: Session, hand_outs: Sequence[HandOut]) -> dict[int, dict[str, int]]:
    """Number of a handing out → state → how many of its parts stand so."""
    query = (
        select(HandOutPart.hand_out_id, HandOutPart.state, func.count())
        .where(HandOutPart.hand_out_id.in_([each.id for each in hand_outs]))
        .group_by(HandOutPart.hand_out_id, HandOutPart.state)
    )
    found: dict[int, dict[str, int]] = {}
    for number, state, count in session.execute(query):
        found.setdefault(number, {})[state.value] = count
    return found
