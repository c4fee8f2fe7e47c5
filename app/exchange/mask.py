"""Masks over personal data: only the ends of a masked value leave the platform."""

import re

MASK = "****"
# The whole of what ``masked`` makes.
MASKED = r"^(?s:.{3}\*{4}.{4}|\*{4})$"
# From this length on the ends of a text are shown; of anything shorter, of codes and of dates
# even one character would tell too much.
LONG = 8


def masked(value: object) -> str | None:
    """``110****0011`` of a long text, ``****`` of anything else; None stays None."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) < LONG:
        return MASK
    return f"{value[:3]}{MASK}{value[-4:]}"


def is_masked(value: object) -> bool:
    """Whether a cell holds what ``masked`` made: it then says nothing new."""
    return isinstance(value, str) and MASK in value


def looks_masked(value: object) -> bool:
    """Whether the cell of a field that is not personal is masked for whoever had the file.

    Somebody else may send it back, for whom nothing is masked.
    """
    return isinstance(value, str) and re.match(MASKED, value) is not None
