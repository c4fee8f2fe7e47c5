"""Which rows and fields of one table a role opens, where an administrator has narrowed it."""

from enum import StrEnum


class RowReach(StrEnum):
    """The rows a role opens: all, those of one's departments, about oneself, or by a rule."""

    ALL = "all"
    DEPARTMENT = "department"
    PERSON = "person"
    RULE = "rule"


class FieldMask(StrEnum):
    """What a role sees of a field instead of its value: the ends, or nothing at all."""

    MASKED = "masked"
    HIDDEN = "hidden"
