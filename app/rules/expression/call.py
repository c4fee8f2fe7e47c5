"""Calls of functions in conditions: do the arguments fit, and what comes of them."""

from collections.abc import Mapping
from difflib import get_close_matches

from sqlglot import exp

from app.domain.message import Message
from app.rules.expression.builder import Builder, fitting
from app.rules.expression.functions import BY_NAME, Function
from app.rules.expression.kinds import KIND_NAMES, UNKNOWN, Kind, Value
from app.rules.expression.slip import no_branches
from app.rules.finding_messages import COMMA


def build_call(builder: Builder, node: exp.Expr) -> Value:
    """The value of a call, unknown with a fault where the function or an argument is wrong."""
    name = str(node.this).lower()
    function = BY_NAME.get(name)
    if function is None:
        return builder.fault_of_name(node, _unknown(name))
    arguments = node.expressions
    if not _is_count_right(function, len(arguments)):
        return builder.fault_of_name(
            node,
            Message(
                "%(name)s takes another number of values. Write it like: %(example)s",
                {"name": function.name, "example": function.example},
            ),
        )
    if function.same:
        return _of_one_kind(builder, node, function)
    values = [
        _argument(builder, function, position, each) for position, each in enumerate(arguments)
    ]
    if any(value.kind is Kind.UNKNOWN for value in values):
        return UNKNOWN
    return Value(function.gives, function.build(*(value.built for value in values)))


def _is_count_right(function: Function, count: int) -> bool:
    return function.fewest <= count and (function.repeats or count <= len(function.takes))


def _argument(builder: Builder, function: Function, position: int, node: exp.Expr) -> Value:
    wanted = function.takes[min(position, len(function.takes) - 1)]
    value = builder.value(node)
    fits = value.kind in {wanted, Kind.UNKNOWN}
    if fits or (wanted is Kind.DATE and value.kind is Kind.MONTH):
        return value
    return builder.fault(
        node,
        Message(
            "%(name)s needs %(wanted)s here, and “%(text)s” is %(kind)s. Write it like:"
            " %(example)s",
            {
                "name": function.name,
                "wanted": KIND_NAMES[wanted],
                "text": builder.words(node),
                "kind": KIND_NAMES[value.kind],
                "example": function.example,
            },
        ),
    )


def _of_one_kind(builder: Builder, node: exp.Expr, function: Function) -> Value:
    """All arguments and the result have the kind of the first one."""
    first_node, *others = node.expressions
    first = builder.value(first_node)
    built = [first.built]
    kind = first.kind
    for other in others:
        left, right = fitting(builder, node, (first_node, first), (other, builder.value(other)))
        if Kind.UNKNOWN in (left.kind, right.kind):
            return UNKNOWN
        # A date beside a month is compared by its month.
        kind = left.kind
        built[0] = left.built
        built.append(right.built)
    return Value(kind, function.build(*built), first.codes)


# A word that is farther away is no slip of the pen: its writer is told what there is.
NEAR = 0.7


BRANCHES = frozenset({"if", "iif", "ifs", "case"})
# What other programs calculate over several rows.
OVER_ROWS = frozenset({"sum", "count", "avg", "average", "sumif", "countif", "median", "vlookup"})
# What is called otherwise here.
CALLED: Mapping[str, str] = {
    "max": "greatest",
    "min": "least",
    "len": "length",
    "left": "part",
    "right": "part",
    "mid": "part",
    "substr": "part",
    "substring": "part",
    "ifnull": "coalesce",
    "nvl": "coalesce",
    "isnull": "coalesce",
}


def _unknown(name: str) -> Message:
    if name in OVER_ROWS:
        return Message(
            "There is no function %(name)s: a condition looks at one row. What is counted or summed"
            " up over several rows is a figure: add it under “Figures from other rows, tables and"
            " years” and use its name here.",
            {"name": name},
        )
    if name in BRANCHES:
        return no_branches()
    if name in CALLED:
        return Message(
            "There is no function %(name)s. Here it is %(other)s: %(example)s",
            {
                "name": name,
                "other": CALLED[name],
                "example": BY_NAME[CALLED[name]].example,
            },
        )
    near = get_close_matches(name, list(BY_NAME), n=1, cutoff=NEAR)
    if near:
        return Message(
            "There is no function %(name)s. Do you mean %(near)s?", {"name": name, "near": near[0]}
        )
    return Message(
        "There is no function %(name)s. There are: %(names)s.",
        {"name": name, "names": COMMA.join(BY_NAME)},
    )
