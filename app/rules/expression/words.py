"""A condition as a sentence: what people read in place of operators and calls."""

from collections.abc import Callable, Mapping
from functools import reduce

from sqlglot import exp

from app.domain.message import Message
from app.rules.expression.fault import ExpressionError
from app.rules.expression.grammar import parse

Names = Callable[[str], str]
# Two parts and what stands between them; a Message is a whole sentence by itself.
PAIRS: Mapping[type[exp.Expr], Message] = {
    exp.And: Message("%(left)s, and %(right)s"),
    exp.Or: Message("%(left)s, or %(right)s"),
    exp.EQ: Message("%(left)s equals %(right)s"),
    exp.NEQ: Message("%(left)s does not equal %(right)s"),
    exp.LT: Message("%(left)s is below %(right)s"),
    exp.LTE: Message("%(left)s is at most %(right)s"),
    exp.GT: Message("%(left)s is above %(right)s"),
    exp.GTE: Message("%(left)s is not below %(right)s"),
    exp.Add: Message("%(left)s + %(right)s"),
    exp.Sub: Message("%(left)s - %(right)s"),
    exp.Mul: Message("%(left)s × %(right)s"),
    exp.Div: Message("%(left)s ÷ %(right)s"),
}
# The values of a call are ``first``, ``second``, ``third``, and ``all`` of them.
CALLS: Mapping[str, Message] = {
    "abs": Message("the absolute value of (%(first)s)"),
    "round": Message("%(first)s rounded"),
    "coalesce": Message("the first that is filled in of (%(all)s)"),
    "least": Message("the smallest of (%(all)s)"),
    "greatest": Message("the largest of (%(all)s)"),
    "length": Message("the number of characters of %(first)s"),
    "names_in": Message("the number of names in %(first)s"),
    "number_in": Message("the number in %(first)s"),
    "part": Message("the part of %(first)s from character %(second)s on"),
    "starts_with": Message("%(first)s begins with %(second)s"),
    "ends_with": Message("%(first)s ends with %(second)s"),
    "contains": Message("%(first)s contains %(second)s"),
    "year": Message("the year of %(first)s"),
    "month": Message("the month number of %(first)s"),
    "month_of": Message("the month in which %(first)s lies"),
    "years_between": Message("the whole years from %(first)s to %(second)s"),
    "period_start": Message("the first day of the period"),
    "period_end": Message("the last day of the period"),
    "birthday_in": Message("the birthday in %(first)s"),
    "is_male_in": Message("%(first)s is a man's"),
}
ALL = Message("%(all)s")
SEPARATOR = "、"
PLACES = ("first", "second", "third")


def in_words(text: str, names: Names) -> Message | None:
    """The condition as a sentence, with ``names`` for its fields; None where it cannot be read."""
    try:
        return _words(parse(text), names)
    except ExpressionError:
        return None


def _words(node: exp.Expr, names: Names) -> Message:
    for kind, tell in _TOLD:
        if isinstance(node, kind):
            return tell(node, names)
    return Message("%(text)s", {"text": node.sql()})


def _pair(node: exp.Expr, names: Names) -> Message:
    left, right = node.this, node.args["expression"]
    if type(left) in _COMPARISONS and type(node) in _COMPARISONS:
        # a <= b <= c tells two comparisons.
        second = type(node)(this=left.args["expression"], expression=right)
        sides = {"left": _words(left, names), "right": _words(second, names)}
        return Message(PAIRS[exp.And].msgid, sides)
    sides = {"left": _words(left, names), "right": _words(right, names)}
    return Message(PAIRS[type(node)].msgid, sides)


def _call(node: exp.Expr, names: Names) -> Message:
    name, values = str(node.this).lower(), [_words(each, names) for each in node.expressions]
    told: dict[str, object] = dict(zip(PLACES, values, strict=False))
    words = CALLS.get(name, ALL)
    if name == "part" and len(values) == len(PLACES):
        words = Message("%(third)s characters of %(first)s from character %(second)s on")
    if name == "round" and len(values) > 1:
        words = Message("%(first)s rounded to %(second)s decimals")
    return Message(words.msgid, told | {"all": _joined(values)})


def _joined(values: list[Message]) -> Message:
    if not values:
        return Message("%(text)s", {"text": ""})
    return reduce(
        lambda left, right: Message(
            "%(left)s%(mark)s%(right)s", {"left": left, "mark": SEPARATOR, "right": right}
        ),
        values,
    )


def _between(node: exp.Expr, names: Names) -> Message:
    parts = {"value": node.this, "low": node.args["low"], "high": node.args["high"]}
    told = {name: _words(part, names) for name, part in parts.items()}
    return Message("%(value)s lies between %(low)s and %(high)s", told)


def _among(node: exp.Expr, names: Names) -> Message:
    choices = _joined([_words(each, names) for each in node.expressions])
    words = {"value": _words(node.this, names), "choices": choices}
    return Message("%(value)s is one of (%(choices)s)", words)


def _is(node: exp.Expr, names: Names) -> Message:
    value = {"value": _words(node.this, names)}
    asked = node.args["expression"]
    if isinstance(asked, exp.Null):
        return Message("%(value)s is not filled in", value)
    return Message("%(value)s is %(truth)s", value | {"truth": _words(asked, names)})


def _not(node: exp.Expr, names: Names) -> Message:
    inner = node.this
    if isinstance(inner, exp.Is) and isinstance(inner.args["expression"], exp.Null):
        return Message("%(value)s is filled in", {"value": _words(inner.this, names)})
    return Message("it is not so that (%(inner)s)", {"inner": _words(_bare(inner), names)})


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _literal(node: exp.Expr, _names: Names) -> Message:
    text = {"text": str(node.this)}
    return Message("“%(text)s”", text) if node.is_string else Message("%(text)s", text)


_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_TOLD: tuple[
    tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr, Names], Message]], ...
] = (
    (exp.Column, lambda node, names: Message("“%(text)s”", {"text": names(node.name)})),
    (exp.Literal, _literal),
    (exp.Boolean, lambda node, _names: Message("yes") if node.this else Message("no")),
    (exp.Null, lambda _node, _names: Message("empty")),
    (exp.Paren, lambda node, names: Message("(%(inner)s)", {"inner": _words(node.this, names)})),
    (tuple(PAIRS), _pair),
    (exp.Not, _not),
    (exp.Neg, lambda node, names: Message("-%(value)s", {"value": _words(node.this, names)})),
    (exp.Between, _between),
    (exp.In, _among),
    (exp.Is, _is),
    (exp.Anonymous, _call),
)
