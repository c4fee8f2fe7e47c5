"""Field masks: which personal fields a person sees with their ends only (PIPL Art. 6).

Whoever answers for a row sees it whole: the data steward and the head of its
department, and the teacher it is about. Everybody else gets masked values,
and may not search, sort or filter by them either: the order of rows would
tell what the mask hides.
"""

from collections.abc import Mapping

from app.access.person import Actor
from app.access.scopes import NOTHING, read_scope
from app.domain.person import Function
from app.models.base_table import StoredTable
from app.models.reported_table import ReportedTable

ANSWERING = (Function.DATA_STEWARD, Function.HEAD)


def masked_fields(stored: StoredTable) -> frozenset[str]:
    """The codes of the fields that are masked by default."""
    return stored.spec.masked


def hidden_fields(actor: Actor, stored: StoredTable, department: str | None) -> frozenset[str]:
    """The codes that are masked in some row the actor reaches.

    ``department`` is the one whose rows are asked for, None for all in scope.
    Who reaches no row at all sees no masked value by any other way either.
    """
    scope = read_scope(actor, stored)
    if isinstance(stored, ReportedTable):
        # As everywhere else with tables of other systems.
        return masked_fields(stored)
    if scope == NOTHING:
        return masked_fields(stored)
    if department is not None and department in actor.departments(*ANSWERING):
        return frozenset()
    # A limited scope holds rows of the actor's own departments and about himself only.
    if scope.departments is not None:
        return frozenset()
    return masked_fields(stored)


def hides_row(
    actor: Actor, stored: StoredTable, department: str | None, values: Mapping[str, object]
) -> bool:
    """Whether the masked fields of this row are hidden from the actor."""
    if isinstance(stored, ReportedTable):
        return True
    if department is not None and department in actor.departments(*ANSWERING):
        return False
    person_field = stored.spec.person_field
    return person_field is None or values.get(person_field.code) != actor.number
