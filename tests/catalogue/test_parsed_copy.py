"""The parsed copy beside a file spares time and never says anything else than the file."""

from pathlib import Path

import pytest
import yaml

from app.catalogue.parsed_copy import SMALLEST, parsed

LONG = f"# {'x' * SMALLEST}\n"


def once(content: bytes) -> object:
    return yaml.safe_load(content)


def never(_content: bytes) -> object:
    pytest.fail("the copy was not used")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tables.yaml"
    path.write_text(LONG + "tables: [{label: 学生, key: [xh]}]")
    return path


def copies(file: Path) -> list[Path]:
    return [each for each in file.parent.iterdir() if each != file]


def test_second_reading_takes_the_copy(file: Path) -> None:
    first = parsed(file, once)
    assert parsed(file, never) == first == {"tables": [{"label": "学生", "key": ["xh"]}]}


def test_changed_file_is_read_anew(file: Path) -> None:
    parsed(file, once)
    file.write_text(LONG + "tables: []")
    assert parsed(file, once) == {"tables": []}
    assert parsed(file, never) == {"tables": []}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"digest": "1:x", "content": 5}', b"\xff"])
def test_damaged_copy_is_passed_over_and_made_anew(file: Path, damage: bytes) -> None:
    first = parsed(file, once)
    (copy,) = copies(file)
    copy.write_bytes(damage)
    assert parsed(file, once) == first
    assert parsed(file, never) == first


@pytest.mark.parametrize("text", ["day: 2025-01-02", "{1: x}", "n: .nan", "n: 0x1" + "0" * 40])
def test_what_json_would_say_differently_is_not_copied(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tables.yaml"
    file.write_text(LONG + text)
    parsed(file, once)
    assert copies(file) == []


def test_folder_that_cannot_be_written_to_is_no_fault(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _content: bytes) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert parsed(file, once)
    assert copies(file) == []


def test_short_file_has_no_copy(tmp_path: Path) -> None:
    file = tmp_path / "tables.yaml"
    file.write_text("tables: []")
    assert parsed(file, once) == {"tables": []}
    assert copies(file) == []
