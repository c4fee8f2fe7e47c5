"""The layout of an uploaded file over the API: what is wished of it, what was made of it."""

import json

from flask import Response
from flask_babel import gettext as _

from app.catalogue.base_table import TableSpec
from app.exchange.import_upload import misfit_shape
from app.exchange.layout import Misfit
from app.exchange.workbook import MOST_ROWS
from app.web.api.schema import Malformed, Schema, check, optional, record, text, whole
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


def checked_mapping(mapping: str) -> str:
    """The form field ``mapping``, if it is one. Raises Malformed."""
    if not mapping:
        return ""
    try:
        told = json.loads(mapping)
    except (ValueError, RecursionError) as error:
        raise Malformed(_("The form field “mapping” is not valid JSON.")) from error
    check(MAPPING, told, "mapping")
    return mapping


def misfit_answer(misfit: Misfit, spec: TableSpec) -> Response:
    """The refusal of a file whose columns have to be matched first, with what is known of them."""
    shape = misfit_shape(misfit, spec, translated)
    return problem(422, translated(misfit.message), **shape)
