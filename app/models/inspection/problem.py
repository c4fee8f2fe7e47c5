"""Why one table could not be adopted, in words for the person who ran the command."""

from sqlalchemy.exc import SQLAlchemyError

from app.domain.message import Message


def left_out(table: str, error: SQLAlchemyError) -> Message:
    """A table whose reading failed; the database's own words are the reason."""
    reason = " ".join(str(getattr(error, "orig", None) or error).split())
    return Message(
        "%(table)s was left out, because the database cannot read it: %(reason)s",
        {"table": table, "reason": reason},
    )


def without_columns(table: str) -> Message:
    """A table of which the account may read nothing."""
    return Message(
        "%(table)s was left out: this database account may not read any of its columns.",
        {"table": table},
    )
