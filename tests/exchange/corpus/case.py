"""One file of the corpus and what has to become of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.exchange.books import book_of

HEADINGS = ["课程代码", "课程名称", "学分"]
ROW = ["ZZ01", "插花艺术", 2.5]


@dataclass(frozen=True)
class Case:
    """A file for table ``course`` of the demo college, tried out by its steward.

    ``status`` is that of the answer; ``words`` stand in it. Of a file that is read, ``created`` and
    ``rejected`` count rows and ``values`` are among those of the first one.
    """

    name: str
    file_name: str
    make: Callable[[], bytes]
    status: int
    words: str = ""
    created: int = 0
    rejected: int = 0
    values: Mapping[str, object] = field(default_factory=dict)


def refused(name: str, file_name: str, make: Callable[[], bytes], words: str) -> Case:
    """Nothing of the file is read; ``words`` say why."""
    return Case(name, file_name, make, 422, words)


def accepted(
    name: str, file_name: str, make: Callable[[], bytes], created: int = 1, **values: object
) -> Case:
    """The file is read like a harmless one; ``values`` as cleaned."""
    return Case(name, file_name, make, 200, created=created, values=values)


def row_errors(
    name: str, file_name: str, make: Callable[[], bytes], words: str, rejected: int = 1
) -> Case:
    """The file is read and its rows are not taken; ``words`` say why."""
    return Case(name, file_name, make, 200, words, rejected=rejected)


def good() -> bytes:
    """A harmless workbook of one row."""
    return book_of([HEADINGS, ROW])


def workbook(*rows: list[object]) -> Callable[[], bytes]:
    """Makes a workbook of these rows below the headings."""
    return lambda: book_of([HEADINGS, *rows])
