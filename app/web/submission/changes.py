"""``/submissions/<id>/changes``: what changed since the last report, or against last year."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.exchange.cell import Column, columns_of
from app.exchange.mask import masked
from app.models.submission import Submission
from app.reports.difference import (
    Against,
    RowChange,
    RowDifference,
    read_difference,
    why_not_compare,
)
from app.rules.reading import text_of
from app.web.current import current_actor, current_session, current_store
from app.web.paging import paged
from app.web.translation import translated

CHANGES: Mapping[RowChange, LazyString] = {
    RowChange.ADDED: _("new row"),
    RowChange.REMOVED: _("row removed"),
    RowChange.CHANGED: _("row changed"),
    RowChange.SAME: _("row as it was"),
}
AGAINST: Mapping[Against, LazyString] = {
    Against.REPORT: _("Since the last report"),
    Against.YEAR: _("Against last year"),
}


@dataclass(frozen=True)
class ShownRow:
    """A row in words: where it stands, its key, and per field what stood and stands there."""

    change: RowChange
    number: int | None
    key: str
    cells: Sequence[tuple[str, str, str]]

    @property
    def words(self) -> LazyString:
        """What became of it."""
        return CHANGES[self.change]


def compares(submission: Submission) -> bool:
    """Whether the reader may see what changed in the rows of the submission."""
    stored = current_store().reported[submission.table_identifier]
    return why_not_compare(current_actor(), stored, submission.department_code) is None


def changes_page(number: int) -> str:
    """The rows that differ, in pages; ``show=all`` shows the others, too."""
    session, store, actor = current_session(), current_store(), current_actor()
    against = Against.YEAR if request.args.get("against") == Against.YEAR else Against.REPORT
    shows_all = request.args.get("show") == "all"
    page = read_difference(session, store, actor, number, against, shows_all=shows_all)
    columns = {
        column.field.code: column
        for column in columns_of(store.catalogue, page.spec, translated, unmasked=True)
    }
    shown = paged(range(page.total), request.args)
    rows = page.rows(shown.first - 1, len(shown.lines))
    return render_template(
        "submission/changes.html",
        page=page,
        submission=page.submission,
        against=against,
        choices=AGAINST,
        shows_all=shows_all,
        paged=shown,
        rows=[_shown(columns, page.hidden, row) for row in rows],
    )


def _shown(columns: Mapping[str, Column], hidden: Collection[str], row: RowDifference) -> ShownRow:
    def words(code: str, value: object) -> str:
        if value is None:
            return ""
        return (masked(value) if code in hidden else text_of(columns[code].show(value))) or ""

    return ShownRow(
        change=row.change,
        number=row.number,
        key=" · ".join(words(code, value) or "—" for code, value in row.key.items()),
        cells=[
            (
                columns[cell.field.code].heading,
                words(cell.field.code, cell.before),
                words(cell.field.code, cell.after),
            )
            for cell in row.cells
        ],
    )


def counts_text(submission: Submission) -> str:
    """How much changed since the last report, as lists say it; empty for the first report."""
    counts = submission.change_counts
    if counts is None:
        return ""
    parts = [
        (
            counts["changed"],
            _(
                "changed %(count)s rows, %(cells)s cells",
                cells=counts["cells"],
                count=counts["changed"],
            ),
        ),
        (counts["added"], _("added %(count)s rows", count=counts["added"])),
        (counts["removed"], _("removed %(count)s rows", count=counts["removed"])),
    ]
    told = [str(words) for count, words in parts if count]
    return "，".join(told) or str(_("nothing changed"))
