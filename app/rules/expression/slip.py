"""What people commonly write by mistake, told as the mistake it is and at its own place.

Only asked once a condition cannot be used: what the parser stumbles over is often the next word,
and no part of it says what was meant.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from app.domain.message import Message
from app.rules.expression.fault import Fault
from app.rules.expression.grammar import Conditions, outside_of_marks, plain
from app.rules.expression.naming import BARE, is_quotable
from app.rules.expression.spoken import SIGNS, SPOKEN

CALCULATING = frozenset("+-*/")
COMPARING = frozenset({"=", "==", "<>", "!=", "<", "<=", ">", ">=", "≥", "≤", "≠"})
KNOWN_SIGNS = CALCULATING | COMPARING | frozenset("(),.;")
# What a condition cannot end with.
GOES_ON = CALCULATING | COMPARING | {"and", "or", "not", "in", "between", "is", "like"}
TEXTS = frozenset({TokenType.STRING, TokenType.IDENTIFIER, TokenType.NUMBER})
_NOTE = re.compile(r"--|/\*")
_LONGEST_FIRST = sorted(SPOKEN, key=len, reverse=True)


def slips(text: str, names: Collection[str]) -> tuple[Fault, ...]:
    """The first kind of mistake that there is; ``names`` are those of all fields and figures."""
    written = plain(text)
    try:
        tokens = Conditions().tokenize(written)
    except TokenError:
        return ()
    labels = list(_bare_labels(written, names))
    # What stands in a label is none of the condition's own words.
    own = [token for token in tokens if not any(f.start <= token.start < f.end for f in labels)]
    kinds = (
        _note(written, tokens),
        [*labels, *_words_and_signs(own, names)],
        _brackets(tokens),
        _end(tokens),
    )
    return next((found for found in map(tuple, kinds) if found), ())


def _note(written: str, tokens: Sequence[Token]) -> Iterator[Fault]:
    found = _NOTE.search(written)
    if found and not tokens:
        yield Fault(
            Message(
                "What follows “%(sign)s” is a note and no condition. Take the sign out.",
                {"sign": found[0]},
            ),
            found.start(),
            len(written),
        )


def _bare_labels(written: str, names: Collection[str]) -> Iterator[Fault]:
    """Names with brackets or other signs that stand without quotation marks."""
    done = 0
    marked = sorted((n for n in names if not BARE.fullmatch(n) and is_quotable(n)), key=len)
    shown = {plain(name): name for name in marked}
    if not shown:
        return
    # Of two names that begin alike the longer one is meant.
    choices = "|".join(re.escape(name) for name in reversed(shown))
    for found in re.finditer(rf"(?<!\w)(?:{choices})(?!\w)", outside_of_marks(written)):
        if found.start() >= done:
            done = found.end()
            message = Message(
                "Put the name in double quotation marks: %(name)s",
                {"name": f'"{shown[found[0]]}"'},
            )
            yield Fault(message, *found.span())


def _words_and_signs(tokens: Sequence[Token], names: Collection[str]) -> Iterator[Fault]:
    skipped = -1
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.token_type in TEXTS or token.start <= skipped:
            continue
        if any(sign.isalnum() for sign in token.text):
            yield from _word(token, names)
            continue
        sign, end = token.text, token.end
        if following is not None and following.start == end + 1:
            # Signs of two characters that the language does not know come one by one.
            both = sign + following.text
            if both in SIGNS or both == "**":
                sign, end, skipped = both, following.end, following.end
        if sign in SIGNS:
            yield Fault(_written_as(sign, SIGNS[sign]), token.start, end + 1)
        elif sign not in KNOWN_SIGNS:
            message = Message(
                "The sign “%(sign)s” is not known. There are + - * / for calculating and"
                " = <> < <= > >= for comparing.",
                {"sign": sign},
            )
            yield Fault(message, token.start, end + 1)


def _word(token: Token, names: Collection[str]) -> Iterator[Fault]:
    """A spoken word, be it alone or written together with a name or a number."""
    if token.text in names or token.text.lower() in names:
        return
    if token.token_type is TokenType.LIKE:
        message = Message("Write contains(…), starts_with(…) or ends_with(…) in place of like.")
        yield Fault(message, token.start, token.end + 1)
        return
    if token.token_type is TokenType.CASE:
        yield Fault(no_branches(), token.start, token.end + 1)
        return
    for word in _LONGEST_FIRST:
        before, found, after = token.text.partition(word)
        if found and (not before or before in names) and (after.isdigit() or after in {"", *names}):
            start = token.start + len(before)
            yield Fault(_written_as(word, SPOKEN[word]), start, start + len(word))
            return


def no_branches() -> Message:
    """What is said to whoever asks for if or case."""
    return Message(
        "A condition has no branches. For “if A, then B” write: not (A) or (B)",
    )


def _written_as(word: str, sign: str) -> Message:
    return Message("Write %(sign)s for “%(word)s”.", {"sign": sign, "word": word})


def _brackets(tokens: Sequence[Token]) -> Iterator[Fault]:
    open_ones: list[Token] = []
    for token in tokens:
        if token.token_type is TokenType.L_PAREN:
            open_ones.append(token)
        elif token.token_type is TokenType.R_PAREN:
            if not open_ones:
                message = Message(
                    "No opening bracket belongs to this one. Take it out, or write the other one."
                )
                yield Fault(message, token.start, token.end + 1)
                return
            open_ones.pop()
    if open_ones:
        message = Message(
            "A closing bracket is missing: %(count)s of the opened ones are not closed.",
            {"count": len(open_ones)},
        )
        yield Fault(message, open_ones[0].start, open_ones[0].end + 1)


def _end(tokens: Sequence[Token]) -> Iterator[Fault]:
    last = tokens[-1] if tokens else None
    if last is not None and last.token_type not in TEXTS and last.text.lower() in GOES_ON:
        message = Message(
            "The condition ends with “%(text)s”. Write what follows it.", {"text": last.text}
        )
        yield Fault(message, last.start, last.end + 1)
