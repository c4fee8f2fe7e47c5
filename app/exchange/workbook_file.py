"""A workbook written whole into a temporary file by XlsxWriter: for books of a few sheets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO

from xlsxwriter.workbook import Workbook

# A finished file up to this size stays in memory, a larger one goes to disk.
KEPT_IN_MEMORY = 4 * 1024 * 1024


@contextmanager
def workbook_file(title: str, now: datetime) -> Iterator[tuple[IO[bytes], Workbook]]:
    """A workbook written row by row into a temporary file.

    The file stands at its beginning afterwards; it is closed, and nothing is
    left on disk, when anything is raised.
    """
    target: IO[bytes] = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115
    with TemporaryDirectory(prefix="statedata-") as folder:
        book = Workbook(target, {"constant_memory": True, "tmpdir": folder})
        try:
            book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
            yield target, book
            book.close()
            target.seek(0)
        except BaseException:
            _give_up(book)
            target.close()
            raise


def _give_up(book: Workbook) -> None:
    """Close what the book holds open; its destructor would write it half-finished."""
    book.fileclosed = True
    for sheet in book.worksheets():
        if not sheet.row_data_fh_closed:
            sheet.row_data_fh.close()
