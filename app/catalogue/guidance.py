"""The notes of a chapter (项目内涵与注释, 第九条): what has to be read before filling in.

Notes are told by place: ``course`` for a table, ``course.hours`` for one of its fields. Official
answers that define something anew belong to the note of their place.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue

Notes = Mapping[str, str]
NO_ANSWERS: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class NoteChange:
    """A note that changed; ``before`` is empty for a new one, ``after`` for one that is gone."""

    place: str
    before: str
    after: str


def place_of(table: str, field: str = "") -> str:
    """The place of a note."""
    return f"{table}.{field}" if field else table


def tables_of(catalogue: Catalogue, chapter: str) -> list[TableSpec]:
    """The tables of the chapter that are reported, in printed order."""
    return [spec for spec in catalogue.reported.values() if spec.chapter == chapter]


def notes_of(
    catalogue: Catalogue, chapter: str, answers: Mapping[str, Sequence[str]] = NO_ANSWERS
) -> dict[str, str]:
    """Place → note of every table and field of the chapter that has one."""
    found: dict[str, str] = {}
    for spec in tables_of(catalogue, chapter):
        places = {place_of(spec.identifier): spec.guidance}
        places |= {place_of(spec.identifier, f.code): f.guidance for f in spec.fields}
        for place, note in places.items():
            text = "\n".join(part for part in (note, *answers.get(place, ())) if part)
            if text:
                found[place] = text
    return found


def digest_of(notes: Notes) -> str:
    """What names a version of the notes: the SHA-256 of their texts by place."""
    told = json.dumps(notes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def changes_between(before: Notes, after: Notes) -> list[NoteChange]:
    """What is new, other or gone, in the order of ``after``."""
    places = [*after, *(place for place in before if place not in after)]
    return [
        NoteChange(place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place) != after.get(place)
    ]
