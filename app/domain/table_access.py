"""Which rows and fields of one table a role opens, where an administrator has narrowed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class AccessSetting:
    """Rows and masks of one role on one table; ``rows`` None leaves the rows to the rights."""

    rows: RowReach | None = None
    rule: object | None = None
    masks: Mapping[str, FieldMask] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is set."""
        return self.rows is None and not self.masks


NO_SETTING = AccessSetting()
