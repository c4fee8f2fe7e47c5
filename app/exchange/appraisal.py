"""The workbook of an appraisal: the panel with formulas, the counted events, the scheme.

Sums, totals and ranks are formulas over the scores of the items; their values
are stored with them, so that readers that do not calculate see the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from app.catalogue.appraisal import CriterionSpec, Scheme
from app.catalogue.catalogue import Catalogue
from app.domain.appraisal import AppraisalStatus
from app.domain.labels import label
from app.domain.message import Message
from app.exchange.cell import NO, YES, Translate
from app.exchange.sheet import OPTIONAL_COLOUR, column_letters, heading_format, sheet_name
from app.exchange.workbook_file import workbook_file
from app.models.evidence import Evidence
from app.reports.appraisal import DepartmentLine, Panel, why_missed

# Rows of the panel, counted from 0.
CRITERION_ROW, ITEM_ROW, WEIGHT_ROW, FIRST_ROW = 2, 3, 4, 5
FIRST_COLUMN = 2
# What stands in a cell that does not apply; formulas look for it.
NONE = "—"
CHART_SIZE = {"width": 960, "height": 420}
EVENT_HEADINGS = (
    (Message("Department"), 22),
    (Message("Item"), 34),
    (Message("Table"), 34),
    (Message("What was counted"), 60),
    (Message("Amount"), 10),
    (Message("Costs points"), 10),
    (Message("Submission"), 18),
)
SCHEME_HEADINGS = (
    (Message("Criterion"), 30),
    (Message("Item"), 34),
    (Message("Weight"), 8),
    (Message("How it is scored"), 70),
    (Message("Evidence"), 30),
)


@dataclass(frozen=True)
class _Columns:
    """Where things stand on the panel: item columns, sums by criterion, and the last columns."""

    items: dict[str, int]
    sums: tuple[int, ...]

    @property
    def reached(self) -> int:
        """The sum of the criteria before the bonus; those after it follow."""
        return self.sums[-1] + 1

    @property
    def bonus(self) -> int:
        """The bonus."""
        return self.reached + 1

    @property
    def total(self) -> int:
        """The total."""
        return self.reached + 2

    @property
    def is_ranked(self) -> int:
        """Whether the department is ranked."""
        return self.reached + 3

    @property
    def rank(self) -> int:
        """The rank in the group."""
        return self.reached + 4

    @property
    def grade(self) -> int:
        """The grade."""
        return self.reached + 5

    @property
    def remark(self) -> int:
        """Why a tie cost a grade."""
        return self.reached + 6


@dataclass(frozen=True)
class _Work:
    book: Workbook
    sheet: Worksheet
    panel: Panel
    columns: _Columns
    translate: Translate
    points: Format

    @property
    def scheme(self) -> Scheme:
        """The scheme the scores were made with."""
        return self.panel.scheme

    @property
    def last_row(self) -> int:
        """The row of the last department."""
        return FIRST_ROW + len(self.panel.lines) - 1


def appraisal_workbook(
    panel: Panel,
    evidence: Evidence,
    catalogue: Catalogue,
    *,
    translate: Translate,
    now: datetime,
) -> IO[bytes]:
    """An open temporary file with the .xlsx, at its beginning."""
    title = translate(Message("Appraisal of %(year)s", {"year": panel.year.year}))
    taken: set[str] = set()
    with workbook_file(title, now) as (target, book):
        sheet = book.add_worksheet(sheet_name(translate(Message("Scores")), taken))
        points = book.add_format({"num_format": "0.00"})
        work = _Work(book, sheet, panel, _columns(panel.scheme), translate, points)
        _write_panel(work, title)
        events = book.add_worksheet(sheet_name(translate(Message("Counted events")), taken))
        _write_events(work, events, evidence, catalogue)
        rules = book.add_worksheet(sheet_name(translate(Message("Scheme")), taken))
        _write_scheme(work, rules)
    return target


def _columns(scheme: Scheme) -> _Columns:
    items: dict[str, int] = {}
    sums = []
    column = FIRST_COLUMN
    for criterion in scheme.criteria:
        for item in criterion.items:
            items[item.identifier] = column
            column += 1
        sums.append(column)
        column += 1
    return _Columns(items, tuple(sums))


def _write_panel(work: _Work, title: str) -> None:
    sheet, appraisal = work.sheet, work.panel.year.appraisal
    sheet.write_string(0, 0, title, work.book.add_format({"bold": True, "font_size": 14}))
    if appraisal is not None:
        told = {"status": label(appraisal.status), "digest": appraisal.scheme_digest[:12]}
        sheet.write_string(1, 0, work.translate(Message("%(status)s, scheme %(digest)s", told)))
    _write_headings(work)
    for position, line in enumerate(work.panel.lines):
        _write_line(work, FIRST_ROW + position, line)
    sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 12)
    sheet.set_column(work.columns.remark, work.columns.remark, 40)
    _add_chart(work)


def _write_headings(work: _Work) -> None:
    sheet, columns, scheme = work.sheet, work.columns, work.scheme
    look = heading_format(work.book, OPTIONAL_COLOUR)
    sheet.set_row(ITEM_ROW, 78)
    for criterion, column in zip(scheme.criteria, columns.sums, strict=True):
        first = columns.items[criterion.items[0].identifier]
        sheet.merge_range(CRITERION_ROW, first, CRITERION_ROW, column, criterion.name, look)
    names = {0: Message("Department"), 1: Message("Group")}
    names |= {column: Message("Sum") for column in columns.sums}
    names[columns.reached] = Message("Sum of the criteria")
    names[columns.bonus], names[columns.total] = Message("Bonus"), Message("Total")
    names[columns.is_ranked] = Message("Is ranked")
    names[columns.rank], names[columns.grade] = Message("Rank in the group"), Message("Grade")
    names[columns.remark] = Message("Remark on the grade")
    texts = {column: work.translate(name) for column, name in names.items()}
    for identifier, column in columns.items.items():
        texts[column] = f"{identifier} {scheme.items[identifier].name}"
    for column in sorted(texts):
        sheet.write_string(ITEM_ROW, column, texts[column], look)
    weights = {columns.items[name]: item.weight for name, item in scheme.items.items()}
    weights |= dict(zip(columns.sums, (one.weight for one in scheme.criteria), strict=True))
    weights |= {columns.bonus: scheme.bonus_maximum, columns.total: scheme.full_score}
    sheet.write_string(WEIGHT_ROW, 0, work.translate(Message("Weight")))
    for column in sorted(weights):
        sheet.write_number(WEIGHT_ROW, column, weights[column])


def _write_line(work: _Work, row: int, line: DepartmentLine) -> None:
    sheet, columns, standing = work.sheet, work.columns, line.standing
    sheet.write_string(row, 0, line.result.department_name)
    sheet.write_string(row, 1, line.result.group_name)
    for criterion, column, found in zip(
        work.scheme.criteria, columns.sums, standing.sum.criteria, strict=True
    ):
        for item in criterion.items:
            _write_points(work, row, columns.items[item.identifier], line, item.identifier)
        _formula(work, row, column, _sum_formula(work, criterion, column, row), found.total)
    _formula(work, row, columns.reached, _reached_formula(work, row), standing.sum.total)
    sheet.write_number(row, columns.bonus, line.result.bonus, work.points)
    reached, bonus = _at(columns.reached, row), _at(columns.bonus, row)
    total = f'=IF({reached}="{NONE}","{NONE}",MIN({reached}+{bonus},{_weight(columns.total)}))'
    _formula(work, row, columns.total, total, standing.total)
    ranked = YES if line.code not in work.scheme.unranked else NO
    sheet.write_string(row, columns.is_ranked, work.translate(ranked))
    if _is_final(work.panel):
        rank = None if standing.rank is None else Decimal(standing.rank)
        _formula(work, row, columns.rank, _rank_formula(work, row), rank, whole=True)
    elif standing.rank is not None:
        sheet.write_number(row, columns.rank, standing.rank)
    else:
        sheet.write_string(row, columns.rank, NONE)
    sheet.write_string(row, columns.grade, standing.grade or NONE)
    why = why_missed(standing)
    if why is not None:
        sheet.write_string(row, columns.remark, work.translate(why))


def _is_final(panel: Panel) -> bool:
    """Whether ranks mean anything: all departments are there with all their scores."""
    appraisal = panel.year.appraisal
    is_published = appraisal is not None and appraisal.status is AppraisalStatus.PUBLISHED
    return panel.is_whole and (is_published or not panel.pending)


def _write_points(work: _Work, row: int, column: int, line: DepartmentLine, name: str) -> None:
    """Points as a number; what does not apply or is still open as a word."""
    cell, item = line.cells.get(name), work.scheme.items[name]
    points = None if cell is None else cell.points(item)
    if cell is not None and cell.is_pending:
        work.sheet.write_string(row, column, work.translate(Message("awaits a score")))
    elif points is None:
        work.sheet.write_string(row, column, NONE)
    else:
        work.sheet.write_number(row, column, points, work.points)


def _sum_formula(work: _Work, criterion: CriterionSpec, column: int, row: int) -> str:
    """The points of a criterion, with the weight of what does not apply shared out."""
    first = work.columns.items[criterion.items[0].identifier]
    cells = f"{_at(first, row)}:{_at(column - 1, row)}"
    weights = f"{_weight(first)}:{_weight(column - 1)}"
    applying = f'SUMPRODUCT(({cells}<>"{NONE}")*{weights})'
    whole = f"ROUND(SUM({cells})*{_weight(column)}/{applying},2)"
    return f'=IF({applying}=0,"{NONE}",{whole})'


def _reached_formula(work: _Work, row: int) -> str:
    """The criteria together, with the weight of those that do not apply shared out."""
    sums = [(_at(column, row), _weight(column)) for column in work.columns.sums]
    applying = "+".join(f'({cell}<>"{NONE}")*{weight}' for cell, weight in sums)
    cells = ",".join(cell for cell, _ in sums)
    weights = "+".join(weight for _, weight in sums)
    return f'=IF(({applying})=0,"{NONE}",ROUND(SUM({cells})*({weights})/({applying}),2))'


def _rank_formula(work: _Work, row: int) -> str:
    """One more than those of the group that are ranked and better."""
    columns = work.columns
    total, ranked = _at(columns.total, row), _at(columns.is_ranked, row)
    totals, yes = _down(work, columns.total), work.translate(YES)
    better = (
        f'({_down(work, 1)}={_at(1, row)})*({_down(work, columns.is_ranked)}="{yes}")'
        f"*ISNUMBER({totals})*({totals}>{total})"
    )
    return f'=IF(AND(ISNUMBER({total}),{ranked}="{yes}"),1+SUMPRODUCT({better}),"{NONE}")'


def _formula(
    work: _Work,
    row: int,
    column: int,
    formula: str,
    value: Decimal | None,
    *,
    whole: bool = False,
) -> None:
    """A formula together with what it comes to."""
    shown: object = NONE if value is None else int(value) if whole else float(value)
    work.sheet.write_formula(row, column, formula, None if whole else work.points, shown)


def _at(column: int, row: int) -> str:
    return f"{column_letters(column)}{row + 1}"


def _weight(column: int) -> str:
    return f"{column_letters(column)}${WEIGHT_ROW + 1}"


def _down(work: _Work, column: int) -> str:
    letters = column_letters(column)
    return f"${letters}${FIRST_ROW + 1}:${letters}${work.last_row + 1}"


def _add_chart(work: _Work) -> None:
    """Totals as columns, below the table."""
    chart = work.book.add_chart({"type": "column"})
    name, columns = work.sheet.get_name(), work.columns
    chart.add_series(
        {
            "name": work.translate(Message("Total")),
            "categories": [name, FIRST_ROW, 0, work.last_row, 0],
            "values": [name, FIRST_ROW, columns.total, work.last_row, columns.total],
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": work.translate(Message("Totals of the departments"))})
    chart.set_legend({"none": True})
    chart.set_y_axis({"min": 0, "max": int(work.scheme.full_score)})
    chart.set_size(CHART_SIZE)
    work.sheet.insert_chart(work.last_row + 2, 0, chart)


def _write_events(work: _Work, sheet: Worksheet, evidence: Evidence, catalogue: Catalogue) -> None:
    """Every counted event of every automatic score."""
    _begin(work, sheet, EVENT_HEADINGS)
    row = 1
    for line in work.panel.lines:
        for item in work.scheme.items.values():
            measured = evidence.measure(line.code, item)
            for event in measured.events if measured else ():
                spec = catalogue.reported.get(event.table or "")
                costs = work.translate(YES if event.is_fault else NO)
                number = event.submission_id
                sheet.write_string(row, 0, line.result.department_name)
                sheet.write_string(row, 1, f"{item.identifier} {item.name}")
                sheet.write_string(row, 2, spec.title if spec else event.table or "")
                sheet.write_string(row, 3, work.translate(event.text))
                sheet.write_number(row, 4, event.amount)
                sheet.write_string(row, 5, costs)
                sheet.write_string(row, 6, f"/submissions/{number}" if number else "")
                row += 1


def _write_scheme(work: _Work, sheet: Worksheet) -> None:
    """The items with their rules, as the appraisal was made."""
    _begin(work, sheet, SCHEME_HEADINGS)
    row = 1
    for criterion in work.scheme.criteria:
        for item in criterion.items:
            sheet.write_string(row, 0, criterion.name)
            sheet.write_string(row, 1, f"{item.identifier} {item.name}")
            sheet.write_number(row, 2, item.weight)
            sheet.write_string(row, 3, item.rule)
            sheet.write_string(row, 4, item.evidence)
            row += 1


def _begin(work: _Work, sheet: Worksheet, headings: Sequence[tuple[Message, int]]) -> None:
    look = heading_format(work.book, OPTIONAL_COLOUR)
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, work.translate(heading), look)
    sheet.freeze_panes(1, 0)
