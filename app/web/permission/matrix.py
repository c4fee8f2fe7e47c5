"""The matrix of one role: base tables by chapter and the platform's pages, right by right."""

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.access.permission import why_not_give_right
from app.access.roles import PLATFORM_RIGHTS, TABLE_ACTIONS, Pair
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused
from app.reports.permission import RoleRights
from app.web.permission.labels import ACTIONS, RESOURCES, action_text

SEPARATOR = "."


@dataclass(frozen=True)
class Cell:
    """One right of the role: ``differs`` from the role it is compared with, or from the default.

    ``name`` goes into the form, ``title`` says it in words; ``refusal`` is why it cannot be given.
    """

    name: str
    title: str
    action: str
    is_held: bool
    differs: bool
    refusal: Message | None


@dataclass(frozen=True)
class Line:
    """One base table or one part of the platform with its cells."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Chapter:
    """The lines of one chapter of the catalogue."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Shown:
    """What the matrix shows: the role, what is marked, and what was typed but refused."""

    role: RoleRights
    other: RoleRights | None
    typed: frozenset[Pair] | None = None

    def cell(self, right: Pair, title: str, action: str) -> Cell:
        """The cell of one right."""
        held = self.role.rights if self.typed is None else self.typed
        against = self.role.defaults if self.other is None else self.other.rights
        marks = self.other is not None or not self.role.line.is_by_hand
        return Cell(
            name=SEPARATOR.join(right),
            title=f"{title} · {action}",
            action=action,
            is_held=right in held,
            differs=marks and (right in held) != (right in against),
            refusal=why_not_give_right(self.role.line.name, right),
        )


def chapters_of(catalogue: Catalogue, shown: Shown) -> Iterator[Chapter]:
    """The base tables, chapter by chapter."""
    for key, title in catalogue.chapters.items():
        lines = tuple(
            Line(
                spec.title,
                tuple(
                    shown.cell((action, spec.identifier), spec.title, str(ACTIONS[action]))
                    for action in TABLE_ACTIONS
                ),
            )
            for spec in catalogue.tables.values()
            if spec.chapter == key
        )
        if lines:
            yield Chapter(key, title, lines)


def platform_lines(shown: Shown) -> list[Line]:
    """The platform's own pages and steps."""
    return [
        Line(
            str(title),
            tuple(
                shown.cell(right, str(title), action_text(right))
                for right in PLATFORM_RIGHTS
                if right[1] == resource
            ),
        )
        for resource, title in RESOURCES.items()
    ]


def every_right(catalogue: Catalogue) -> frozenset[Pair]:
    """All rights that the matrix shows."""
    tables = ((action, name) for name in catalogue.tables for action in TABLE_ACTIONS)
    return frozenset(tables) | frozenset(PLATFORM_RIGHTS)


def rights_of_form(form: MultiDict[str, str], catalogue: Catalogue) -> frozenset[Pair]:
    """The rights that were ticked, changed as the button for a whole column asks.

    Raises Refused (invalid) for a right that the matrix does not show.
    """
    ticked = frozenset(_right(text) for text in form.getlist("right"))
    if not ticked <= every_right(catalogue):
        raise Refused(Message("The form does not fit this page. Load it again."), Reason.INVALID)
    action, chapter, change = form.get("action", ""), form.get("chapter", ""), form.get("column")
    if change not in {"give", "take"}:
        return ticked
    column = frozenset(
        (action, name)
        for name, spec in catalogue.tables.items()
        if chapter in {"", spec.chapter} and action in TABLE_ACTIONS
    )
    return ticked | column if change == "give" else ticked - column


def _right(text: str) -> Pair:
    action, _, resource = text.partition(SEPARATOR)
    return action, resource
