"""Why a cell of a file has no value, though people see something in it."""

from app.catalogue.base_table import FieldSpec
from app.domain.message import Message
from app.exchange.workbook import Upload
from app.rules.finding_messages import error_message


def why_lost(upload: Upload, number: int, field: FieldSpec) -> Message | None:
    """What is wrong with the field's cell in an Excel row; None where the file has its value."""
    place = (number, field.code)
    if place in upload.covered:
        return Message(
            "%(label)s: the cell is merged with %(cell)s, which alone has the value. Unmerge the"
            " cells and fill in each row.",
            {"label": field.label, "cell": upload.covered[place]},
        )
    if place in upload.lost:
        return error_message({"label": field.label})
    return None
