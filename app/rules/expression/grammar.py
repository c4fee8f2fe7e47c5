"""Reading the text of a condition: SQL's expressions without any of SQL's statements.

The parser knows no function by itself, so that every call arrives as a name with
arguments, and no statement but an expression. Full-width marks are read as plain ones.
"""

import re
from typing import Any, ClassVar, NoReturn

from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from app.domain.message import Message
from app.rules.expression.fault import ExpressionError, Fault

LONGEST = 2_000
MOST_NODES = 200
# One character for one, so that positions stay.
_PLAIN = str.maketrans("（），＋－×÷＊／＝＜＞　", "(),+-*/*/=<> ")
# What stands in quotation marks is a label or a text and is left as it is.
_QUOTED = re.compile("(\"[^\"]*\"|'[^']*')")
_CURLY = str.maketrans("“”‘’", "\"\"''")


class Conditions(Dialect):
    """The language: operators and calls, nothing else."""

    class Tokenizer(tokens.Tokenizer):
        """Signs that people type for the plain operators."""

        KEYWORDS: ClassVar[dict[str, TokenType]] = {
            **tokens.Tokenizer.KEYWORDS,
            "≥": TokenType.GTE,
            "≤": TokenType.LTE,
            "≠": TokenType.NEQ,
        }
        # Words that begin a statement elsewhere are names like others.
        COMMANDS: ClassVar[set[TokenType]] = set()

    class Parser(parser.Parser):
        """No statements and no functions of SQL."""

        FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {}
        STATEMENT_PARSERS: ClassVar[dict[Any, Any]] = {}


def plain(text: str) -> str:
    """The text with plain marks outside of quotation marks; every position stays."""
    parts = _QUOTED.split(text.translate(_CURLY))
    return "".join(
        part if index % 2 else part.translate(_PLAIN) for index, part in enumerate(parts)
    )


def outside_of_marks(text: str) -> str:
    """The text with blanks for what stands in quotation marks; every position stays."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def parse(text: str) -> exp.Expr:
    """The tree of one expression. Raises ExpressionError with the place of the fault."""
    if not text.strip():
        _refuse(
            Message(
                "There is no condition. Write what holds in every correct row, such as: new_books"
                " <= all_books"
            ),
            0,
            len(text),
        )
    if len(text) > LONGEST:
        _refuse(
            Message(
                "The condition is longer than %(count)s characters. Divide it into several rules.",
                {"count": LONGEST},
            ),
            LONGEST,
            len(text),
        )
    trees = _trees(plain(text))
    tree = trees[0] if len(trees) == 1 else None
    if tree is None:
        _refuse(
            Message("A rule is one condition without a semicolon. Join two of them with and."),
            0,
            len(text),
        )
    _refuse_large(tree, text)
    return tree


def place_of(node: exp.Expr, text: str) -> tuple[int, int]:
    """Where the node stands in the text; the whole text where nothing in it tells."""
    known = [each.meta for each in node.walk() if "start" in each.meta]
    if not known:
        return 0, len(text)
    start, end = min(meta["start"] for meta in known), max(meta["end"] for meta in known) + 1
    return start, _with_brackets(text, start, end)


def name_place(node: exp.Expr, text: str) -> tuple[int, int]:
    """Where the name of a call stands."""
    meta = node.meta
    return (meta["start"], meta["end"] + 1) if "start" in meta else place_of(node, text)


def _with_brackets(text: str, start: int, end: int) -> int:
    """``end`` moved behind the brackets that close what was opened since ``start``."""
    missing = text.count("(", start, end) - text.count(")", start, end)
    while missing > 0 and text[end:].lstrip().startswith(")"):
        end = text.index(")", end) + 1
        missing -= 1
    return end


def _trees(text: str) -> list[exp.Expr | None]:
    try:
        return Conditions().parse(text)
    except RecursionError:
        _refuse(_too_deep(), 0, len(text))
    except ParseError as error:
        told = error.errors[0] if error.errors else {}
        start = len(str(told.get("start_context") or ""))
        wrong = str(told.get("highlight") or "")
        # The context is cut off on the left where the text is long.
        start = max(text.rfind(wrong, 0, _offset(text, told) + 1), 0) if wrong else start
        _refuse(_unreadable(wrong), start, start + max(len(wrong), 1))
    except TokenError:
        start = max(text.rfind('"'), text.rfind("'"), 0)
        _refuse(
            Message("A quotation mark is not closed. Close it, or write the text without marks."),
            start,
            len(text),
        )


def _offset(text: str, told: dict[str, object]) -> int:
    """The position of the last character of what the parser could not read."""
    line, column = int(str(told.get("line") or 1)), int(str(told.get("col") or 1))
    before = sum(len(each) for each in text.splitlines(keepends=True)[: line - 1])
    return before + column - 1


def _unreadable(wrong: str) -> Message:
    if not wrong:
        return Message("The condition ends too early. Write what is missing.")
    return Message(
        "The condition cannot be read at “%(text)s”. Check the signs before and after it; labels"
        " stand in double quotation marks.",
        {"text": wrong},
    )


def _refuse_large(tree: exp.Expr, text: str) -> None:
    try:
        count = sum(1 for _node in tree.walk())
    except RecursionError:
        count = MOST_NODES + 1
    if count > MOST_NODES:
        _refuse(_too_deep(), 0, len(text))


def _too_deep() -> Message:
    return Message("The condition has too many parts. Divide it into several rules.")


def _refuse(message: Message, start: int, end: int) -> NoReturn:
    raise ExpressionError((Fault(message, start, end),))
