"""Who may hand workbooks of a table out, and who may collect them.

Handing out shows rows, collecting writes them: for a department both are its data steward's, who
exports and imports. The quality office divides a table among departments; what these send back
their own data stewards collect.
"""

from app.access.person import Actor
from app.access.policies import why_not_read, why_not_write
from app.access.scopes import read_scope, write_scope
from app.domain.message import Message
from app.domain.person import Function
from app.models.base_table import StoredTable

EXPORT, IMPORT = "export", "import"


def why_not_hand_out(actor: Actor, stored: StoredTable, department: str | None) -> Message | None:
    """Why the actor may not hand out the rows of a department, or (None) one part to each."""
    refusal = why_not_read(actor, stored) or why_not_read(actor, stored, EXPORT)
    if refusal is not None:
        return refusal
    if department is not None:
        return why_not_collect(actor, stored, department)
    reads_all = read_scope(actor, stored, EXPORT).departments is None
    if actor.holds(Function.QA_OFFICE) and reads_all:
        return None
    return Message(
        "Only the quality office hands a table out to all departments. Choose your own department."
    )


def why_not_collect(actor: Actor, stored: StoredTable, department: str) -> Message | None:
    """Why the actor may not take in what people of the department have filled in."""
    refusal = why_not_write(actor, stored, IMPORT, department)
    if refusal is not None:
        return refusal
    if write_scope(actor, stored, IMPORT).covers_department(department):
        return None
    return Message("Only the data steward of the department can do this.")
