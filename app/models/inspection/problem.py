"""Why one table could not be adopted, in words for the person who ran the command."""

from sqlalchemy.exc import SQLAlchemyError

from app.domain.message import Message


def left_out(table: str, error: SQLAlchemyError) -> Message:
    """A table whose reading failed; the database's own words are the reason."""
    return Message(
        "%(table)s was left out, because the database cannot read it: %(reason)s",
        {"table": table, "reason": reason_of(error)},
    )


def without_columns(table: str) -> Message:
    """A table of which the account may read nothing."""
    return Message(
        "%(table)s was left out: it has no column that this database account may read.",
        {"table": table},
    )


def reason_of(error: SQLAlchemyError) -> str:
    """What the database itself said, on one line."""
    cause = getattr(error, "orig", None) or error
    # MySQL's driver gives a number and a text.
    said = cause.args[-1] if cause.args and isinstance(cause.args[0], int) else cause
    return " ".join(str(said).split())
