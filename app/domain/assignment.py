"""How a base table is assigned to departments (第四条: 归口负责)."""

from enum import StrEnum


class AssignmentKind(StrEnum):
    """What a department owes for a table in a cycle.

    ``RESPONSIBLE`` and ``OWN_STAFF`` make a submission; ``GUIDANCE`` lets the
    owner of tables that every department fills for its own staff read them.
    """

    RESPONSIBLE = "responsible"
    OWN_STAFF = "own_staff"
    GUIDANCE = "guidance"

    @property
    def makes_submission(self) -> bool:
        """Whether the department has to report the table."""
        return self is not AssignmentKind.GUIDANCE
