"""Words by the initials of their pinyin in SQL: every database looks with its own expressions.

SQLite has none; there the function is ours, and it is told the letters: handing over the long
pattern for every row would take many times as long as looking for it.
"""

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, cast, false, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.models.readable_text import readable
from app.rules.pinyin import initials_in, initials_pattern

FUNCTION = "statedata_reads_as"
ANYWHERE = "*"


def reads_as(
    text: ColumnElement[Any], typed: str, *, anywhere: bool = False
) -> ColumnElement[bool]:
    """Whether a text begins with characters whose pinyin has these initials, or has them.

    False where what was typed cannot be meant as initials.
    """
    letters = initials_in(typed)
    if letters is None:
        return false()
    pattern = initials_pattern(letters, anywhere=anywhere)
    # As text of the connection's character set: the pattern holds characters that others lack.
    return _ReadsAs(cast(text, Text), literal(pattern), literal(letters + ANYWHERE * anywhere))


def reads_as_in_python(letters: str, text: bytes | None) -> bool:
    """What SQLite asks for every row; ``letters`` end with a star where they may stand anywhere."""
    return text is not None and _expression(letters).search(readable(text)) is not None


@lru_cache(maxsize=64)
def _expression(letters: str) -> re.Pattern[str]:
    plain = letters.rstrip(ANYWHERE)
    return re.compile(initials_pattern(plain, anywhere=plain != letters))


class _ReadsAs(FunctionElement[bool]):
    """A text, the pattern for it and the letters the pattern was made of."""

    type = Boolean()
    inherit_cache = True


@compiles(_ReadsAs)
def _matched(element: _ReadsAs, compiler: SQLCompiler, **options: Any) -> str:
    text, pattern, _letters = element.clauses
    return compiler.process(text.regexp_match(pattern), **options)


@compiles(_ReadsAs, "sqlite")
def _asked(element: _ReadsAs, compiler: SQLCompiler, **options: Any) -> str:
    text, _pattern, letters = element.clauses
    asked, read = (compiler.process(each, **options) for each in (letters, text))
    # As bytes: the driver fails on texts that are not UTF-8.
    return f"{FUNCTION}({asked}, CAST({read} AS BLOB))"
