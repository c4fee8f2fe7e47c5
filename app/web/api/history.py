"""Data of former years over JSON: making a year, bringing workbooks in."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.actions.history import add_history_year
from app.domain.period import AcademicYear
from app.exchange.history import import_history
from app.reports.history import history_year
from app.web.addresses import NUMBER
from app.web.api.cycle import cycle_shape
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import Malformed, record, text
from app.web.api.shapes import Json
from app.web.current import current_actor, current_session, current_store, local_time
from app.web.translation import translated


def add_history(call: Call) -> Json:
    """Make a past year that holds former data."""
    try:
        year = AcademicYear.parse(call.body["academic_year"])
    except ValueError as error:
        raise Malformed(_("%(key)s is not an academic year.", key="academic_year")) from error
    session, actor = current_session(), current_actor()
    return cycle_shape(add_history_year(session, year, by=actor, now=local_time()))


def bring_in_history(call: Call, number: int) -> Json:
    """Check a workbook of former data, or let it be all there is of its departments."""
    file = call.files["file"]
    result = import_history(
        current_session(),
        current_store(),
        history_year(current_session(), current_actor(), number),
        call.body["table"],
        file.read(),
        file.filename or "",
        by=current_actor(),
        now=local_time(),
        department=call.body.get("department"),
        leaves_out=call.body.get("leaves_out", False),
        dry_run=call.query.get("dry_run", False),
    )
    return {
        "written": result.written,
        "rows": result.rows,
        "departments": [
            {"code": part.department, "name": part.name, "rows": part.rows} for part in result.parts
        ],
        "faults": [
            {"row": fault.row, "label": fault.label, "message": translated(fault.message)}
            for fault in result.faults
        ],
    }


HISTORY_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST",
        "cycles/history",
        add_history,
        lazy_gettext("Make a past year that holds former data"),
        body=record(("academic_year",), academic_year=text(9)),
    ),
    Endpoint(
        "POST",
        f"cycles/{NUMBER}/history",
        bring_in_history,
        lazy_gettext("Bring a workbook of former data in"),
        {"dry_run": {"type": "boolean"}},
        form={"table": text(64), "department": text(64), "leaves_out": {"type": "boolean"}},
    ),
)
