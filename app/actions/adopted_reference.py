"""What the database deletes or empties along with a deleted row, where that is reported.

The locks of the reporting hold for a row of a reported table however it comes to be changed; so the
foreign keys are followed before the row that it names is deleted (decision record 0017).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true

from app.access.adopted_table import adopted_scope
from app.actions.adopted_write import AdoptedPlace
from app.actions.reported_place import places_of
from app.actions.row_change import DELETE, UPDATE, RowResult
from app.catalogue.adopted_table import DeleteEffect
from app.domain.message import Message
from app.models.adopted_reference import (
    LONGEST_PATH,
    naming,
    naming_condition,
    reaches_reported,
)
from app.models.adopted_row import AdoptedRow, key_condition, row_of, rows_read
from app.models.adopted_table import LiveTable

# The right that somebody needs for what happens to the rows.
ACTIONS = {DeleteEffect.CASCADE: "delete", DeleteEffect.SET_NULL: "edit"}


@dataclass(frozen=True)
class Along:
    """Rows of ``live`` that fulfil the condition, and what becomes of them.

    ``emptied`` are the columns that name what is deleted.
    """

    live: LiveTable
    condition: ColumnElement[bool]
    effect: DeleteEffect
    emptied: tuple[str, ...]


def rows_along(place: AdoptedPlace, row: AdoptedRow) -> list[Along] | None:
    """What of reported tables goes along with the row; None where it leads on too far."""
    key = key_condition(place.live, row.id)
    if key is None or not reaches_reported(place.live.beside, place.live):
        return []
    found = []
    for along in _followed(place, Along(place.live, key, DeleteEffect.CASCADE, ()), 1):
        if along is None:
            return None
        if along.live.spec.report is not None:
            found.append(along)
    return found


def why_not_along(
    place: AdoptedPlace, found: Sequence[Along] | None
) -> tuple[Message | None, Message | None]:
    """Why the row cannot be deleted for what goes along: the lock, else a right that lacks.

    Rows of reported tables go along only where the actor might have done it himself.
    """
    if found is None:
        return None, Message(
            "More rows than can be looked at hang on this row, one on the other. Delete those"
            " that name it first."
        )
    for along in found:
        locked = _why_locked(place, along)
        if locked is not None:
            parameters = {"other": along.live.spec.title, "reason": locked}
            return Message("Rows of table %(other)s go along: %(reason)s", parameters), None
        if _is_beyond(place, along):
            return None, Message(
                "Rows of table %(other)s that you may not change yourself go along with this row."
                " Ask whoever answers for them.",
                {"other": along.live.spec.title},
            )
    return None, None


def results_along(place: AdoptedPlace, found: Sequence[Along]) -> list[tuple[LiveTable, RowResult]]:
    """What happens to every row that goes along, read before it happens; each row once."""
    told: dict[tuple[str, str], tuple[LiveTable, RowResult]] = {}
    # What is deleted on one way and emptied on another is deleted.
    for along in sorted(found, key=lambda each: each.effect is not DeleteEffect.CASCADE):
        query = select(*along.live.selected(place.dialect)).where(along.condition)
        for read in rows_read(place.session.execute(query)):
            row = row_of(along.live, read)
            result = _result(along, row)
            told.setdefault((along.live.spec.identifier, row.id), (along.live, result))
    return list(told.values())


def _result(along: Along, row: AdoptedRow) -> RowResult:
    if along.effect is DeleteEffect.CASCADE:
        return RowResult(DELETE, "deleted", row.id, before=row.values)
    before = {code: row.values[code] for code in along.emptied}
    after = {**row.values, **dict.fromkeys(along.emptied)}
    return RowResult(UPDATE, "changed", row.id, values=after, before=before)


def _followed(place: AdoptedPlace, parent: Along, depth: int) -> Iterator[Along | None]:
    """All that goes along with some rows, the nearest first; None where it leads on too far."""
    adopted = parent.live.beside
    for other, foreign in naming(adopted, parent.live):
        is_meant = other.spec.report is not None or reaches_reported(adopted, other)
        if foreign.on_delete is DeleteEffect.REFUSE or not is_meant:
            continue
        those = naming_condition(other, foreign, parent.live, parent.condition)
        if those is None or not _count(place, other, those):
            continue
        if depth > LONGEST_PATH:
            yield None
            return
        along = Along(other, those, foreign.on_delete, foreign.columns)
        yield along
        if foreign.on_delete is DeleteEffect.CASCADE:
            yield from _followed(place, along, depth + 1)


def _why_locked(place: AdoptedPlace, along: Along) -> Message | None:
    """Why rows that go along may not change at the places where they stand."""
    live, places = along.live, places_of(place.session, along.live)
    mapping = live.spec.mapping
    telling = live.whole({mapping.period or "", mapping.department or ""}, place.dialect)
    query = select(*telling).select_from(live.table).where(along.condition).distinct()
    for values in rows_read(place.session.execute(query)):
        reason = None if places is None else places.why_not(values, None)[1]
        if reason is not None:
            return reason
    return None


def _is_beyond(place: AdoptedPlace, along: Along) -> bool:
    """Whether the actor might not do to all of the rows what happens to them."""
    scopes = [adopted_scope(place.by, along.live, each) for each in ("list", ACTIONS[along.effect])]
    within = [scope for scope in scopes if scope is not true()]
    if not within:
        return False
    return _count(place, along.live, along.condition, *within) < _count(
        place, along.live, along.condition
    )


def _count(place: AdoptedPlace, live: LiveTable, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(live.table).where(*conditions)
    return place.session.scalar(query) or 0
