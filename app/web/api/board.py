"""The board over JSON and as a workbook."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from app.exchange.board import board_workbook
from app.reports.board import Board, BoardLine, Figures, by_department, figures_of, read_board
from app.web.api.cycle import due_shape, find_cycle
from app.web.api.download import download
from app.web.api.endpoint import Call
from app.web.api.shapes import Json
from app.web.board.labels import delay_text, standing_text
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.cycle.labels import year_text
from app.web.labels import label
from app.web.submission.line_filter import read_filter
from app.web.translation import translated


def read_college_board(call: Call) -> Json:
    """Departments with their figures and tables, as far as the caller follows them."""
    board, lines = _wanted(call)
    return {
        "cycle": board.cycle.academic_year,
        "due_at": due_shape(board.cycle),
        "figures": _figures(figures_of(lines)),
        "college": _shares(board.college),
        "departments": [
            {
                "code": code,
                "name": own[0].department,
                "kind": own[0].kind.value,
                "figures": _figures(figures_of(own)),
                "tables": [_line(line) for line in own],
            }
            for code, own in by_department(lines).items()
        ],
    }


def board_xlsx(call: Call) -> Response:
    """The same as a workbook: departments, tables by departments, and line by line."""
    board, lines = _wanted(call)
    title = _("Progress board of %(year)s", year=year_text(board.cycle.academic_year))
    now = local_time()
    file = board_workbook(
        title,
        lines,
        current_store().catalogue.chapters,
        standing=standing_text,
        delay=delay_text,
        translate=translated,
        now=now,
    )
    return download(file, f"{title} {now:%Y-%m-%d}.xlsx")


def _wanted(call: Call) -> tuple[Board, list[BoardLine]]:
    """The board of the year and the lines that the query leaves."""
    cycle = find_cycle(call.query.get("cycle"))
    board = read_board(current_session(), current_store(), current_actor(), cycle, now=local_time())
    wanted = read_filter(call.query)
    lines = [line for line in board.lines if wanted.matches(line) and wanted.selects(line)]
    return board, lines


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "owed": figures.owed,
        "reported": figures.reported,
        "accepted": figures.accepted,
        "returned": figures.returned,
        "late": figures.late,
        "missing": figures.missing,
        "exempt": figures.exempt,
    }


def _shares(figures: Figures) -> dict[str, str]:
    """Percentages of the college: everybody who reads the board may know these."""
    counts = {
        "reported": figures.reported,
        "accepted": figures.accepted,
        "returned": figures.returned,
        "late": figures.late,
    }
    return {name: f"{figures.percent(count):.1f}" for name, count in counts.items()}


def _line(line: BoardLine) -> Json:
    return {
        "submission": str(line.submission_id),
        "table": {
            "identifier": line.spec.identifier,
            "number": line.spec.number,
            "name": line.spec.name,
        },
        "status": line.status.value,
        "status_label": label(line.status),
        "holder": line.status.holder.value,
        "is_nil": line.is_nil,
        "is_late": line.is_late,
        "days_in_status": line.days,
        "days_left": line.days_left,
        "days_late": line.days_late,
        "needs_attention": line.needs_attention,
        "filled_percent": line.quality.filled,
        "open_errors": line.quality.errors,
        "open_warnings": line.quality.warnings,
        "next": next((verb.value for verb in line.permitted), None),
    }
