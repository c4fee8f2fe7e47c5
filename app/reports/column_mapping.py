"""How the columns of a department's files were matched before."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.column_mapping import ColumnMapping


def remembered_mappings(
    session: Session, table: str, department: str
) -> Mapping[str, Mapping[str, str | None]]:
    """Signature of headings → key of a heading → field code, None for one that is left out."""
    query = select(ColumnMapping.signature, ColumnMapping.columns).where(
        ColumnMapping.table_identifier == table, ColumnMapping.department_code == department
    )
    return {row.signature: row.columns for row in session.execute(query)}
