"""Files out of archives: names in any encoding, within bounds, each with its reason."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from app.domain.message import Refused
from app.exchange.collected_file import (
    LARGEST_FILE,
    MOST_FILES,
    collected_files,
    pack_files,
    unpack_files,
)
from tests.exchange.books import book_of
from tests.hand_outs import zipped


def reasons(files: Mapping[str, bytes]) -> dict[str, str]:
    """Name → why the file is not looked at, for an archive of the files."""
    found = collected_files([("回收.zip", zipped(files))])
    return {each.name: each.refusal.english() if each.refusal else "" for each in found}


def test_an_archive_is_opened_and_a_workbook_is_not() -> None:
    book = book_of([["甲"]])

    found = collected_files([("回收.zip", zipped({"夹/张.xlsx": book})), ("李.xlsx", book)])

    assert [(each.name, each.content) for each in found] == [
        ("夹/张.xlsx", book),
        ("李.xlsx", book),
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_are_read_in_the_encoding_they_are_written_in(encoding: str) -> None:
    raw = "张三 课程.xlsx".encode(encoding)
    placeholder = "x" * len(raw)
    packed = zipped({placeholder: b"content"}).replace(placeholder.encode(), raw)

    assert [each.name for each in collected_files([("回收.zip", packed)])] == ["张三 课程.xlsx"]


def test_what_systems_leave_beside_the_files_is_passed_over() -> None:
    left = dict.fromkeys(("__MACOSX/._a.xlsx", "~$a.xlsx", "夹/.DS_Store", "Thumbs.db"), b"x")

    assert reasons({**left, "a.xlsx": b"content"}) == {"a.xlsx": ""}


def test_archives_inside_archives_and_of_other_kinds_are_told() -> None:
    found = reasons({"内.zip": zipped({"a.xlsx": b"x"}), "内.rar": b"Rar!\x1a\x07\x00"})

    assert all("inside an archive" in reason for reason in found.values())
    [other] = collected_files([("文件.7z", b"7z\xbc\xaf\x27\x1c")])
    assert other.refusal is not None
    assert ".zip" in other.refusal.english()


def test_a_file_that_unpacks_to_very_much_is_never_unpacked() -> None:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("炸弹.xlsx", b"\0" * (LARGEST_FILE + 1))
        archive.writestr("小炸弹.xlsx", b"\0" * (LARGEST_FILE // 2))
        archive.writestr("好.xlsx", b"content")

    found = collected_files([("回收.zip", target.getvalue())])

    assert [(each.name, bool(each.refusal)) for each in found] == [
        ("炸弹.xlsx", True),
        ("小炸弹.xlsx", True),
        ("好.xlsx", False),
    ]


def test_a_file_with_a_password_or_damage_keeps_nothing_else_out() -> None:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr(ZipInfo("a.xlsx"), b"first content")
        archive.writestr(ZipInfo("b.xlsx"), b"second content")
    broken = target.getvalue().replace(b"first content", b"fIrst content")

    found = collected_files([("回收.zip", broken)])

    assert [bool(each.refusal) for each in found] == [True, False]


def test_too_many_files_are_refused_as_a_whole() -> None:
    many = zipped({f"{number}.xlsx": b"x" for number in range(MOST_FILES + 1)})

    with pytest.raises(Refused):
        collected_files([("回收.zip", many)])
    with pytest.raises(Refused):
        collected_files([])


def test_kept_files_are_the_same_again() -> None:
    files = collected_files([("a.xlsx", b"one\ntwo"), ("b.rar", b"Rar!\x1a\x07\x00")])

    again = unpack_files(pack_files(files))

    assert [(f.name, f.content, f.refusal) for f in again] == [
        (f.name, f.content, f.refusal) for f in files
    ]
