"""Checks as databases write them: the closed lists of values among them, and SQLite's own."""

import re
from collections.abc import Iterator

from app.models.inspection.stored_type import values_in

_NAME = r"`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|\[[^\]]+\]|[^\W\d][\w$]*"
_CAST = r"(?:::[\w \"]+(?:\(\d+\))?(?:\[\])?)?"
_VALUE = rf"\(?(?:_\w+\s*)?'(?:[^'\\]|''|\\.)*'\)?{_CAST}"
_LIST = re.compile(
    rf"[(\s]*({_NAME})[)\s]*{_CAST}[)\s]*(?:IN\s*\(|=\s*ANY\s*\(+\s*ARRAY\s*\[)\s*"
    rf"({_VALUE}(?:\s*,\s*{_VALUE})*)\s*\]?[)\s]*{_CAST}[)\s]*",
    re.IGNORECASE | re.DOTALL,
)
# What is skipped as one piece when looking for a word or a bracket outside of quotes.
_PIECE = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|\w+|.",
    re.DOTALL,
)


def closed_list(check: str) -> tuple[str, tuple[str, ...]] | None:
    """The column and the texts of ``column IN ('a', 'b')``, None where a check says else."""
    found = _LIST.fullmatch(check)
    return (unquoted(found.group(1)), values_in(found.group(2))) if found else None


def unquoted(name: str) -> str:
    """A name without the quotes of SQL."""
    opening = name[:1]
    if opening in {'"', "`"}:
        return name[1:-1].replace(opening * 2, opening)
    return name[1:-1] if opening == "[" else name


def checks_in(definition: str) -> list[str]:
    """The conditions of every ``CHECK (…)`` in the text of a CREATE TABLE, as written."""
    pieces = list(_PIECE.finditer(definition))
    found = []
    for place, piece in enumerate(pieces):
        if piece.group().upper() == "CHECK":
            condition = _in_brackets(definition, iter(pieces[place + 1 :]))
            if condition:
                found.append(condition)
    return found


def _in_brackets(definition: str, pieces: Iterator[re.Match[str]]) -> str:
    """What stands between the first bracket and the one that closes it; "" for no bracket."""
    depth, start = 0, 0
    for piece in pieces:
        if piece.group() == "(":
            depth += 1
            start = start or piece.end()
        elif depth == 0 and not piece.group().isspace():
            return ""
        elif piece.group() == ")":
            depth -= 1
            if depth == 0:
                return definition[start : piece.start()].strip()
    return ""
