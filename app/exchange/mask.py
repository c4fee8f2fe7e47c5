"""Masks over personal data: only the ends of a masked value leave the platform."""

MASK = "****"
# From this length on both ends are shown, below it only the first character.
LONG = 8


def masked(value: object) -> str | None:
    """``110****0011`` of a long value, ``a****`` of a short one; None stays None."""
    if value is None:
        return None
    text = str(value)
    return f"{text[:3]}{MASK}{text[-4:]}" if len(text) >= LONG else f"{text[:1]}{MASK}"


def is_masked(value: object) -> bool:
    """Whether a cell holds what ``masked`` made: it then says nothing new."""
    return isinstance(value, str) and MASK in value
