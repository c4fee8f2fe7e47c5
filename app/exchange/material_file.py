"""Files that support what a row says: what they are, told from their content, and made harmless.

Photographs are drawn anew without what cameras write beside the picture (place, device, time), in
a process of its own; documents are kept as they are and never shown inside a page.
"""

import base64
import re
import unicodedata
from collections.abc import Mapping
from typing import NoReturn

import orjson

from app.actions.supporting_material import MaterialDraft
from app.domain.message import Message, Reason, Refused
from app.exchange.confined import confined
from app.exchange.confined_picture import DAMAGED, TOO_LARGE
from app.models.supporting_material import LONGEST_NAME

LARGEST = 10 * 1024 * 1024
PAINTER = "app.exchange.confined_picture"
PDF = "pdf"
# What a whole PDF ends with (ISO 32000-1, 7.5.5); readers look for it in so many last bytes.
PDF_END, PDF_TAIL = b"%%EOF", 1024
# Kind → what its files begin with; {0} of a RIFF file is its length.
STARTS: Mapping[str, re.Pattern[bytes]] = {
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
    PDF: re.compile(rb"%PDF-\d"),
}
ENDINGS = {"jpeg": ".jpg", "png": ".png", "webp": ".webp", PDF: ".pdf"}
MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    PDF: "application/pdf",
}
APPLE_PICTURE = re.compile(rb".{4}ftyp(heic|heix|hevc|hevx|mif1|msf1|heim|heis)", re.DOTALL)


def look_at(content: bytes, file_name: str, unnamed: str) -> MaterialDraft:
    """The file as it is kept. Raises Refused (invalid) with words that say what to do.

    ``unnamed`` is what a file is called whose own name says nothing.
    """
    if not content:
        _refuse(Message("The file is empty. Choose another one."))
    if len(content) > LARGEST:
        _refuse(
            Message(
                "The file is larger than %(megabytes)s MB. Take the photograph with a lower"
                " resolution, or save the PDF as a smaller one.",
                {"megabytes": LARGEST // 1024**2},
            )
        )
    kind = kind_of(content)
    name = clean_name(file_name, kind, unnamed)
    if kind == PDF:
        _refuse_cut_off(content)
        return MaterialDraft(name, kind, content, None)
    picture, thumbnail = _painted(content, kind)
    return MaterialDraft(name, kind, picture, thumbnail)


def kind_of(content: bytes) -> str:
    """What the content is, whatever it is called. Raises Refused for any other kind."""
    for kind, start in STARTS.items():
        if start.match(content):
            return kind
    if APPLE_PICTURE.match(content):
        _refuse(
            Message(
                "This photograph has Apple's own format (HEIC). On the iPhone choose"
                " Settings – Camera – Formats – Most Compatible and take it again. A photograph"
                " that you have: add it from the album of the telephone, which turns it into a"
                " JPEG by itself, or save it as JPEG on a computer."
            )
        )
    raise Refused(
        Message(
            "This is neither a photograph (JPEG, PNG, WEBP) nor a PDF, whatever it is called."
            " Save it as one of these and add it again."
        ),
        Reason.INVALID,
    )


def _refuse_cut_off(document: bytes) -> None:
    if PDF_END not in document[-PDF_TAIL:]:
        _refuse(
            Message(
                "The PDF is not whole: its end is missing, as after a broken download. Save or scan"
                " it once more and add it again."
            )
        )


def clean_name(file_name: str, kind: str, unnamed: str) -> str:
    """The name without folders and characters that are none, with the ending of its kind."""
    return (clean_stem(file_name) or unnamed) + ENDINGS[kind]


def clean_stem(file_name: str) -> str:
    """The name without folders, ending and characters that are none; may be empty."""
    last = re.split(r"[/\\]", file_name)[-1]
    printable = "".join(
        character for character in last if unicodedata.category(character)[0] not in "C"
    )
    stem = re.sub(r'[<>:"|?*]', "_", printable)
    stem = stem.rpartition(".")[0] if "." in stem else stem
    return stem.strip(" .")[: LONGEST_NAME - 5]


def _painted(content: bytes, kind: str) -> tuple[bytes, bytes]:
    """The picture drawn anew, and a small one."""
    with confined(PAINTER, kind) as process:
        answer, _errors = process.communicate(content)
    if process.returncode != 0 or not answer:
        _refuse_picture(TOO_LARGE)
    told = orjson.loads(answer)
    if "fault" in told:
        _refuse_picture(told["fault"])
    return base64.b64decode(told["picture"]), base64.b64decode(told["thumbnail"])


def _refuse_picture(fault: str) -> NoReturn:
    messages = {
        DAMAGED: Message("The picture is damaged. Open it, save it again and add that file."),
        TOO_LARGE: Message(
            "The picture has too many pixels. Take it with a lower resolution, or make it smaller."
        ),
    }
    _refuse(messages[fault])


def _refuse(message: Message) -> NoReturn:
    raise Refused(message, Reason.INVALID)
