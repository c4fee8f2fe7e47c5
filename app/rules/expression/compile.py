"""From the text of a condition to a calculation over the columns of a table.

Every node of the tree is looked up in a list of what is allowed and built by us: nothing a person
writes ever reaches an interpreter (decision 7). All faults are collected, each with its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import reduce
from itertools import count
from math import isfinite

import polars as pl
from sqlglot import exp

from app.catalogue.base_table import FieldSpec, TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message
from app.rules.expression import operators
from app.rules.expression.builder import Allowed, Builder, fitting
from app.rules.expression.call import build_call
from app.rules.expression.fault import ExpressionError
from app.rules.expression.grammar import parse
from app.rules.expression.kinds import UNKNOWN, Kind, Value, column_value, names_of
from app.rules.expression.slip import slips


@dataclass(frozen=True)
class Condition:
    """A condition ready to be asked of rows.

    ``holds`` is true, false, or null where the condition does not apply because a value is missing.
    ``breaks`` are true where the row cannot be calculated, such as a division by zero; None where
    that cannot happen.
    ``fields`` are the codes it reads, in the order of the table. No other condition of this
    process has its ``number``.
    """

    text: str
    holds: pl.Expr
    breaks: pl.Expr | None
    fields: tuple[str, ...]
    number: int = field(default_factory=count().__next__, compare=False)


def compile_condition(
    spec: TableSpec,
    catalogue: Catalogue,
    text: str,
    terms: Mapping[str, Value] | None = None,
    *,
    only_terms: bool = False,
) -> Condition:
    """The condition that ``text`` writes about rows of ``spec``. Raises ExpressionError.

    ``terms`` are further columns by name; with ``only_terms`` there are no fields besides.
    """
    builder = Builder(spec, catalogue, text, _ALLOWED, terms or {}, only_terms)
    try:
        return _compiled(builder)
    except ExpressionError as error:
        own = () if only_terms else names_of(spec)
        raise ExpressionError(slips(text, {*own, *builder.terms}) or error.faults) from None


def _compiled(builder: Builder) -> Condition:
    tree, text, spec = parse(builder.text), builder.text, builder.spec
    value = builder.value(tree)
    if value.kind not in {Kind.TRUTH, Kind.UNKNOWN}:
        builder.fault(
            tree,
            Message("This is a value and no condition. Compare it with something: =, <, between …"),
        )
    if not builder.read and not builder.faults:
        builder.fault(tree, Message("The condition names no field. Name what is to be checked."))
    if builder.faults:
        raise ExpressionError(tuple(builder.faults))
    breaks = reduce(operators.EITHER, builder.breaks) if builder.breaks else None
    return Condition(
        text, value.built, breaks, tuple(code for code in spec.by_code if code in builder.read)
    )


def _column(builder: Builder, node: exp.Expr) -> Value:
    name = node.this
    if node.args.get("table") or not isinstance(name, exp.Identifier):
        return builder.fault(
            node, Message("A condition names the fields of its own table only, without a dot.")
        )
    if name.name in builder.terms:
        builder.read.add(name.name)
        return builder.terms[name.name]
    found = None if builder.only_terms else _field(builder, name)
    if found is None:
        return builder.fault(node, _unknown_field(builder, name.name, is_text=_may_be_text(node)))
    builder.read.add(found.code)
    return column_value(builder.catalogue, found)


def _may_be_text(node: exp.Expr) -> bool:
    """Whether the name, in double quotation marks, stands where people write a text."""
    other_side = isinstance(node.parent, (exp.EQ, exp.NEQ)) and node is not node.parent.this
    among = isinstance(node.parent, exp.In) and node is not node.parent.this
    argument = isinstance(node.parent, exp.Anonymous)
    return node.this.quoted and (other_side or among or argument)


def _field(builder: Builder, name: exp.Identifier) -> FieldSpec | None:
    names = names_of(builder.spec)
    # A label of one word needs no quotation marks.
    return names.get(name.name) or (None if name.quoted else names.get(name.name.lower()))


# How like a name has to be to one that is there; a text that is compared is like none by chance.
NEAR = 0.4
NEAR_TEXT = 0.7


def _unknown_field(builder: Builder, name: str, *, is_text: bool) -> Message:
    cutoff = NEAR_TEXT if is_text else NEAR
    near = get_close_matches(name, list(names_of(builder.spec)), n=1, cutoff=cutoff)
    table = builder.spec.title
    if not near and is_text:
        return Message(
            "Table %(table)s has no field “%(name)s”: in double quotation marks stand names of"
            " fields. A text stands in single ones: %(text)s",
            {"table": table, "name": name, "text": f"'{name}'"},
        )
    if not near:
        return Message(
            "Table %(table)s has no field “%(name)s”. Write the field's code, or its label in"
            " double quotation marks.",
            {"table": table, "name": name},
        )
    label = names_of(builder.spec)[near[0]].label
    return Message(
        "Table %(table)s has no field “%(name)s”. Do you mean “%(label)s” (%(code)s)?",
        {
            "table": table,
            "name": name,
            "label": label,
            "code": names_of(builder.spec)[near[0]].code,
        },
    )


def _literal(builder: Builder, node: exp.Expr) -> Value:
    text = str(node.this)
    if node.is_string:
        return Value(Kind.TEXT, pl.lit(text), literal=text)
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if not isfinite(number):
        return builder.fault(
            node, Message("“%(text)s” is no number that can be used.", {"text": text})
        )
    return Value(Kind.NUMBER, pl.lit(number))


def _connected(builder: Builder, node: exp.Expr) -> Value:
    sides = [builder.truth(each) for each in (node.this, node.args["expression"])]
    joined = operators.BOTH if isinstance(node, exp.And) else operators.EITHER
    return Value(Kind.TRUTH, joined(sides[0].built, sides[1].built))


def _negated(builder: Builder, node: exp.Expr) -> Value:
    return Value(Kind.TRUTH, ~builder.truth(node.this).built.cast(pl.Boolean))


def _compared(builder: Builder, node: exp.Expr) -> Value:
    compare = operators.COMPARISONS[type(node)]
    left_node: exp.Expr = node.this
    right_node: exp.Expr = node.args["expression"]
    if isinstance(left_node, tuple(operators.COMPARISONS)):
        # a <= b <= c, as people write it: both comparisons hold.
        first = builder.value(left_node)
        middle = left_node.args["expression"]
        second = _pair(builder, node, middle, right_node, compare)
        return Value(Kind.TRUTH, operators.BOTH(first.built, second.built))
    return _pair(builder, node, left_node, right_node, compare)


def _pair(
    builder: Builder,
    node: exp.Expr,
    left_node: exp.Expr,
    right_node: exp.Expr,
    compare: operators.Comparison,
) -> Value:
    left, right = fitting(
        builder,
        node,
        (left_node, builder.value(left_node)),
        (right_node, builder.value(right_node)),
    )
    if UNKNOWN in (left, right):
        return UNKNOWN
    return Value(Kind.TRUTH, compare(left.kind, left.built, right.built))


def _calculated(builder: Builder, node: exp.Expr) -> Value:
    numbers = [builder.number(each) for each in (node.this, node.args["expression"])]
    first, second = (number.built for number in numbers)
    if isinstance(node, exp.Div):
        divisor = node.args["expression"]
        if isinstance(divisor, exp.Literal) and not divisor.is_string and not float(divisor.this):
            return builder.fault(
                divisor, Message("Nothing can be divided by 0. Write another number.")
            )
        builder.breaks.append((second == 0).fill_null(value=False))
        second = pl.when(second != 0).then(second)
    return Value(Kind.NUMBER, operators.ARITHMETIC[type(node)](first, second))


def _negative(builder: Builder, node: exp.Expr) -> Value:
    return Value(Kind.NUMBER, -builder.number(node.this).built)


def _between(builder: Builder, node: exp.Expr) -> Value:
    """``a between b and c`` is ``b <= a and a <= c``."""
    low, high = node.args["low"], node.args["high"]
    at_least = _pair(builder, node, node.this, low, operators.COMPARISONS[exp.GTE])
    at_most = _pair(builder, node, node.this, high, operators.COMPARISONS[exp.LTE])
    return Value(Kind.TRUTH, operators.BOTH(at_least.built, at_most.built))


def _among(builder: Builder, node: exp.Expr) -> Value:
    choices = node.expressions
    if not choices or set(node.args) - {"this", "expressions"} > _unset(node):
        return builder.fault(
            node, Message("Write the values after in within brackets: in ('1', '2').")
        )
    equal = operators.COMPARISONS[exp.EQ]
    found = [_pair(builder, node, node.this, choice, equal).built for choice in choices]
    return Value(Kind.TRUTH, reduce(operators.EITHER, found))


def _unset(node: exp.Expr) -> set[str]:
    return {name for name, value in node.args.items() if not value}


def _is(builder: Builder, node: exp.Expr) -> Value:
    value, asked = builder.value(node.this), node.args["expression"]
    if isinstance(asked, exp.Null):
        return Value(Kind.TRUTH, value.built.is_null())
    if isinstance(asked, exp.Boolean) and value.kind is Kind.TRUTH:
        return Value(Kind.TRUTH, value.built.eq_missing(pl.lit(bool(asked.this))))
    return builder.fault(node, Message("After is stands null, not null, true or false."))


def _inside(builder: Builder, node: exp.Expr) -> Value:
    return builder.value(node.this)


_ALLOWED: Allowed = (
    (exp.Column, _column),
    (exp.Literal, _literal),
    (exp.Boolean, lambda _builder, node: Value(Kind.TRUTH, pl.lit(bool(node.this)))),
    (exp.Null, lambda _builder, _node: Value(Kind.NOTHING, pl.lit(None))),
    (exp.Paren, _inside),
    ((exp.And, exp.Or), _connected),
    (exp.Not, _negated),
    (tuple(operators.COMPARISONS), _compared),
    (tuple(operators.ARITHMETIC), _calculated),
    (exp.Neg, _negative),
    (exp.Between, _between),
    (exp.In, _among),
    (exp.Is, _is),
    (exp.Anonymous, build_call),
)
