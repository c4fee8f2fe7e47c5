"""Files that were returned: taken out of archives, within bounds, each with its name.

Nobody knows what people send: archives in archives, pictures, names in any encoding. What cannot be
looked at is told with its reason; it keeps nothing else from being taken in.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

import orjson

from app.domain.message import Message, Reason, Refused
from app.exchange.package import CONTENT_TYPES, HIGHEST_RATIO, MEGABYTE, ZIP_START
from app.models.hand_out import LONGEST_FILE_NAME

MOST_FILES = 500
LARGEST_FILE = 10 * MEGABYTE
LARGEST_TOTAL = 64 * MEGABYTE
RATIO_COUNTS_FROM = MEGABYTE
# Members of an archive that are looked through before it is given up.
MOST_MEMBERS = 2_000
UTF8_FLAG, ENCRYPTED_FLAG = 0x800, 0x1
OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
OPENDOCUMENT = "mimetype"
# What systems and programs leave beside people's files.
_LEFTOVER = re.compile(r"(^|/)(__MACOSX/|~\$|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_BREAKING = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True)
class CollectedFile:
    """A file with the name it came under; ``refusal`` says why it was not even looked at.

    ``size`` counts towards what is taken in at once, also of a file that was given up.
    """

    name: str
    content: bytes = b""
    refusal: Message | None = None
    size: int = 0


def collected_files(uploads: Iterable[tuple[str, bytes]]) -> list[CollectedFile]:
    """The files of an upload, those of archives one by one. Raises Refused where it is too much."""
    found: list[CollectedFile] = []
    total = 0
    for name, content in uploads:
        for file in _files_of(name, content):
            total += max(file.size, len(file.content))
            found.append(file)
            _refuse_too_much(len(found), total)
    if not found:
        raise Refused(
            Message("There is no file to collect. Choose the returned workbooks or an archive."),
            Reason.INVALID,
        )
    return found


def _refuse_too_much(count: int, total: int) -> None:
    if count > MOST_FILES or total > LARGEST_TOTAL:
        raise Refused(
            Message(
                "At most %(count)s files of together %(megabytes)s MB are collected at once. Divide"
                " them into several archives and collect one after the other.",
                {"count": MOST_FILES, "megabytes": LARGEST_TOTAL // MEGABYTE},
            ),
            Reason.INVALID,
        )


def _files_of(name: str, content: bytes) -> Iterator[CollectedFile]:
    shown = _tidy(name)
    if _LEFTOVER.search(shown):
        return
    if content.startswith(OTHER_ARCHIVES):
        reason = Message("Archives of this kind are not opened. Pack the files as .zip.")
        yield CollectedFile(shown, refusal=reason)
    elif len(content) > LARGEST_FILE and not _is_archive(content):
        yield CollectedFile(shown, refusal=_too_large())
    elif _is_archive(content):
        yield from _members(shown, content)
    else:
        yield CollectedFile(shown, content)


def _is_archive(content: bytes) -> bool:
    """Whether it is a zip archive of files; workbooks are zip archives, too."""
    if not content.startswith(ZIP_START):
        return False
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except _BREAKING:
        return False
    return CONTENT_TYPES not in names and OPENDOCUMENT not in names


def _members(archive_name: str, content: bytes) -> Iterator[CollectedFile]:
    with ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise Refused(
                Message(
                    "The archive %(file)s has more than %(count)s entries. Pack only the returned"
                    " workbooks.",
                    {"file": archive_name, "count": MOST_MEMBERS},
                ),
                Reason.INVALID,
            )
        for member in members:
            name = _tidy(_name_of(member))
            if not member.is_dir() and not _LEFTOVER.search(name):
                yield _member(archive, member, name)


def _member(archive: ZipFile, member: ZipInfo, name: str) -> CollectedFile:
    """One file of an archive, read no further than it may be large, whatever it claims."""
    if member.flag_bits & ENCRYPTED_FLAG:
        reason = Message(
            "The archive is protected by a password. Unpack it and choose the files themselves."
        )
        return CollectedFile(name, refusal=reason)
    packed_well = member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
    if member.file_size > LARGEST_FILE or (packed_well and member.file_size > RATIO_COUNTS_FROM):
        return CollectedFile(name, refusal=_too_large())
    try:
        with archive.open(member) as stream:
            content = stream.read(LARGEST_FILE + 1)
    except _BREAKING:
        return CollectedFile(name, refusal=_damaged(), size=member.file_size)
    if len(content) > LARGEST_FILE:
        return CollectedFile(name, refusal=_too_large())
    if _is_archive(content) or content.startswith(OTHER_ARCHIVES):
        reason = Message("This is an archive inside an archive. Unpack it and choose its files.")
        return CollectedFile(name, refusal=reason)
    return CollectedFile(name, content)


def _name_of(member: ZipInfo) -> str:
    """The member's name; programs of Chinese systems write GBK and do not say so."""
    if member.flag_bits & UTF8_FLAG:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _tidy(name: str) -> str:
    """The name as it is shown: no control characters, its end where it is too long."""
    clean = "".join(c if c.isprintable() else "_" for c in name.replace("\\", "/"))
    return clean.encode("utf-8", "replace").decode()[-LONGEST_FILE_NAME:] or "?"


def _too_large() -> Message:
    return Message(
        "The file has more than %(megabytes)s MB. Delete pictures, empty rows and other sheets.",
        {"megabytes": LARGEST_FILE // MEGABYTE},
    )


def _damaged() -> Message:
    return Message("The file is damaged inside the archive. Ask for it once more.")


def pack_files(files: Iterable[CollectedFile]) -> bytes:
    """The files as one content that is kept: a line about all of them, then what they hold."""
    several = list(files)
    heads = [
        {
            "name": file.name,
            "size": len(file.content),
            "refusal": None
            if file.refusal is None
            else [file.refusal.msgid, dict(file.refusal.parameters)],
        }
        for file in several
    ]
    return orjson.dumps(heads) + b"\n" + b"".join(file.content for file in several)


def unpack_files(content: bytes) -> list[CollectedFile]:
    """The files again."""
    line, _newline, rest = content.partition(b"\n")
    files, start = [], 0
    for head in orjson.loads(line or b"[]"):
        end = start + head["size"]
        msgid, parameters = head["refusal"] or ("", {})
        refusal = Message(msgid, parameters) if msgid else None
        files.append(CollectedFile(head["name"], rest[start:end], refusal))
        start = end
    return files
