"""An adopted table as somebody has opened it: its rows, what may be done with them, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.adopted_table import (
    LIMITED,
    WRITES,
    why_not_read_adopted,
    why_not_write_adopted,
)
from app.access.policies import why_not_read
from app.catalogue.adopted_label import label_column
from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind, Verdict
from app.domain.message import Message, Reason, Refused, refuse
from app.exchange.mask import masked
from app.models.adopted_row import AdoptedRow
from app.models.adopted_table import LiveTable
from app.models.reported_table import usual_values
from app.reports.adopted_table import (
    AdoptedPage,
    AdoptedRequest,
    find_adopted,
    list_adopted,
    read_adopted_rows,
)
from app.reports.reported_place import why_row_locked
from app.web.adopted_table.reported_place import EVERY_PERIOD, open_reported, shown_place
from app.web.base_table.open_table import OpenTable, asked, asked_page, asked_search
from app.web.current import current_actor, current_session, current_store
from app.web.translation import translated

PAGE_SIZE = 25
MOST_COLUMNS = 4
NOTHING = "—"
UNITS = ("B", "KB", "MB", "GB")


@dataclass(frozen=True)
class OpenAdopted:
    """One adopted table with the rights of whoever asks.

    ``reported`` is the place whose rows are shown of a table that is reported, None where it is
    shown as a whole; ``locked`` is why its one row that is open may not change.
    """

    live: LiveTable
    reported: OpenTable | None = None
    locked: Message | None = None

    @property
    def spec(self) -> AdoptedTable:
        """What its file says of the table."""
        return self.live.spec

    @cached_property
    def rights(self) -> Mapping[str, Message | None]:
        """Why each of add, edit, delete and export may not be done; None where it may."""
        actor = current_actor()
        if self.reported is not None:
            return self.reported.rights
        writes = {
            action: why_not_write_adopted(actor, self.live, action) or self.locked
            for action in WRITES
        }
        return writes | {"export": why_not_read_adopted(actor, self.live, "export")}

    def may(self, action: str) -> bool:
        """Whether the action may be done."""
        return self.rights[action] is None

    @property
    def may_write(self) -> bool:
        """Whether anything may be changed."""
        return any(self.may(action) for action in WRITES)

    def why_not(self, *actions: str) -> str | None:
        """The reason against every one of the actions, None when one of them may be done."""
        reasons = [self.rights[action] for action in actions]
        return translated(reasons[0]) if all(reasons) and reasons[0] is not None else None

    @property
    def verdict_text(self) -> str:
        """What may be done with rows at all, in a word; empty where everything may."""
        words = {Verdict.READ_ONLY: _("Read only"), Verdict.INSERT_ONLY: _("New rows only")}
        return str(words.get(self.spec.verdict, ""))

    @property
    def verdict_reason(self) -> str:
        """Why rows cannot be changed, whoever asks."""
        reason = LIMITED.get(self.spec.why_limited)
        return "" if reason is None else translated(reason)

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of another page of the same table."""
        values: dict[str, Any] = {"table": self.spec.identifier, **self.carried, **more}
        return url_for(f"DataView.{endpoint}", **values)

    def file_address(self, name: str) -> str:
        """The address of a file of the table: ``export.xlsx``, ``export.csv``."""
        place = {} if self.reported is None else self.carried
        query = f"?{urlencode(place)}" if place else ""
        return f"/api/v1/data/{self.spec.identifier}/{name}{query}"

    @property
    def carried(self) -> Mapping[str, str]:
        """Period and department as they are carried from page to page."""
        if self.reported is not None:
            return self.reported.parameters()
        return {"period": EVERY_PERIOD} if self.is_reported else {}

    @property
    def usual(self) -> Mapping[str, str]:
        """What a new row gets in the columns that tell its place."""
        if self.reported is None:
            return {}
        return usual_values(self.live, self.reported.place.period.code, self.reported.department)

    def reason_against(self, action: str) -> Reason:
        """Of which kind the reason against a write is."""
        by_right = why_not_write_adopted(current_actor(), self.live, action)
        return Reason.LOCKED if by_right is None else Reason.FORBIDDEN

    def at_row(self, values: Mapping[str, object]) -> "OpenAdopted":
        """The table as it is opened at the place of one row; as a whole where that is none."""
        period, department = self.spec.place_of(values) or (EVERY_PERIOD, None)
        try:
            reported = open_reported(self.live, period, department)
        except Refused:
            reported = None
        locked = why_row_locked(current_session(), self.live, values)
        return replace(self, reported=reported, locked=locked)

    @property
    def is_reported(self) -> bool:
        """Whether departments report the table."""
        return self.spec.identifier in current_store().of_others

    @property
    def titles(self) -> tuple[AdoptedColumn, ...]:
        """The columns that name a row: its key, else the first one shown, and its label."""
        key = tuple(column for column in self.spec.shown if column.code in self.spec.key)
        first = key or self.spec.shown[:1]
        label = label_column(self.spec)
        if label is None or label in first or label not in self.spec.shown:
            return first
        return (*first, label)

    @property
    def telling(self) -> tuple[AdoptedColumn, ...]:
        """The first short columns besides the title."""
        long = {ColumnKind.TEXT, ColumnKind.BINARY, ColumnKind.OPAQUE, ColumnKind.JSON}
        rest = [c for c in self.spec.shown if c not in self.titles and c.kind not in long]
        return tuple(rest[:MOST_COLUMNS])

    def title_of(self, row: AdoptedRow) -> str:
        """What a row is called."""
        return " · ".join(cell_text(column, row.values[column.code]) for column in self.titles)


def open_adopted(table: str) -> OpenAdopted:
    """The adopted table of the address. Raises Refused."""
    live = find_adopted(current_store(), table, current_actor())
    refuse(why_not_read_adopted(current_actor(), live))
    return OpenAdopted(live, open_reported(live, asked("period"), asked("department")))


def adopted_page(table: str) -> ResponseReturnValue:
    """The grid, and on phones the rows as a list."""
    opened, search, page = open_adopted(table), asked_search(), asked_page()
    wanted = AdoptedRequest(
        search=search,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        place=shown_place(opened.reported),
    )
    read = read_adopted_rows(current_session(), opened.live, current_actor(), wanted)
    return render_template(
        "adopted_table/grid.html",
        opened=opened,
        search=search,
        read=read,
        lines=_lines(opened, read),
        page=page,
    )


def adopted_choices() -> Sequence[tuple[str, list[AdoptedTable]]]:
    """The adopted tables one may read, under the headings of their groups."""
    groups: dict[str, list[AdoptedTable]] = {}
    store, actor = current_store(), current_actor()
    for spec in list_adopted(store, actor):
        reported = store.of_others.get(spec.identifier)
        if reported is not None and why_not_read(actor, reported) is None:
            # It stands among the tables that are reported.
            continue
        groups.setdefault(spec.group or str(_("Tables of other systems")), []).append(spec)
    return list(groups.items())


def cell_text(column: AdoptedColumn, value: object) -> str:
    """A value as people read it; a masked one with its ends only."""
    if value is None or value == "":
        return NOTHING
    if column.masked:
        return str(masked(value))
    if column.kind is ColumnKind.BINARY and isinstance(value, int):
        return size_text(value)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value)


def size_text(count: int) -> str:
    """A number of bytes in the largest unit that leaves a number above one."""
    size, unit = float(count), 0
    while size >= 1024 and unit < len(UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:.0f} {UNITS[unit]}" if unit == 0 else f"{size:.1f} {UNITS[unit]}"


def _lines(opened: OpenAdopted, read: AdoptedPage) -> list[tuple[str, str, list[str]]]:
    """Address, title and some values of each row; without an address where it has no id."""
    return [
        (
            opened.address("row", row=row.id) if row.id else "",
            opened.title_of(row),
            [cell_text(column, row.values[column.code]) for column in opened.telling],
        )
        for row in read.rows
    ]
