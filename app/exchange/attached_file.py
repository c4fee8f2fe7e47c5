"""Files that belong to records of the platform's own: photographs, PDF and office documents.

Told from their content like supporting materials. Documents are kept as they are and only ever
handed out to be saved; such as carry programs are refused.
"""

from collections.abc import Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from app.actions.supporting_material import MaterialDraft
from app.domain.message import Message, Reason, Refused
from app.exchange import material_file
from app.exchange.material_file import LARGEST, clean_stem, look_at

ZIP_START = b"PK\x03\x04"
# Kind → the folder that only such a document has.
FOLDERS: Mapping[str, str] = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Mapping[str, str] = {
    **material_file.MEDIA_TYPES,
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "pptx": f"{OFFICE}presentationml.presentation",
}
MOST_PARTS = 5000


def look_at_file(content: bytes, file_name: str, unnamed: str) -> MaterialDraft:
    """The file as it is kept. Raises Refused (invalid) with words that say what to do."""
    if not content.startswith(ZIP_START):
        return look_at(content, file_name, unnamed)
    if len(content) > LARGEST:
        raise Refused(
            Message(
                "The file is larger than %(megabytes)s MB. Make its pictures smaller or divide it.",
                {"megabytes": LARGEST // 1024**2},
            ),
            Reason.INVALID,
        )
    kind = _office_kind(content)
    return MaterialDraft(f"{clean_stem(file_name) or unnamed}.{kind}", kind, content, None)


def _office_kind(content: bytes) -> str:
    """Which office document it is, by the folders inside."""
    try:
        with ZipFile(BytesIO(content)) as package:
            names = package.namelist()[:MOST_PARTS]
    except (BadZipFile, ValueError, NotImplementedError):
        names = []
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(
            Message("The document contains macros. Save it without them and add it again."),
            Reason.INVALID,
        )
    for kind, folder in FOLDERS.items():
        if any(name.startswith(folder) for name in names):
            return kind
    raise Refused(
        Message(
            "This is no photograph, PDF, Word, Excel or slides file (.docx, .xlsx, .pptx)."
            " Save it as one of these and add it again."
        ),
        Reason.INVALID,
    )
