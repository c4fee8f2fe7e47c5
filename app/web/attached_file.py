"""Files of the platform's own records: taken from a form, and handed out to be saved."""

from flask import Response, make_response, request
from flask_babel import gettext as _

from app.actions.supporting_material import MaterialDraft
from app.exchange.attached_file import MEDIA_TYPES, look_at_file
from app.exchange.material_file import LARGEST
from app.models.attached_file import AttachedFile, file_content
from app.web.api.download import disposition
from app.web.api.supporting_material import POLICY
from app.web.current import current_session


def sent_file(name: str = "file") -> MaterialDraft | None:
    """The file that came with the form, looked at; None where none was chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    return look_at_file(file.stream.read(LARGEST + 1), file.filename, str(_("Attachment")))


def file_answer(file: AttachedFile) -> Response:
    """The file, always to be saved and never shown inside a page."""
    response = make_response(file_content(current_session(), file.id))
    response.content_type = MEDIA_TYPES[file.kind]
    response.headers["Content-Disposition"] = disposition(file.name)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
