"""How enumerations are stored: as their lower-case words."""

from enum import StrEnum

from sqlalchemy import Enum


def stored(words: type[StrEnum]) -> Enum:
    """A column type that keeps the words as text and refuses others on load.

    No CHECK on the list of words: a later release adds one without DDL.
    """
    return Enum(
        words,
        native_enum=False,
        length=32,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )
