"""What stands beside a table that is filled in: notes not read yet, and official answers."""

from collections.abc import Mapping, Sequence

from flask import g
from flask_babel import gettext as _

from app.access.question import why_not_read_regulation
from app.catalogue.base_table import TableSpec
from app.models.question import Question
from app.reports.guidance import unread_digest
from app.reports.question import answers_of_table
from app.web.current import current_actor, current_catalogue, current_session
from app.web.formats import moment_text


def unread_notes(spec: object) -> str | None:
    """What the reader acknowledges by one click before he fills in the table; None for nothing."""
    if not isinstance(spec, TableSpec):
        return None
    return unread_digest(current_session(), current_catalogue(), current_actor(), spec)


def official_answers_for(table: str) -> Mapping[str, Sequence[Question]]:
    """Code of the field, empty for the table → official answers; asked once in a request."""
    if why_not_read_regulation(current_actor()) is not None:
        return {}
    if "official_answers" not in g:
        g.official_answers = {}
    if table not in g.official_answers:
        g.official_answers[table] = answers_of_table(current_session(), table)
    found: Mapping[str, Sequence[Question]] = g.official_answers[table]
    return found


def answer_text(question: Question) -> str:
    """An official answer as it stands beside the explanation of a field."""
    day = moment_text(question.answered_at)[:10]
    return str(_("Official answer of %(day)s: %(answer)s", day=day, answer=question.answer))
