"""Codes and labels in a condition: stored are codes, people read and write labels.

Only names are replaced, found by the language's own tokenizer; all else stays as it was typed.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from app.rules.expression.grammar import Conditions, plain

# A label that may stand without quotation marks: the tokenizer reads it as one name.
BARE = re.compile(r"[^\W\d]\w*")
# A label with one of these cannot stand in quotation marks; its field keeps its code.
_MARKS = re.compile("[\"'“”‘’]")


def coded(text: str, codes: Mapping[str, str]) -> str:
    """The condition with codes for labels; ``codes`` are those of every label.

    What is no label stays, so that whoever reads it next can point at it.
    """

    def code(token: Token) -> str | None:
        is_quoted = token.token_type is TokenType.IDENTIFIER
        return codes.get(token.text) or (None if is_quoted else codes.get(token.text.lower()))

    return _renamed(text, code)


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """The condition with labels for codes; ``labels`` are those of every code."""

    def shown(token: Token) -> str | None:
        is_quoted = token.token_type is TokenType.IDENTIFIER
        label = labels.get(token.text if is_quoted else token.text.lower())
        return quote(label) if label is not None and is_quotable(label) else None

    return _renamed(text, shown)


def names_in(text: str) -> list[str]:
    """Every name in the condition, once each, in their order."""
    return list(dict.fromkeys(token.text for token in _names(text)))


def quote(label: str) -> str:
    """The label as it stands in a condition."""
    is_bare = BARE.fullmatch(label) and not label.isascii()
    return label if is_bare else f'"{label}"'


def is_quotable(label: str) -> bool:
    """Whether the label can stand in quotation marks at all."""
    return _MARKS.search(label) is None


def _renamed(text: str, other: Callable[[Token], str | None]) -> str:
    parts, end = [], 0
    for token in _names(text):
        name = other(token)
        if name is not None:
            parts += [text[end : token.start], name]
            end = token.end + 1
    return "".join([*parts, text[end:]])


def _names(text: str) -> Iterator[Token]:
    """Every name that is no function's; none of a text that cannot be taken apart."""
    try:
        tokens = Conditions().tokenize(plain(text))
    except TokenError:
        return
    for position, token in enumerate(tokens):
        follows = tokens[position + 1 : position + 2]
        is_call = bool(follows) and follows[0].token_type is TokenType.L_PAREN
        is_quoted = token.token_type is TokenType.IDENTIFIER
        is_word = token.token_type is not TokenType.STRING and BARE.fullmatch(token.text)
        if is_quoted or (is_word and not is_call):
            yield token
