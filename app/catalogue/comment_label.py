"""What a database comment says: a label to head a column with, and the rest as help."""

import re

# A longer piece is a sentence, not a heading.
LONGEST_LABEL = 40
_CLOSING = {"(": ")", "（": "）", "[": "]", "［": "］", "【": "】", "{": "}", "<": ">", "〈": "〉"}
# Codes that are listed begin with a number ("sex 0: male 1: female"). A colon between digits is a
# time, before slashes an address; a full stop ends a sentence only where a blank follows, and after
# a bare number it belongs to a numbering ("1. name").
_END_OF_LABEL = re.compile(
    r"[\r\n\t]|[（(［\[【{〈<]|[;；,，。|｜]|\s[-–—]+\s|——"
    r"|(?<=[^\x00-\x7f])\s*(?=\d+\s*[:：=-])|\s(?=\d+\s*[:：=])"
    r"|：|(?<!\d):(?!//)|:(?!\d|//)|(?<=[^\d\s])\.\s"
)
_EDGES = " \t\r\n\u3000:：;；,，。.|｜-–—"
_SPACES = re.compile(r"\s+")


def label_and_help(comment: str | None, name: str) -> tuple[str, str]:
    """The label and the help of the column or table ``name`` with this comment.

    The label ends before the first bracket, colon, line or other mark; what follows is help. A
    comment without one gives the name, with blanks for underscores.
    """
    text = (comment or "").strip(_EDGES)
    lead, text = _leading_bracket(text)
    found = _END_OF_LABEL.search(text)
    label, rest = (text[: found.start()], text[found.start() :]) if found else (text, "")
    label = _SPACES.sub(" ", label).strip(_EDGES)
    help_text = " ".join(part for part in (lead, _without_brackets(rest)) if part)
    if not label:
        return (
            (help_text, "")
            if 0 < len(help_text) <= LONGEST_LABEL
            else (
                pretty(name),
                help_text,
            )
        )
    if len(label) > LONGEST_LABEL:
        return label[: LONGEST_LABEL - 1] + "…", _SPACES.sub(" ", (comment or "").strip())
    return label, help_text


def pretty(name: str) -> str:
    """A name as people read it: ``student_name`` → ``student name``; Chinese stays."""
    return _SPACES.sub(" ", name.replace("_", " ")).strip() or name


def _leading_bracket(text: str) -> tuple[str, str]:
    """What stands in brackets before anything else, and what follows them."""
    end = text.find(_CLOSING[text[0]]) if text and text[0] in _CLOSING else -1
    if end < 0:
        return "", text
    return text[1:end].strip(_EDGES), text[end + 1 :].strip(_EDGES)


def _without_brackets(rest: str) -> str:
    """The text without the mark it begins with and, where that is a bracket, without its end."""
    closing = _CLOSING.get(rest[:1])
    if closing:
        inside, found, after = rest[1:].partition(closing)
        rest = f"{inside.strip(_EDGES)} {after.strip(_EDGES)}" if found else inside
    return _SPACES.sub(" ", rest).strip(_EDGES)
