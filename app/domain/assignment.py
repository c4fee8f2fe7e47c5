"""How a base table is assigned to departments (第四条: 归口负责, 第十条第三款)."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class TableAssignment:
    """To whom one table is assigned in a cycle, as a whole.

    One department is ``RESPONSIBLE``, or each of ``departments`` reports the
    table for itself (``OWN_STAFF``) while those in ``guidance`` only advise.
    Without departments the table is unassigned. Codes are in their order.
    """

    table: str
    kind: AssignmentKind = AssignmentKind.RESPONSIBLE
    departments: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()

    @property
    def kinds(self) -> Mapping[str, AssignmentKind]:
        """Department → what it owes."""
        owing = dict.fromkeys(self.departments, self.kind)
        return owing | dict.fromkeys(self.guidance, AssignmentKind.GUIDANCE)

    def __str__(self) -> str:
        """Codes as the audit log keeps them: ``C01 C02 (A02)``; guidance in brackets."""
        advising = f"({' '.join(self.guidance)})" if self.guidance else ""
        return " ".join(filter(None, (*self.departments, advising)))


def table_assignment(table: str, kinds: Mapping[str, AssignmentKind]) -> TableAssignment:
    """The assignment of a table from what each department owes for it.

    Several departments that report the same table do so each for itself.
    """
    owing = sorted(code for code, kind in kinds.items() if kind.makes_submission)
    alone = len(owing) == 1 and kinds[owing[0]] is AssignmentKind.RESPONSIBLE
    return TableAssignment(
        table,
        AssignmentKind.RESPONSIBLE if alone or not owing else AssignmentKind.OWN_STAFF,
        tuple(owing),
        tuple(sorted(code for code, kind in kinds.items() if not kind.makes_submission)),
    )
