"""What a heading may mean: by name, by names without remarks, by likeness."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from app.catalogue.base_table import FieldSpec, TableSpec
from app.exchange.heading import DEPARTMENT_NAMES, IGNORED_NAMES, fold, headings, names_of_fields

# A likeness below this is none; of one that holds the other, so much has to be held.
LEAST_LIKE = 0.6
LEAST_HELD = 2
# Comparing takes time; a sheet with more unknown columns is none of ours.
MOST_COMPARED = 100
_REMARK = re.compile(r"[(\[【<《].*?[)\]】>》]")


@dataclass(frozen=True)
class FieldNames:
    """The names of a table's fields, folded: ``exact`` ones and ``looser`` ones without remarks."""

    exact: Mapping[str, Sequence[str]]
    looser: Mapping[str, Sequence[str]]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class HeadingText:
    """What stands above a column: the heading, its group, and whether it reaches down to here.

    ``inherited`` is the text of a cell that is merged with those below it.
    """

    text: str
    group: str = ""
    inherited: str = ""


@dataclass
class Matches:
    """Column → field code of the columns that are known by name, and how each is known."""

    exact: dict[int, str] = field(default_factory=dict)
    looser: dict[int, str] = field(default_factory=dict)
    own: int = 0
    repeated: set[int] = field(default_factory=set)


def field_names(spec: TableSpec) -> FieldNames:
    """The names that headings of the table may have."""
    exact = names_of_fields(spec)
    looser: dict[str, list[str]] = {}
    for one in spec.fields:
        name = fold(one.label)
        bare = without_remark(name)
        if bare and bare not in exact and not one.unit:
            looser.setdefault(bare, []).append(one.code)
    texts = headings(spec)
    return FieldNames(exact, looser, {one.code: texts[one.code] for one in spec.fields})


def without_remark(name: str) -> str:
    """A folded name without what stands in brackets."""
    return _REMARK.sub("", name)


def match_names(line: Sequence[HeadingText], names: FieldNames, spec: TableSpec) -> Matches:
    """The columns whose headings name a field; the first column of a name has it."""
    found = Matches()
    taken: set[str] = set()
    for column, heading in enumerate(line):
        spellings = _spellings(heading)
        code = _first_free(spellings, names.exact, taken)
        if code is not None:
            found.exact[column] = code
            found.own += bool(heading.text)
            taken.add(code)
        elif any(spelling in names.exact for spelling in spellings) and heading.text:
            found.repeated.add(column)
    for column, heading in enumerate(line):
        name = fold(heading.text)
        if not name or column in found.exact or column in found.repeated or is_no_field(name):
            continue
        code = _looser(name, names, taken, spec)
        if code is not None:
            found.looser[column] = code
            taken.add(code)
    return found


def is_no_field(name: str) -> bool:
    """Whether a folded heading is one of those that go into no field."""
    return name in DEPARTMENT_NAMES or name in IGNORED_NAMES


def like(unknown: Mapping[int, str], free: Iterable[FieldSpec]) -> dict[int, str]:
    """Column → the field code its heading is most like; each field once, the most alike first."""
    fields = [(one.code, without_remark(fold(one.label))) for one in free]
    scores = [
        (score, column, code)
        for column, text in list(unknown.items())[:MOST_COMPARED]
        for code, label in fields
        if (score := likeness(without_remark(fold(text)), label)) >= LEAST_LIKE
    ]
    found: dict[int, str] = {}
    for _score, column, code in sorted(scores, key=lambda one: (-one[0], one[1])):
        if column not in found and code not in found.values():
            found[column] = code
    return found


def likeness(one: str, other: str) -> float:
    """How alike two folded names are, from 0 to 1; one that holds the other is quite alike."""
    if not one or not other:
        return 0.0
    shorter, longer = sorted((one, other), key=len)
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    if len(shorter) >= LEAST_HELD and shorter in longer:
        return max(ratio, LEAST_LIKE + 0.2 * len(shorter) / len(longer))
    return ratio


def _spellings(heading: HeadingText) -> list[str]:
    """What the heading may be called, with its group before the heading alone."""
    text, group = fold(heading.text), fold(heading.group)
    if not text:
        return [name] if (name := fold(heading.inherited)) else []
    if not group:
        return [text]
    return [f"{group}{text}", f"{text}{group}", f"{group}({text})", text]


def _first_free(
    spellings: Sequence[str], names: Mapping[str, Sequence[str]], taken: set[str]
) -> str | None:
    codes = (code for spelling in spellings for code in names.get(spelling, ()))
    return next((code for code in codes if code not in taken), None)


def _looser(name: str, names: FieldNames, taken: set[str], spec: TableSpec) -> str | None:
    """The field a heading means apart from remarks; a unit that may differ is no mere remark."""
    code = _first_free([name], names.looser, taken)
    bare = without_remark(name)
    if code is not None or not bare or bare == name:
        return code
    code = _first_free([bare], names.exact, taken) or _first_free([bare], names.looser, taken)
    return None if code is None or spec.by_code[code].unit else code
