"""The matrix of one role: base tables by chapter and the platform's pages, right by right."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.adopted_table import ADOPTED_ACTIONS
from app.access.labels import ACTIONS, RESOURCES
from app.access.permission import every_right, why_not_give_right
from app.access.roles import PLATFORM_RIGHTS, TABLE_ACTIONS, Pair
from app.catalogue.catalogue import Catalogue
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store
from app.reports.permission import RoleRights
from app.web.permission.labels import action_text
from app.web.translation import translated

SEPARATOR = "."
# The chapter of what is in no catalogue.
ADOPTED = "adopted"


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
    """One table or one part of the platform with its cells; None where a right does not exist.

    ``table`` is the identifier of a table, ``narrowed`` whether rows or masks are set for the role.
    """

    title: str
    cells: tuple[Cell | None, ...]
    table: str = ""
    narrowed: bool = False


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
                    shown.cell((action, spec.identifier), spec.title, translated(ACTIONS[action]))
                    for action in TABLE_ACTIONS
                ),
                spec.identifier,
                spec.identifier in shown.role.narrowed,
            )
            for spec in catalogue.tables.values()
            if spec.chapter == key
        )
        if lines:
            yield Chapter(key, title, lines)


def adopted_chapter(store: Store, shown: Shown) -> Chapter:
    """The tables that were there before us; nobody has rights on them until they are given here."""
    specs = sorted((live.spec for live in store.adopted.values()), key=lambda spec: spec.label)
    lines = tuple(
        Line(
            spec.label,
            tuple(
                shown.cell((action, spec.identifier), spec.label, translated(ACTIONS[action]))
                if action in ADOPTED_ACTIONS
                else None
                for action in TABLE_ACTIONS
            ),
            spec.identifier,
            spec.identifier in shown.role.narrowed,
        )
        for spec in specs
    )
    return Chapter(ADOPTED, str(_("Tables of other systems")), lines)


def platform_lines(shown: Shown) -> list[Line]:
    """The platform's own pages and steps."""
    return [
        Line(
            title,
            tuple(
                shown.cell(right, title, action_text(right))
                for right in PLATFORM_RIGHTS
                if right[1] == resource
            ),
        )
        for resource, title in _resources()
    ]


def _resources() -> list[tuple[str, str]]:
    return [(resource, translated(title)) for resource, title in RESOURCES.items()]


def rights_of_form(form: MultiDict[str, str], store: Store) -> frozenset[Pair]:
    """The rights that were ticked, changed as the button for a whole column asks.

    Raises Refused (invalid) for a right that the matrix does not show.
    """
    ticked = frozenset(_right(text) for text in form.getlist("right"))
    every = every_right(store)
    if not ticked <= every:
        raise Refused(Message("The form does not fit this page. Load it again."), Reason.INVALID)
    action, chapter, change = form.get("action", ""), form.get("chapter", ""), form.get("column")
    if change not in {"give", "take"}:
        return ticked
    names = {n for n, spec in store.catalogue.tables.items() if chapter in {"", spec.chapter}}
    # All chapters are those of the catalogue: other systems' tables are opened on purpose only.
    names |= set(store.adopted) if chapter == ADOPTED else set()
    column = frozenset((action, name) for name in names) & every
    return ticked | column if change == "give" else ticked - column


def _right(text: str) -> Pair:
    action, _, resource = text.partition(SEPARATOR)
    return action, resource
