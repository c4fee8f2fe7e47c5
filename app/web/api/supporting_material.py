"""Supporting materials over JSON: what a row has, adding, opening and removing files."""

from flask import Response, make_response
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.actions.supporting_material import (
    MOST_OF_A_ROW,
    add_material,
    find_material,
    open_material,
    remove_material,
    why_not_editable,
)
from app.domain.message import Message, Reason, Refused
from app.exchange.material_file import LARGEST, MEDIA_TYPES, PDF, look_at
from app.models.supporting_material import SupportingMaterial
from app.reports.supporting_material import materials_of_row
from app.web.addresses import NUMBER
from app.web.api.download import disposition
from app.web.api.endpoint import Call, Endpoint
from app.web.api.schema import text
from app.web.api.shapes import Json, reason_shape
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.formats import local

JPEG = "image/jpeg"
# What somebody else has made runs nothing and fetches nothing, wherever it is opened.
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"


def row_materials(_call: Call, table: str, row: str) -> Json:
    """The materials of a row, and why none may be added, if so."""
    session, store, actor = current_session(), current_store(), current_actor()
    found = materials_of_row(session, store, table, actor, row)
    refusal = why_not_editable(session, store, table, row, by=actor)
    return {
        "materials": [material_shape(each) for each in found],
        "why_not_change": reason_shape(refusal),
        "most": MOST_OF_A_ROW,
        "largest": LARGEST,
    }


def add_row_material(call: Call, table: str, row: str) -> Json:
    """Attach a file to a row, or to the cell of ``field``."""
    file = call.files["file"]
    content = file.stream.read(LARGEST + 1)
    unnamed = str(gettext("Supporting material"))
    draft = look_at(content, file.filename or "", unnamed)
    material = add_material(
        current_session(),
        current_store(),
        table,
        row,
        call.body.get("field", ""),
        draft,
        by=current_actor(),
        now=current_time(),
    )
    return material_shape(material)


def material_content(_call: Call, table: str, number: int) -> Response:
    """The file itself: a photograph in the browser, a document to be saved."""
    material, content = open_material(
        current_session(),
        current_store(),
        table,
        number,
        by=current_actor(),
        now=current_time(),
    )
    return file_answer(material.name, material.kind, content)


def file_answer(name: str, kind: str, content: bytes) -> Response:
    """A kept file: a photograph in the browser, a document to be saved; it can do nothing there."""
    response = _confined(content, MEDIA_TYPES[kind])
    header = disposition(name)
    if kind != PDF:
        header = header.replace("attachment", "inline", 1)
    response.headers["Content-Disposition"] = header
    return response


def material_thumbnail(_call: Call, table: str, number: int) -> Response:
    """A small picture of a photograph; not found for documents."""
    material = find_material(current_session(), current_store(), table, number, by=current_actor())
    if material.thumbnail is None:
        raise Refused(Message("There is no small picture of a document."), Reason.NOT_FOUND)
    return _confined(material.thumbnail, JPEG)


def remove_row_material(_call: Call, table: str, number: int) -> Json:
    """Take a file off its row."""
    remove_material(
        current_session(),
        current_store(),
        table,
        number,
        by=current_actor(),
        now=current_time(),
    )
    return {}


def material_shape(material: SupportingMaterial) -> Json:
    """A material with the addresses of its file and of the small picture."""
    address = f"/api/v1/data/{material.table_identifier}/materials/{material.id}"
    return {
        "id": material.id,
        "field": material.field_code or None,
        "name": material.name,
        "kind": material.kind,
        "size": material.size,
        "sha256": material.content_hash,
        "at": local(material.added_at).isoformat(timespec="seconds"),
        "by": material.added_by_name,
        "url": address,
        "thumbnail": None if material.kind == PDF else f"{address}/thumbnail",
    }


def _confined(content: bytes, media_type: str) -> Response:
    response = make_response(content)
    response.content_type = media_type
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


MATERIAL_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        "data/<table>/rows/<row>/materials",
        row_materials,
        _("The supporting materials of a row"),
    ),
    Endpoint(
        "POST",
        "data/<table>/rows/<row>/materials",
        add_row_material,
        _("Add a supporting material to a row or a cell"),
        form={"field": text(64)},
    ),
    Endpoint(
        "GET",
        f"data/<table>/materials/{NUMBER}",
        material_content,
        _("The file of a supporting material"),
        produces="application/octet-stream",
    ),
    Endpoint(
        "GET",
        f"data/<table>/materials/{NUMBER}/thumbnail",
        material_thumbnail,
        _("A small picture of a supporting material"),
        produces=JPEG,
    ),
    Endpoint(
        "DELETE",
        f"data/<table>/materials/{NUMBER}",
        remove_row_material,
        _("Take a supporting material off its row"),
    ),
)
