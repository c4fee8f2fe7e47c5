"""What a page carries to its next step, so that the server keeps nothing meanwhile.

A preview carries the rows of the list, the page of new passwords carries what
its workbook needs. Nothing is trusted that comes back: it is judged again.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import date
from typing import Any

from app.domain.message import Message, Reason, Refused
from app.domain.person import Function, TeacherKind
from app.domain.staff_list import StaffRow, StaffRows
from app.exchange.initial_password import Handout

LARGEST = 8 * 1024 * 1024


def pack(value: object) -> str:
    """The value as the text of a hidden field."""
    told = json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
    return base64.b64encode(zlib.compress(told.encode(), 9)).decode()


def unpack(text: str) -> Any:
    """The value of a hidden field; Refused where it is not one of ours."""
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(base64.b64decode(text, validate=True), LARGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise _damaged()
        return json.loads(content)
    except (ValueError, zlib.error, binascii.Error, RecursionError) as error:
        raise _damaged() from error


def pack_rows(rows: StaffRows) -> str:
    """The rows of a list without faults."""
    return pack([astuple(row) for row in rows.rows])


def unpack_rows(text: str) -> StaffRows:
    """The rows a preview carried."""
    value = unpack(text)
    try:
        return StaffRows(tuple(_row(*cells) for cells in value))
    except (TypeError, ValueError) as error:
        raise _damaged() from error


def pack_handouts(handouts: Sequence[Handout]) -> str:
    """What people are handed."""
    return pack([astuple(one) for one in handouts])


def unpack_handouts(text: str) -> list[Handout]:
    """What the page of new passwords carried."""
    value = unpack(text)
    try:
        return [Handout(*_texts(cells)) for cells in value]
    except (TypeError, ValueError) as error:
        raise _damaged() from error


def _texts(cells: Sequence[object]) -> Iterator[str]:
    for cell in cells:
        if not isinstance(cell, str):
            raise TypeError(cell)
        yield cell


def _row(row: int, number: str, *rest: str | None) -> StaffRow:
    name, department, kind, function, place, first, last, username = rest
    list(_texts([number, *(text for text in rest if text is not None)]))
    return StaffRow(
        int(row),
        number,
        name,
        department,
        TeacherKind(kind) if kind else None,
        Function(function) if function else None,
        place,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        username,
    )


def _damaged() -> Refused:
    return Refused(
        Message("The page did not come back whole. Begin again with the file."), Reason.INVALID
    )
