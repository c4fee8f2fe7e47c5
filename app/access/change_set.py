"""Which sets of changes exist for a person, as a condition of a select."""

from sqlalchemy import ColumnElement, and_, or_, true

from app.access.scopes import RowScope
from app.models.audit_log import ChangeSet
from app.models.contributed_row import holds_contributed_only


def seen_change_sets(scope: RowScope) -> ColumnElement[bool]:
    """The sets of whole departments in reach, and those about contributed rows alone.

    A set has rows of several people, so rows of one's own open none.
    """
    if scope.departments is None:
        return true()
    whole = ChangeSet.department_code.in_(sorted(scope.departments))
    if not scope.contributions:
        return whole
    places = sorted({each.place for each in scope.contributions})
    contributors = {each.contributor for each in scope.contributions}
    contributed = holds_contributed_only(contributors)
    return or_(whole, and_(ChangeSet.department_code.in_(places), contributed))
