"""The appraisal of a year over JSON and as a workbook (第十七条)."""

from decimal import Decimal

from flask import Response, send_file

from app.catalogue.appraisal import ItemSpec
from app.domain.message import Message, Reason, Refused
from app.exchange.appraisal import appraisal_workbook
from app.models.evidence import Evidence
from app.reports.appraisal import (
    DepartmentLine,
    Panel,
    appraisal_years,
    find_year,
    read_panel,
    read_panel_evidence,
)
from app.web.api.endpoint import XLSX, Call
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_catalogue,
    current_scheme,
    current_session,
    current_time,
    local_time,
)
from app.web.formats import local
from app.web.translation import translated


def read_appraisal(_call: Call, year: int) -> Json:
    """Departments × items as far as the caller may see them, each score with its evidence."""
    panel, evidence = _panel(year)
    appraisal = None if panel.is_preview else panel.year.appraisal
    return {
        "year": panel.year.year,
        "cycle": panel.year.cycle.academic_year,
        "status": appraisal.status.value if appraisal else None,
        "is_preview": panel.is_preview,
        "evidence_at": local(appraisal.evidence_at).isoformat() if appraisal else None,
        "published_at": (
            local(appraisal.published_at).isoformat()
            if appraisal and appraisal.published_at
            else None
        ),
        "scheme": _scheme(panel),
        "departments": [_department(panel, line, evidence) for line in panel.lines],
    }


def appraisal_xlsx(_call: Call, year: int) -> Response:
    """The panel as a workbook with formulas, the counted events and a chart."""
    panel, evidence = _panel(year)
    if not panel.lines or panel.is_preview:
        raise Refused(Message("There is no appraisal of this year."), Reason.NOT_FOUND)
    file = appraisal_workbook(
        panel, evidence, current_catalogue(), translate=translated, now=local_time()
    )
    name = translated(Message("Appraisal of %(year)s", {"year": panel.year.year}))
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def _panel(number: int) -> tuple[Panel, Evidence]:
    session, actor, now = current_session(), current_actor(), current_time()
    year = find_year(appraisal_years(session, actor), number)
    panel = read_panel(session, actor, year, current_scheme(), now=now)
    codes = [line.code for line in panel.lines]
    return panel, read_panel_evidence(session, panel, now=now, departments=codes)


def _scheme(panel: Panel) -> Json:
    scheme = panel.scheme
    return {
        "title": scheme.title,
        "digest": scheme.digest,
        "full_score": _text(scheme.full_score),
        "criteria": [
            {
                "id": criterion.identifier,
                "name": criterion.name,
                "weight": _text(criterion.weight),
                "items": [
                    {
                        "id": item.identifier,
                        "name": item.name,
                        "weight": _text(item.weight),
                        "mode": item.mode.value,
                        "metric": item.metric.value if item.metric else None,
                        "rule": item.rule,
                    }
                    for item in criterion.items
                ],
            }
            for criterion in scheme.criteria
        ],
    }


def _department(panel: Panel, line: DepartmentLine, evidence: Evidence) -> Json:
    result, standing = line.result, line.standing
    return {
        "code": line.code,
        "name": result.department_name,
        "group": result.group_name,
        "total": _text(standing.total),
        "rank": standing.rank,
        "grade": standing.grade,
        "pending": standing.pending,
        "bonus": _text(result.bonus),
        "is_vetoed": result.is_vetoed,
        "criteria": {
            criterion.identifier: _text(total.total)
            for criterion, total in zip(panel.scheme.criteria, standing.sum.criteria, strict=True)
        },
        "items": [
            _cell(panel, line, item, evidence)
            for item in panel.scheme.items.values()
            if item.identifier in line.cells
        ],
    }


def _cell(panel: Panel, line: DepartmentLine, item: ItemSpec, evidence: Evidence) -> Json:
    cell = line.cells[item.identifier]
    measured = evidence.measure(line.code, item)
    events = measured.events if measured else ()
    numbers = dict.fromkeys(e.submission_id for e in events if e.submission_id)
    return {
        "item": item.identifier,
        "score": None if cell.is_pending else _text(cell.points(item)),
        "automatic": _text(cell.automatic_score),
        "manual": _text(cell.manual_score),
        "is_pending": cell.is_pending,
        "is_counted": cell.is_counted,
        "does_not_apply": not cell.is_pending and cell.points(item) is None,
        "metric_value": _text(cell.metric_value),
        "comment": cell.comment,
        "evidence_count": cell.evidence_count,
        "summary": translated(measured.summary) if measured else None,
        "links": {
            "page": f"/appraisal/{panel.year.year}/departments/{line.code}/{item.identifier}",
            "submissions": [f"/submissions/{number}" for number in numbers],
        },
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
