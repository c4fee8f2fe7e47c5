"""Building a condition from its tree: what has been met so far, and making values fit."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from sqlglot import exp

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message
from app.rules.code_reading import code_reader
from app.rules.expression.fault import Fault
from app.rules.expression.functions import month_text
from app.rules.expression.grammar import name_place, place_of
from app.rules.expression.kinds import KIND_NAMES, UNKNOWN, Kind, Value
from app.rules.finding_messages import COMMA
from app.rules.reading import TRUTH_LABELS, read_boolean

MOST_NAMED = 5
Allowed = Sequence[
    tuple[
        type[exp.Expr] | tuple[type[exp.Expr], ...],
        Callable[["Builder", exp.Expr], Value],
    ]
]


@dataclass
class Builder:
    """Builds one condition; what it has met so far."""

    spec: TableSpec
    catalogue: Catalogue
    text: str
    allowed: Allowed
    terms: Mapping[str, Value]
    only_terms: bool
    faults: list[Fault] = field(default_factory=list)
    breaks: list[pl.Expr] = field(default_factory=list)
    read: set[str] = field(default_factory=set)

    def fault(self, node: exp.Expr, message: Message) -> Value:
        """Note what is wrong at ``node``; the value of a part nobody can use."""
        self.faults.append(Fault(message, *place_of(node, self.text)))
        return UNKNOWN

    def fault_of_name(self, node: exp.Expr, message: Message) -> Value:
        """The same about the name of a call."""
        self.faults.append(Fault(message, *name_place(node, self.text)))
        return UNKNOWN

    def value(self, node: exp.Expr) -> Value:
        """What the node stands for."""
        for kind, build in self.allowed:
            if isinstance(node, kind):
                return build(self, node)
        return self.fault(
            node,
            Message(
                "“%(text)s” cannot be used in a condition. Use fields, numbers, texts, + - * /,"
                " comparisons, and, or, not, in, between, is null and the functions listed.",
                {"text": self.words(node)},
            ),
        )

    def words(self, node: exp.Expr) -> str:
        """The node as it was written."""
        start, end = place_of(node, self.text)
        return self.text[start:end]

    def truth(self, node: exp.Expr) -> Value:
        """The node as something that is true or false."""
        value = self.value(node)
        if value.kind in {Kind.TRUTH, Kind.UNKNOWN}:
            return value
        return self.fault(
            node,
            Message(
                "“%(text)s” is neither true nor false. Compare it with something before you join it"
                " with and, or, not.",
                {"text": self.words(node)},
            ),
        )

    def number(self, node: exp.Expr) -> Value:
        """The node as something to calculate with."""
        value = self.value(node)
        if value.kind in {Kind.NUMBER, Kind.UNKNOWN}:
            return value
        parameters = {"text": self.words(node), "kind": KIND_NAMES[value.kind]}
        return self.fault(
            node,
            Message("“%(text)s” is %(kind)s; only numbers can be calculated with.", parameters),
        )


Part = tuple[exp.Expr, Value]


def fitting(builder: Builder, node: exp.Expr, left: Part, right: Part) -> tuple[Value, Value]:
    """Both values as one kind, or both unknown with a fault where they do not fit."""
    (left_node, first), (right_node, second) = left, right
    first, second = (
        _as_kind(builder, left_node, first, second),
        _as_kind(builder, right_node, second, first),
    )
    if Kind.UNKNOWN in (first.kind, second.kind):
        return UNKNOWN, UNKNOWN
    if Kind.NOTHING in (first.kind, second.kind):
        fault = builder.fault(node, Message("Nothing equals null. Write: is null, is not null."))
        return fault, fault
    if {first.kind, second.kind} == {Kind.DATE, Kind.MONTH}:
        first, second = _as_month(first), _as_month(second)
    if first.kind is not second.kind:
        mended = _mended(builder, (left_node, first), (right_node, second))
        if mended is not None:
            return mended, mended
        fault = builder.fault(
            node,
            Message(
                "“%(left)s” is %(kind)s and “%(right)s” is %(other)s; they cannot be compared or"
                " calculated with each other.",
                {
                    "left": builder.words(left_node),
                    "kind": KIND_NAMES[first.kind],
                    "right": builder.words(right_node),
                    "other": KIND_NAMES[second.kind],
                },
            ),
        )
        return fault, fault
    return first, second


# A day or month as people type it without quotation marks: a number less another one.
_DAY = re.compile(r"(\d{4})\s*[-.]\s*(\d{1,2})(?:\s*-\s*(\d{1,2}))?")
_NUMBER = re.compile(r"\d+(\.\d+)?")


def _mended(builder: Builder, one: Part, other: Part) -> Value | None:
    """A fault that says how the value is written that the other side is compared with."""
    for (_node, wanted), (node, value) in ((one, other), (other, one)):
        written = builder.words(node).strip()
        right = _rightly(written, wanted.kind, value)
        if right:
            words = {"text": written, "kind": KIND_NAMES[wanted.kind], "right": right}
            message = Message("Compared with %(kind)s, “%(text)s” is written: %(right)s", words)
            return builder.fault(node, message)
    return None


def _rightly(written: str, wanted: Kind, value: Value) -> str | None:
    """What was meant, as it is written where ``wanted`` is; None where nobody can tell."""
    if wanted is Kind.NUMBER and value.literal is not None and _NUMBER.fullmatch(value.literal):
        return value.literal
    if value.kind is not Kind.NUMBER:
        return None
    if wanted is Kind.TEXT and _NUMBER.fullmatch(written):
        return f"'{written}'"
    if wanted is Kind.TRUTH and written in {"0", "1"}:
        return "true" if written == "1" else "false"
    day = _DAY.fullmatch(written)
    if wanted in {Kind.DATE, Kind.MONTH} and day:
        month = f"{day[1]}-{day[2]:0>2}"
        return f"'{month}'" if wanted is Kind.MONTH else f"'{month}-{day[3] or '1':0>2}'"
    return None


def _as_month(value: Value) -> Value:
    if value.kind is Kind.MONTH:
        return value
    return Value(Kind.MONTH, month_text(value.built))


def _as_kind(builder: Builder, node: exp.Expr, value: Value, other: Value) -> Value:
    """A text in quotation marks as the date, month or code that the other side is."""
    if value.literal is None:
        return value
    if other.codes is not None:
        return _as_code(builder, node, value.literal, other)
    if other.kind is Kind.TRUTH:
        return _as_truth(builder, node, value.literal)
    if other.kind is Kind.DATE:
        return _as_date(builder, node, value.literal)
    if other.kind is Kind.MONTH:
        day = _as_date(builder, node, f"{value.literal}-01")
        return day if day is UNKNOWN else Value(Kind.MONTH, pl.lit(value.literal))
    return value


def _as_truth(builder: Builder, node: exp.Expr, text: str) -> Value:
    truth = read_boolean(text).value
    if isinstance(truth, bool):
        return Value(Kind.TRUTH, pl.lit(truth))
    return builder.fault(
        node,
        Message(
            "“%(text)s” is neither yes nor no. Write true or false, or a word that people fill in:"
            " %(words)s",
            {
                "text": builder.words(node),
                "words": COMMA.join(f"'{word}'" for word in TRUTH_LABELS.values()),
            },
        ),
    )


def _as_date(builder: Builder, node: exp.Expr, text: str) -> Value:
    try:
        return Value(Kind.DATE, pl.lit(date.fromisoformat(text)))
    except ValueError:
        return builder.fault(
            node,
            Message(
                "“%(text)s” is no date. Write it like 2025-09-01, a month like 2025-09.",
                {"text": builder.words(node)},
            ),
        )


def _as_code(builder: Builder, node: exp.Expr, text: str, other: Value) -> Value:
    codes = other.codes
    if codes is None:
        return Value(Kind.TEXT, pl.lit(text))
    code = code_reader(codes)(text).value
    if code is not None:
        return Value(Kind.TEXT, pl.lit(code))
    shown = [f"{code} {label}" for code, label in list(codes.labels.items())[:MOST_NAMED]]
    return builder.fault(
        node,
        Message(
            "“%(text)s” is no value of “%(list)s”. There are: %(codes)s …",
            {"text": text, "list": codes.title, "codes": COMMA.join(shown)},
        ),
    )
