"""The functions that a condition may call, each a record: what it takes, gives and is for."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from app.domain.message import Message
from app.rules.expression.kinds import PERIOD_END, PERIOD_START, Kind

Build = Callable[..., pl.Expr]
# Of an identity number of 18 digits (GB 11643): where the birthday stands, and the digit whose
# parity tells the gender.
BIRTHDAY = (6, 8)
GENDER_DIGIT = 16
# What people write between names in one cell.
BETWEEN_NAMES = r"\s*[、，,；;\n]+\s*"
# A number is rounded to no more decimals than a column can have.
MOST_DECIMALS = 10


@dataclass(frozen=True)
class Function:
    """A function: the kinds of its arguments, its own kind, how it is calculated.

    The last ``optional`` arguments may be left out; ``repeats`` lets the last one come again.
    ``same`` says that all arguments have the kind of the first and so has the result.
    ``help`` is one sentence, ``example`` a call as people write it,
    with names of fields such as tables have them.
    """

    name: str
    takes: tuple[Kind, ...]
    gives: Kind
    build: Build
    help: Message
    example: Message
    optional: int = 0
    repeats: bool = False
    same: bool = False

    @property
    def fewest(self) -> int:
        """How many arguments it needs."""
        return len(self.takes) - self.optional


def _round(number: pl.Expr, decimals: pl.Expr | None = None) -> pl.Expr:
    factor = pl.lit(1.0) if decimals is None else pl.lit(10.0).pow(decimals.clip(0, MOST_DECIMALS))
    # Half away from zero, as people and spreadsheets do it.
    return (number.abs() * factor + 0.5 + 1e-9).floor() / factor * number.sign()


def _part(text: pl.Expr, start: pl.Expr, length: pl.Expr | None = None) -> pl.Expr:
    return text.str.slice(
        start.cast(pl.Int64).clip(1) - 1,
        None if length is None else length.cast(pl.Int64).clip(0),
    )


def names_of(text: pl.Expr) -> pl.Expr:
    """The names listed in a text, one at least, though it be empty; none of no text."""
    return text.str.replace_all(BETWEEN_NAMES, "\n").str.strip_chars("\n").str.split("\n")


def month_text(value: pl.Expr) -> pl.Expr:
    """The month of a date, or a month as it is: ``2025-09``."""
    return value.cast(pl.String).str.slice(0, 7)


def _day_number(value: pl.Expr, day: str) -> pl.Expr:
    """The date as one number, 20250901; of a month without a day, ``day`` counts."""
    text = value.cast(pl.String) + pl.lit(day)
    return text.str.replace_all("-", "", literal=True).str.slice(0, 8).cast(pl.Int64)


def _years(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    # A month without a day begins with its first; as the later one it is over after its last day.
    passed = _day_number(later, "99") - _day_number(earlier, "01")
    return (passed // 10_000).cast(pl.Float64)


def _birthday(number: pl.Expr) -> pl.Expr:
    digits = number.str.slice(*BIRTHDAY)
    return digits.str.to_date("%Y%m%d", strict=False)


def _is_male(number: pl.Expr) -> pl.Expr:
    digit = number.str.slice(GENDER_DIGIT, 1).cast(pl.Int64, strict=False)
    return digit % 2 == 1


def _number_of(value: pl.Expr, start: int, length: int) -> pl.Expr:
    return value.cast(pl.String).str.slice(start, length).cast(pl.Float64, strict=False)


N, T, D, M, B = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.MONTH, Kind.TRUTH

FUNCTIONS = (
    Function(
        "abs",
        (N,),
        N,
        pl.Expr.abs,
        Message("A number without its sign."),
        Message("abs(total - detail) <= 1"),
    ),
    Function(
        "round",
        (N, N),
        N,
        _round,
        Message("A number rounded to some decimals; to a whole one where none are named."),
        Message("round(total / count, 1) = average"),
        optional=1,
    ),
    Function(
        "coalesce",
        (N, N),
        N,
        pl.coalesce,
        Message("The first of several values that is filled in."),
        Message("total = first + coalesce(second, 0)"),
        repeats=True,
        same=True,
    ),
    Function(
        "least",
        (N, N),
        N,
        pl.min_horizontal,
        Message("The smallest of several values."),
        Message("least(first, second) >= 0"),
        repeats=True,
        same=True,
    ),
    Function(
        "greatest",
        (N, N),
        N,
        pl.max_horizontal,
        Message("The largest of several values."),
        Message("greatest(hired, insured) <= total"),
        repeats=True,
        same=True,
    ),
    Function(
        "length",
        (T,),
        N,
        lambda text: text.str.len_chars().cast(pl.Float64),
        Message("How many characters a text has."),
        Message("length(number) = 10"),
    ),
    Function(
        "names_in",
        (T,),
        N,
        lambda text: names_of(text).list.len().cast(pl.Float64),
        Message("How many names a text lists, with a mark between them."),
        Message("names_in(projects) <= project_count"),
    ),
    Function(
        "number_in",
        (T,),
        N,
        lambda text: text.str.extract("([0-9]+)").cast(pl.Float64),
        Message("The first number that stands in a text."),
        Message("number_in(part(number, 3, 4)) <= year(granted_on)"),
    ),
    Function(
        "part",
        (T, N, N),
        T,
        _part,
        Message("A part of a text, from the character of this number on, so many characters."),
        Message("part(number, 1, 4) = '2025'"),
        optional=1,
    ),
    Function(
        "starts_with",
        (T, T),
        B,
        lambda text, other: text.str.starts_with(other),
        Message("Whether a text begins with another one."),
        Message("starts_with(code, 'A')"),
    ),
    Function(
        "ends_with",
        (T, T),
        B,
        lambda text, other: text.str.ends_with(other),
        Message("Whether a text ends with another one."),
        Message("ends_with(code, '00')"),
    ),
    Function(
        "contains",
        (T, T),
        B,
        lambda text, other: text.str.contains(other, literal=True),
        Message("Whether a text has another one in it."),
        Message("not contains(name, '?')"),
    ),
    Function(
        "year",
        (D,),
        N,
        lambda value: _number_of(value, 0, 4),
        Message("The year of a date or month."),
        Message("edition >= year(period_end()) - 10"),
    ),
    Function(
        "month",
        (D,),
        N,
        lambda value: _number_of(value, 5, 2),
        Message("The month of a date or month, 1 to 12."),
        Message("month(started_on) in (3, 9)"),
    ),
    Function(
        "month_of",
        (D,),
        M,
        month_text,
        Message("The month in which a date lies."),
        Message("month_of(birth_date) = birth_month"),
    ),
    Function(
        "years_between",
        (D, D),
        N,
        _years,
        Message("How many whole years lie between two dates, such as somebody's age."),
        Message("years_between(birth_date, period_end()) between 20 and 65"),
    ),
    Function(
        "period_start",
        (),
        D,
        lambda: pl.col(PERIOD_START),
        Message("The first day of the period that is collected."),
        Message("agreement_until >= period_start()"),
    ),
    Function(
        "period_end",
        (),
        D,
        lambda: pl.col(PERIOD_END),
        Message("The last day of the period that is collected."),
        Message("awarded_on <= period_end()"),
    ),
    Function(
        "birthday_in",
        (T,),
        D,
        _birthday,
        Message("The birthday that stands in a resident identity number."),
        Message("birthday_in(id_card_no) = birth_date"),
    ),
    Function(
        "is_male_in",
        (T,),
        B,
        _is_male,
        Message("Whether a resident identity number is a man's."),
        Message("is_male_in(id_card_no) = (gender = '1')"),
    ),
)
BY_NAME = {function.name: function for function in FUNCTIONS}
