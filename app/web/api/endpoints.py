"""Every endpoint of the API, described once: routes, checks and documentation come from here."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.domain.assignment import AssignmentKind
from app.domain.consolidation import Reading
from app.domain.department import DepartmentKind
from app.domain.saved_view import Audience
from app.domain.submission import Status
from app.exchange.uploaded_file import ImportMode
from app.models.saved_view import LONGEST_NAME
from app.reports.base_table import LARGEST_PAGE
from app.reports.reference import LARGEST_PICK
from app.web.addresses import NUMBER, YEAR
from app.web.api.appraisal import appraisal_xlsx, read_appraisal
from app.web.api.assignment import assign_tables, list_assignments
from app.web.api.base_table import (
    list_base_tables,
    pick_reference,
    read_spec,
    referring_rows,
)
from app.web.api.base_table_rows import change_rows, count_rows, list_rows
from app.web.api.board import board_xlsx, read_college_board
from app.web.api.bulk_edit import BULK_EDIT_ENDPOINTS
from app.web.api.comment import COMMENT_ENDPOINTS
from app.web.api.cooperation import COOPERATION_ENDPOINTS
from app.web.api.cycle import list_cycles, step_cycle
from app.web.api.endpoint import XLSX, Call, Endpoint
from app.web.api.error_workbook import error_workbook_xlsx
from app.web.api.exchange import (
    consolidation_xlsx,
    import_file,
    template_xlsx,
)
from app.web.api.export import EXPORT_ENDPOINTS
from app.web.api.export_job import EXPORT_JOB_ENDPOINTS
from app.web.api.feed import FEED_ENDPOINTS
from app.web.api.finding import FINDING_ENDPOINTS
from app.web.api.history import HISTORY_ENDPOINTS
from app.web.api.job import JOB_ENDPOINTS
from app.web.api.last_year import LAST_YEAR_ENDPOINTS
from app.web.api.layout import MAPPING_FIELD
from app.web.api.notice import NOTICE_ENDPOINTS
from app.web.api.openapi import document
from app.web.api.rehearsal import REHEARSAL_ENDPOINTS
from app.web.api.request import CAUSE, REQUEST_ENDPOINTS
from app.web.api.return_item import RETURN_ITEM_ENDPOINTS, RETURNING
from app.web.api.row_cursor import LONGEST
from app.web.api.row_group import MEASURES, read_groups
from app.web.api.row_history import ROW_HISTORY_ENDPOINTS
from app.web.api.saved_view import (
    change_view,
    delete_view,
    keep_view,
    read_views,
    set_default_view,
    set_role_view,
)
from app.web.api.schema import Malformed, Schema, listed, one_of, optional, record, text, whole
from app.web.api.shapes import Json
from app.web.api.submission import (
    list_of_submissions,
    one_submission,
    step_submission,
    step_submissions,
)
from app.web.api.supporting_material import MATERIAL_ENDPOINTS
from app.web.api.teacher_record import TEACHER_RECORD_ENDPOINTS
from app.web.api.totals import read_totals
from app.web.problems import problem
from app.web.submission.line_filter import ATTENTION, LATE, LONGEST_TEXT, MINE

PREFIX = "/api/v1"
MOST_CHANGES = 5000
MOST_IDS = 2000
MOST_STEPS = 200
CODE = text(64)
# Ids and versions are opaque texts; those of submissions and years may come as numbers.
VERSION: Schema = {"type": ["string", "integer"], "maxLength": 15}
REASON = optional(text(500))
# Composite keys of adopted tables may be long texts.
ROW_ID = text(3000)
TRUTH: Schema = {"type": "boolean"}
PLACE: Mapping[str, Schema] = {"period": CODE, "department": CODE}
SELECTION: Mapping[str, Schema] = {
    **PLACE,
    "q": text(200),
    "filter": text(8000),
    "sort": text(300),
}
BOARD_SELECTION: Mapping[str, Schema] = {
    "cycle": CODE,
    "department": CODE,
    "kind": one_of(*(kind.value for kind in DepartmentKind)),
    "chapter": CODE,
    "status": one_of(MINE, LATE, ATTENTION, *(status.value for status in Status)),
    "q": text(LONGEST_TEXT),
}
VALUES: Schema = {"type": ["object", "null"]}
CHANGE = record(
    ("op",),
    op=one_of("insert", "update", "delete"),
    id=optional(ROW_ID),
    version=optional(text(64)),
    restores=optional(ROW_ID),
    values=VALUES,
)
CHANGES = record(
    ("changes",),
    period=optional(CODE),
    department=optional(CODE),
    partial=TRUTH,
    dry_run=TRUTH,
    changes=listed(CHANGE, MOST_CHANGES),
)
STEP: Mapping[str, Schema] = {
    "reason": REASON,
    "points": record((), conformity=TRUTH, completeness=TRUTH, timeliness=TRUTH, accuracy=TRUTH),
    "password": optional(text(200)),
    "cause": CAUSE,
}
MANY = listed(record(("id", "version"), id=VERSION, version=VERSION), MOST_STEPS)
CODES: Schema = {"type": "array", "items": CODE, "maxItems": 500}
ASSIGNMENT = record(
    ("table", "departments"),
    table=CODE,
    kind=one_of(AssignmentKind.RESPONSIBLE.value, AssignmentKind.OWN_STAFF.value),
    departments=CODES,
    guidance=CODES,
)
MOST_TABLES = 1000
COLUMN = record(("code",), code=CODE, width=whole(1, 5000), hidden=TRUTH)
VIEW: Mapping[str, Schema] = {
    "name": text(LONGEST_NAME),
    "audience": one_of(*(audience.value for audience in Audience)),
    "department": optional(CODE),
    "content": record(
        (),
        filter={"type": ["object", "array", "null"]},
        sort=text(300),
        q=text(200),
        columns={"type": "array", "items": COLUMN, "maxItems": 1000},
        frozen=optional(CODE),
    ),
}


def read_openapi(_call: Call) -> Json:
    """This description of the API."""
    return document(ENDPOINTS, PREFIX)


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("GET", "data/", list_base_tables, _("The base tables you may see")),
    Endpoint(
        "GET", "data/<table>/spec", read_spec, _("Fields, rights and state of a table"), PLACE
    ),
    Endpoint(
        "GET",
        "data/<table>/rows",
        list_rows,
        _("A page of rows"),
        {**SELECTION, "after": text(LONGEST), "offset": whole(), "limit": whole(1, LARGEST_PAGE)},
    ),
    Endpoint("GET", "data/<table>/count", count_rows, _("The number of rows"), SELECTION),
    Endpoint(
        "GET", "data/<table>/totals", read_totals, _("Sums and filled cells of rows"), SELECTION
    ),
    Endpoint(
        "GET",
        "data/<table>/groups",
        read_groups,
        _("Rows by what one or two of their fields hold"),
        {**SELECTION, "by": text(200), "of": CODE, "measure": one_of(*MEASURES)},
    ),
    Endpoint(
        "GET",
        "data/<table>/views",
        read_views,
        _("The views of a table that you find"),
        PLACE,
    ),
    Endpoint(
        "POST",
        "data/<table>/views",
        keep_view,
        _("Keep a view of a table"),
        PLACE,
        body=record(("name", "audience", "content"), **VIEW),
    ),
    Endpoint(
        "PUT",
        f"data/<table>/views/{NUMBER}",
        change_view,
        _("Keep a view differently"),
        PLACE,
        body=record(("version", "name", "audience", "content"), version=whole(), **VIEW),
    ),
    Endpoint("DELETE", f"data/<table>/views/{NUMBER}", delete_view, _("Delete a view"), PLACE),
    Endpoint(
        "PUT",
        f"data/<table>/views/{NUMBER}/default",
        set_role_view,
        _("Choose the view a table opens with for a role"),
        PLACE,
        body=record(("role", "chosen"), role=text(64), chosen=TRUTH),
    ),
    Endpoint(
        "PUT",
        "data/<table>/default_view",
        set_default_view,
        _("Choose the view a table opens with"),
        PLACE,
        body=record(("view",), view=optional(whole(1))),
    ),
    Endpoint(
        "POST",
        "data/<table>/changes",
        change_rows,
        _("Insert, update and delete rows"),
        body=CHANGES,
    ),
    Endpoint(
        "GET",
        "data/<table>/pick",
        pick_reference,
        _("Rows a reference field may name"),
        {**PLACE, "field": CODE, "q": text(200), "limit": whole(1, LARGEST_PICK)},
    ),
    Endpoint(
        "POST",
        "data/<table>/referring",
        referring_rows,
        _("Count the rows of other tables that name these rows"),
        body=record(("ids",), period=optional(CODE), ids=listed(ROW_ID, MOST_IDS)),
    ),
    Endpoint(
        "POST",
        "data/<table>/imports",
        import_file,
        _("Import a workbook, or try it out"),
        {"dry_run": TRUTH, "partial": TRUTH, "mode": one_of(*(m.value for m in ImportMode))},
        form={**PLACE, "digest": CODE, "mapping": MAPPING_FIELD},
    ),
    Endpoint(
        "GET",
        "data/<table>/imports/<key>/errors.xlsx",
        error_workbook_xlsx,
        _("The file of an import with its errors marked"),
        produces=XLSX,
    ),
    *EXPORT_ENDPOINTS,
    Endpoint(
        "GET",
        "data/<table>/template.xlsx",
        template_xlsx,
        _("The template to fill in"),
        PLACE,
        produces=XLSX,
    ),
    Endpoint(
        "GET",
        "submissions",
        list_of_submissions,
        _("Submissions with the steps you may take"),
        {
            "cycle": CODE,
            "department": CODE,
            "table": CODE,
            "status": one_of(*(status.value for status in Status)),
        },
    ),
    Endpoint("GET", f"submissions/{NUMBER}", one_submission, _("One submission in full")),
    Endpoint(
        "POST",
        f"submissions/{NUMBER}/<verb>",
        step_submission,
        _("Take a step"),
        body=record(("version",), version=VERSION, **STEP, **RETURNING),
    ),
    Endpoint(
        "POST",
        "submissions/<verb>",
        step_submissions,
        _("Take the same step with several submissions"),
        body=record(("submissions",), submissions=MANY, **STEP),
    ),
    Endpoint(
        "GET",
        "board",
        read_college_board,
        _("How far departments are with their tables"),
        BOARD_SELECTION,
    ),
    Endpoint(
        "GET",
        "board/workbook.xlsx",
        board_xlsx,
        _("The board as a workbook"),
        BOARD_SELECTION,
        produces=XLSX,
    ),
    Endpoint("GET", "cycles", list_cycles, _("Collection years")),
    *HISTORY_ENDPOINTS,
    *REHEARSAL_ENDPOINTS,
    Endpoint(
        "POST",
        f"cycles/{NUMBER}/<verb>",
        step_cycle,
        _("Take a step of a collection year"),
        body=record(
            ("version",),
            version=VERSION,
            reason=REASON,
            due_at=optional(CODE),
            tables=listed(CODE, MOST_TABLES),
            cause=CAUSE,
        ),
    ),
    Endpoint(
        "GET",
        "assignments",
        list_assignments,
        _("Tables with their departments"),
        {"cycle": CODE},
    ),
    Endpoint(
        "POST",
        "assignments/assign",
        assign_tables,
        _("Assign tables to departments"),
        body=record(
            ("cycle", "version", "assignments"),
            cycle=CODE,
            version=VERSION,
            reason=REASON,
            assignments=listed(ASSIGNMENT, MOST_TABLES),
        ),
    ),
    *BULK_EDIT_ENDPOINTS,
    *LAST_YEAR_ENDPOINTS,
    *FEED_ENDPOINTS,
    *JOB_ENDPOINTS,
    *EXPORT_JOB_ENDPOINTS,
    *ROW_HISTORY_ENDPOINTS,
    *COMMENT_ENDPOINTS,
    *FINDING_ENDPOINTS,
    *REQUEST_ENDPOINTS,
    *COOPERATION_ENDPOINTS,
    *NOTICE_ENDPOINTS,
    *RETURN_ITEM_ENDPOINTS,
    *MATERIAL_ENDPOINTS,
    *TEACHER_RECORD_ENDPOINTS,
    Endpoint(
        "GET",
        "consolidation/<year>/workbook.xlsx",
        consolidation_xlsx,
        _("The whole college's data of a locked year"),
        {"reading": one_of(*(reading.value for reading in Reading))},
        produces=XLSX,
    ),
    Endpoint(
        "GET", f"appraisals/{YEAR}", read_appraisal, _("Departments and items with their scores")
    ),
    Endpoint(
        "GET",
        f"appraisals/{YEAR}/workbook.xlsx",
        appraisal_xlsx,
        _("The scores of a year with formulas"),
        produces=XLSX,
    ),
    Endpoint("GET", "openapi.json", read_openapi, _("This description")),
)


def install(application: Flask) -> None:
    """Serve the endpoints on ``application``."""
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    blueprint.register_error_handler(Malformed, on_malformed)
    for endpoint in ENDPOINTS:
        blueprint.add_url_rule(
            f"/{endpoint.path}",
            endpoint.name,
            partial(endpoint.answer),
            methods=[endpoint.method],
        )
    application.register_blueprint(blueprint)


def on_malformed(error: Malformed) -> ResponseReturnValue:
    """A request that cannot be understood, with the key at fault."""
    return problem(400, error.description)
