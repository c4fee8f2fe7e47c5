"""Reading the source of a feed: only the columns that are used, streamed, in the reader's scope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, String, Text, cast, false
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.access.adopted_filter import adopted_condition
from app.access.adopted_table import adopted_rows_of
from app.access.feed import hidden_columns
from app.access.person import Actor
from app.access.row_filter import fields_of, parse_filter, refuse_hidden
from app.catalogue.adopted_table import ColumnKind
from app.catalogue.feed import ANY_END, FeedContent, FieldSource, PeriodSource
from app.domain.message import Message, Reason, Refused
from app.domain.period import Period
from app.models.adopted_row import shown_value
from app.models.adopted_table import LONGEST_SHOWN, MYSQL, LiveTable, length_code
from app.models.database import is_passing
from app.models.database_fault import fault_of, refusal_message
from app.models.time_limit import TooSlowError, time_limited
from app.rules.adopted_value import UnfitError, compared_value
from app.rules.raw_text import UNREADABLE
from app.rules.reading import text_of

CHUNK = 1000
# More than any college has of anything that is collected; a wrong filter is found here.
MOST_ROWS = 500_000
# Long enough for the largest source, short enough that a view which never ends holds up nobody.
READING_SECONDS = 120.0


@dataclass(frozen=True)
class SourceRow:
    """A row as the feed reads it: its place in the source from 1, raw values by target field."""

    number: int
    values: Mapping[str, object]


@dataclass
class SourceRows:
    """The rows by the college's departments; ``unplaced`` counts those of unknown codes."""

    by_department: dict[str, list[SourceRow]] = field(default_factory=dict)
    unplaced: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were read."""
        return sum(map(len, self.by_department.values())) + sum(self.unplaced.values())


def read_source(
    session: Session,
    live: LiveTable,
    actor: Actor,
    content: FeedContent,
    period: Period,
    departments: Collection[str],
) -> SourceRows:
    """All rows for the period that the actor reaches; ``departments`` are the college's codes.

    Raises Refused: the source is gone, altered, out of reach of the account, or too large.
    """
    query = _query(session, live, actor, content, period)
    take = _Taking(live, content, frozenset(departments))
    found = SourceRows()
    try:
        with (
            time_limited(session, READING_SECONDS),
            session.execute(query.execution_options(yield_per=CHUNK)) as result,
        ):
            keys = list(result.keys())
            for number, row in enumerate(result, 1):
                _refuse_too_many(live, number)
                take.row(found, number, dict(zip(keys, row, strict=True)))
    except TooSlowError as error:
        raise _too_slow(live) from error
    except DBAPIError as error:
        if is_passing(error):
            raise
        session.rollback()
        message = refusal_message(live.spec, fault_of(error), error)
        raise Refused(message, Reason.CONFLICT) from error
    return found


def _too_slow(live: LiveTable) -> Refused:
    return Refused(
        Message(
            "Reading the source %(table)s takes too long. Choose fewer rows by the filter or the"
            " period, best by a column that has an index.",
            {"table": live.spec.label},
        ),
        Reason.BUSY,
    )


def source_condition(
    live: LiveTable, actor: Actor, content: FeedContent
) -> ColumnElement[bool] | None:
    """The definition's own filter as a condition. Raises Refused where it does not fit."""
    if content.filter is None:
        return None
    wanted = parse_filter(content.filter)
    hidden = hidden_columns(actor, live)
    labels = {code: live.spec.by_code[code].label for code in hidden}
    refuse_hidden(labels, (), wanted)
    for code in sorted(fields_of(wanted) - live.spec.by_code.keys()):
        raise Refused(
            Message(
                "Table %(table)s has no column %(column)s any more, which is used for %(place)s."
                " Choose another one.",
                {"table": live.spec.label, "column": code, "place": Message("the filter")},
            ),
            Reason.INVALID,
        )
    return adopted_condition(live, wanted)


def _query(
    session: Session, live: LiveTable, actor: Actor, content: FeedContent, period: Period
) -> Select[tuple[object, ...]]:
    dialect = session.get_bind().dialect.name
    wanted = content.columns | {length_code(code) for code in content.columns}
    columns = [each for each in live.selected(dialect) if each.key in wanted]
    query = adopted_rows_of(actor, live).add_columns(*columns).order_by(*live.identity)
    condition = source_condition(live, actor, content)
    if condition is not None:
        query = query.where(condition)
    if content.period is not None:
        query = query.where(_of_period(live, content.period, period, dialect))
    return query


def _of_period(
    live: LiveTable, told: PeriodSource, period: Period, dialect: str
) -> ColumnElement[bool]:
    column, sql = live.spec.by_code[told.column], live.columns[told.column]
    text = told.text_of(period)
    if text.endswith(ANY_END):
        kind = String() if dialect in MYSQL else Text()
        return cast(sql, kind).startswith(text.removesuffix(ANY_END), autoescape=True)
    try:
        return sql == compared_value(column, text)
    except UnfitError:
        return false()


def _refuse_too_many(live: LiveTable, number: int) -> None:
    if number > MOST_ROWS:
        raise Refused(
            Message(
                "The source %(table)s has more than %(count)s rows for this. Choose fewer by the"
                " filter or the period.",
                {"table": live.spec.label, "count": MOST_ROWS},
            ),
            Reason.INVALID,
        )


class _Taking:
    """Takes the values of rows apart; what is the same for all of them is looked up once."""

    def __init__(self, live: LiveTable, content: FeedContent, departments: frozenset[str]) -> None:
        self._kinds = {column.code: column.kind for column in live.spec.columns}
        self._lengthy = frozenset(live.lengthy)
        self._fields = tuple(content.fields.items())
        self._whose = content.department
        self._departments = departments

    def row(self, found: SourceRows, number: int, read: Mapping[str, object]) -> None:
        """Put the row to its department."""
        code = self._whose.value
        if code is None:
            told = self._text(self._whose.column or "", read) or ""
            code = self._whose.codes.get(told.strip(), told.strip())
            if code not in self._departments:
                found.unplaced[told.strip()] = found.unplaced.get(told.strip(), 0) + 1
                return
        values = {name: self._value(source, read) for name, source in self._fields}
        found.by_department.setdefault(code, []).append(SourceRow(number, values))

    def _value(self, source: FieldSource, read: Mapping[str, object]) -> object:
        if source.column is None:
            return source.value
        text = self._text(source.column, read)
        if text is None or not source.translate:
            return text
        return source.translate.get(text.strip(), text)

    def _text(self, code: str, read: Mapping[str, object]) -> str | None:
        """The value as somebody would type it; a text of which only the beginning was read is none.

        Numbers go as their digits: a field of dates would take others for days of a workbook.
        """
        value = read[code]
        if code in self._lengthy:
            length = read[length_code(code)]
            if isinstance(length, int) and length > LONGEST_SHOWN:
                return UNREADABLE + str(length)
        if isinstance(value, Decimal | str) or value is None:
            return text_of(value)
        shown = shown_value(self._kinds.get(code, ColumnKind.TEXT), value)
        return str(int(shown)) if isinstance(shown, bool) else text_of(shown)
