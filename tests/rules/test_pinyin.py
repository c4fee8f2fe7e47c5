"""Words are found by the first letters of their pinyin, whichever of their readings is meant."""

import re

import pytest

from app.rules.pinyin import FILE, initials_in, initials_pattern, spellings


@pytest.mark.parametrize(
    ("letters", "word", "found"),
    [
        ("qcx", "汽车系", True),
        ("qc", "汽车系", True),
        ("cx", "汽车系", False),
        ("cqdx", "重庆大学", True),
        ("zqdx", "重庆大学", True),
        ("ajs", "A教室", True),
        ("qcx", "qcx", True),
        ("qcx", "机电系", False),
    ],
)
def test_letters_stand_for_the_characters_read_with_them(
    letters: str, word: str, found: bool
) -> None:
    assert (re.search(initials_pattern(letters), word) is not None) is found


def test_letters_are_found_in_the_middle_as_a_second_choice() -> None:
    assert re.search(initials_pattern("cx", anywhere=True), "汽车系")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (" QcX ", "qcx"),
        ("", None),
        ("汽车", None),
        ("q.x", None),
        ("q1", None),
        ("ｑ", None),
        ("abcdefghi", None),
    ],
)
def test_only_a_few_letters_are_initials(text: str, letters: str | None) -> None:
    assert initials_in(text) == letters


def test_a_label_tells_the_initials_it_may_be_looked_for_by() -> None:
    assert "qcx" in spellings("汽车系").split()
    assert spellings("A-1") == ""
    assert len(spellings("长长长长长长长长").split()) <= 16


def test_the_file_holds_what_its_tool_finds() -> None:
    pytest.importorskip("pypinyin", reason="the tool's library is not installed")
    content = pytest.importorskip("tools.pinyin").content
    assert FILE.read_text(encoding="utf-8") == content()
