"""How a database differs from what was adopted of it, and what each difference means for people.

Nothing is judged by the rows: only what tables and columns are.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, DeleteEffect
from app.domain.message import Message

NOT_YET_SHOWN = Message("It is not shown until the tables are adopted again.")
NOT_YET_KNOWN = Message("Pages go by the former state until the tables are adopted again.")
PAGES_FAIL = Message("Pages and files that show it fail until the tables are adopted again.")
NOW_READ_ONLY = Message("Rows can no longer be told apart: the table becomes read-only.")
NEW_ADDRESSES = Message(
    "Rows get other addresses: links to rows that people have kept lead nowhere."
)
NOW_REFUSED = Message("The database refuses to save rows that leave it empty.")
NEEDS_VALUE = Message("The database refuses every new row until the tables are adopted again.")
NO_LONGER_FITS = Message("Values that fitted before may be refused when they are saved.")
FITS_AFTERWARDS = Message(
    "Values that fit only now are refused until the tables are adopted again."
)
NO_LONGER_TYPED = Message("What people type there is refused; adopt again and it cannot be typed.")
MAY_NOT_SAVE = Message("It can be read only: the database may refuse what is saved there.")
FORMER_WARNINGS = Message(
    "Warnings before deletions go by the former rule until the tables are adopted again."
)
NOTHING_TAKEN_BACK = Message(
    "What was saved stays even where an answer says that nothing was, until the tables are adopted"
    " again."
)
# As databases write them.
DELETE_RULES = {
    DeleteEffect.REFUSE: "RESTRICT",
    DeleteEffect.CASCADE: "CASCADE",
    DeleteEffect.SET_NULL: "SET NULL",
}
OTHER_RIGHTS = Message("Buttons go by the former rights until the tables are adopted again.")


@dataclass(frozen=True)
class Difference:
    """One difference: ``place`` is a table or ``table.column`` by the database's own names."""

    place: str
    what: Message
    effect: Message


Told = tuple[Message, Message]


def differences_between(
    before: Iterable[AdoptedTable], now: Iterable[AdoptedTable]
) -> list[Difference]:
    """Every difference between two states of the same tables; tables and columns go by name."""
    old = {(table.schema, table.name): table for table in before}
    new = {(table.schema, table.name): table for table in now}
    found = [
        Difference(_place(table), Message("The table is gone."), PAGES_FAIL)
        for name, table in old.items()
        if name not in new
    ]
    for name, table in new.items():
        if name not in old:
            found.append(Difference(_place(table), Message("The table is new."), NOT_YET_SHOWN))
        else:
            found += _in_table(old[name], table)
    return found


def _place(table: AdoptedTable) -> str:
    return table.name if table.schema is None else f"{table.schema}.{table.name}"


def _in_table(old: AdoptedTable, new: AdoptedTable) -> Iterator[Difference]:
    place = _place(new)
    for what, effect in chain.from_iterable(compare(old, new) for compare in TABLE_COMPARISONS):
        yield Difference(place, what, effect)
    before = {column.name: column for column in old.columns}
    now = {column.name: column for column in new.columns}
    for name in before:
        if name not in now:
            yield Difference(f"{place}.{name}", Message("The column is gone."), PAGES_FAIL)
    for name, column in now.items():
        if name not in before:
            effect = NEEDS_VALUE if column.required else NOT_YET_SHOWN
            yield Difference(f"{place}.{name}", Message("The column is new."), effect)
            continue
        told = (compare(before[name], column) for compare in COLUMN_COMPARISONS)
        for what, effect in chain.from_iterable(told):
            yield Difference(f"{place}.{name}", what, effect)


def _key(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    before, now = _names(old, old.key), _names(new, new.key)
    if before and not now:
        yield (
            Message("The key is gone; it was %(before)s.", {"before": _list(before)}),
            (NOW_READ_ONLY),
        )
    elif before != now:
        parameters = {"before": _list(before), "now": _list(now)}
        yield Message("The key was %(before)s and is %(now)s.", parameters), NEW_ADDRESSES


def _view(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    if old.is_view is not new.is_view:
        became_view = Message("The table became a view.")
        became_table = Message("The view became a table.")
        yield (became_view, MAY_NOT_SAVE) if new.is_view else (became_table, NOT_YET_KNOWN)


def _unique(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    before = {_names(old, key) for key in old.unique}
    now = {_names(new, key) for key in new.unique}
    for key in sorted(before - now):
        yield Message("%(names)s need no longer be unique.", {"names": _list(key)}), NOT_YET_KNOWN
    for key in sorted(now - before):
        yield Message("%(names)s have to be unique now.", {"names": _list(key)}), NO_LONGER_FITS


def _foreign_keys(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    before, now = set(_references(old)), set(_references(new))
    for names, other in sorted(before - now):
        parameters = {"names": names, "other": other}
        yield Message("%(names)s no longer refers to %(other)s.", parameters), NOT_YET_KNOWN
    for names, other in sorted(now - before):
        parameters = {"names": names, "other": other}
        yield Message("%(names)s refers to %(other)s now.", parameters), NO_LONGER_FITS
    rules_before, rules_now = _delete_rules(old), _delete_rules(new)
    for names, other in sorted(before & now):
        rule_before, rule_now = rules_before[names, other], rules_now[names, other]
        if rule_before is not rule_now:
            parameters = {"names": names, "other": other, "rule": DELETE_RULES[rule_now]}
            message = Message(
                "When a row of %(other)s is deleted, rows that refer to it by %(names)s follow"
                " another rule: %(rule)s.",
                parameters,
            )
            yield message, FORMER_WARNINGS


def _transactions(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    if old.transactional and not new.transactional:
        yield Message("The table has no transactions any more."), NOTHING_TAKEN_BACK
    if new.transactional and not old.transactional:
        yield Message("The table has transactions now."), NOT_YET_KNOWN


def _checks(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    for check in sorted(set(old.checks) - set(new.checks)):
        yield Message("The check %(check)s is gone.", {"check": check}), NOT_YET_KNOWN
    for check in sorted(set(new.checks) - set(old.checks)):
        yield Message("The check %(check)s is new.", {"check": check}), NO_LONGER_FITS


def _granted(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    if set(old.granted) == set(new.granted):
        return
    parameters = {"before": _list(old.granted), "now": _list(new.granted)}
    what = Message("The database account might use %(before)s and may use %(now)s.", parameters)
    yield what, OTHER_RIGHTS


def _table_words(old: AdoptedTable, new: AdoptedTable) -> Iterator[Told]:
    yield from _words((old.label, old.help), (new.label, new.help))


def _type(old: AdoptedColumn, new: AdoptedColumn) -> Iterator[Told]:
    if (old.kind, old.stored) == (new.kind, new.stored):
        return
    what = Message(
        "The type was %(before)s and is %(now)s.", {"before": old.stored, "now": new.stored}
    )
    if old.kind is not new.kind:
        yield what, NO_LONGER_FITS
    else:
        yield what, _effect_of_limits(old, new)


def _effect_of_limits(old: AdoptedColumn, new: AdoptedColumn) -> Message:
    if _narrower(old, new):
        return NO_LONGER_FITS
    return FITS_AFTERWARDS if _narrower(new, old) else NOT_YET_KNOWN


def _limits(old: AdoptedColumn, new: AdoptedColumn) -> Iterator[Told]:
    """Where the values of a choice, or a check that bounds them, changed."""
    gone = [value for value in old.values if value not in new.values]
    added = [value for value in new.values if value not in old.values]
    if gone and new.values:
        yield (
            Message("It no longer takes the values %(values)s.", {"values": _list(gone)}),
            (NO_LONGER_FITS),
        )
    if added and old.values:
        yield (
            Message("It takes the values %(values)s, too.", {"values": _list(added)}),
            (FITS_AFTERWARDS),
        )


def _gaps(old: AdoptedColumn, new: AdoptedColumn) -> Iterator[Told]:
    if old.nullable and not new.nullable:
        yield Message("It may no longer be left empty."), NOW_REFUSED
    elif new.nullable and not old.nullable:
        yield Message("It may be left empty now."), FITS_AFTERWARDS


def _filled_in(old: AdoptedColumn, new: AdoptedColumn) -> Iterator[Told]:
    if new.generated and not old.generated:
        yield Message("The database works it out now."), NO_LONGER_TYPED
    elif old.generated and not new.generated:
        yield Message("The database no longer works it out."), NOT_YET_KNOWN
    if old.counted and not new.counted:
        yield Message("The database no longer numbers it."), NOW_REFUSED
    elif new.counted and not old.counted:
        yield Message("The database numbers it now."), NOT_YET_KNOWN
    if old.default != new.default:
        parameters = {"before": _shown(old.default), "now": _shown(new.default)}
        effect = NOW_REFUSED if new.required and not old.required else NOT_YET_KNOWN
        yield Message("The default was %(before)s and is %(now)s.", parameters), effect


def _column_words(old: AdoptedColumn, new: AdoptedColumn) -> Iterator[Told]:
    yield from _words((old.label, old.help), (new.label, new.help))


def _words(before: tuple[str, str], now: tuple[str, str]) -> Iterator[Told]:
    if before != now:
        parameters = {
            "before": " · ".join(filter(None, before)),
            "now": " · ".join(filter(None, now)),
        }
        yield Message("The comment was “%(before)s” and is “%(now)s”.", parameters), NOT_YET_KNOWN


def _narrower(old: AdoptedColumn, new: AdoptedColumn) -> bool:
    """Whether some value that fitted before does not fit now."""
    return (
        _less(new.max_length, old.max_length)
        or _less(new.maximum, old.maximum)
        or _less(_negative(new.minimum), _negative(old.minimum))
        or _less(new.scale, old.scale)
        or _less(_whole_digits(new), _whole_digits(old))
    )


def _less(new: int | None, old: int | None) -> bool:
    """Whether a limit is tighter; None is no limit."""
    return new is not None and (old is None or new < old)


def _negative(number: int | None) -> int | None:
    return None if number is None else -number


def _whole_digits(column: AdoptedColumn) -> int | None:
    return None if column.precision is None else column.precision - (column.scale or 0)


def _names(table: AdoptedTable, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(table.by_code[code].name for code in codes)


def _delete_rules(table: AdoptedTable) -> dict[tuple[str, str], DeleteEffect]:
    rules = (key.on_delete for key in table.foreign_keys)
    return dict(zip(_references(table), rules, strict=True))


def _references(table: AdoptedTable) -> Iterator[tuple[str, str]]:
    for key in table.foreign_keys:
        other = key.table if key.schema is None else f"{key.schema}.{key.table}"
        yield _list(_names(table, key.columns)), f"{other} ({_list(key.referred)})"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "–"


def _shown(default: str | None) -> str:
    return "–" if default is None else default


TABLE_COMPARISONS: tuple[Callable[[AdoptedTable, AdoptedTable], Iterator[Told]], ...] = (
    _view,
    _key,
    _unique,
    _foreign_keys,
    _transactions,
    _checks,
    _granted,
    _table_words,
)
COLUMN_COMPARISONS: tuple[Callable[[AdoptedColumn, AdoptedColumn], Iterator[Told]], ...] = (
    _type,
    _limits,
    _gaps,
    _filled_in,
    _column_words,
)
