"""The layout of an uploaded file over the API: what is wished of it, what was made of it."""

import json
from dataclasses import replace

from flask import Response
from flask_babel import gettext as _

from app.exchange.layout import Layout, Misfit, WantedLayout
from app.exchange.workbook import MOST_ROWS
from app.web.api.schema import Malformed, Schema, check, optional, record, text, whole
from app.web.api.shapes import Json
from app.web.problems import problem
from app.web.translation import translated

# A sheet has at most so many columns that may be matched, each with a short code.
LONGEST_MAPPING = 100_000
LONGEST_SHEET_NAME = 255
MAPPING = record(
    (),
    sheet=optional(text(LONGEST_SHEET_NAME)),
    heading_row=optional(whole(1, MOST_ROWS)),
    columns={"type": "object", "additionalProperties": optional(text(64))},
)
MAPPING_FIELD: Schema = text(LONGEST_MAPPING)


def wanted_layout(mapping: str) -> WantedLayout:
    """What the form field ``mapping`` says. Raises Malformed."""
    if not mapping:
        return WantedLayout()
    try:
        told = json.loads(mapping)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The form field “mapping” is not valid JSON.")) from error
    check(MAPPING, told, "mapping")
    wanted = WantedLayout(sheet=told.get("sheet"), heading_row=told.get("heading_row"))
    return replace(wanted, columns=told.get("columns", {}))


def layout_shape(layout: Layout) -> Json:
    """The layout as JSON; sending its columns as ``mapping`` reads the file the same way."""
    return {
        "sheets": list(layout.sheets),
        "sheet": layout.sheet,
        "heading_row": layout.heading_row,
        "keys": list(layout.keys),
        "columns": [
            {
                "column": column.column,
                "heading": column.heading,
                "field": column.field,
                "how": column.how.value,
                "sample": list(column.sample),
                "open": column.is_open,
            }
            for column in layout.columns
        ],
        "skipped": [
            {"row": skipped.row, "kind": skipped.kind.value, "text": skipped.text}
            for skipped in layout.skipped
        ],
    }


def misfit_answer(misfit: Misfit, labels: dict[str, str]) -> Response:
    """The refusal of a file whose columns have to be matched first, with what is known of them."""
    details = [translated(detail) for detail in misfit.details]
    return problem(
        422,
        translated(misfit.message),
        details=details,
        layout=layout_shape(misfit.layout),
        labels=labels,
    )
