"""Finding a plain text and putting another in its place."""

import pytest

from app.rules.find_text import TextSearch


@pytest.mark.parametrize(
    ("search", "text", "replaced"),
    [
        (TextSearch("汽车"), "汽车工程系汽车", "机电工程系机电"),
        (TextSearch("a.c"), "abc a.c", "abc 机电"),
        (TextSearch("cnc"), "CNC 与 ｃＮc", "机电 与 机电"),
        (TextSearch("cnc", match_case=True), "CNC cnc", "CNC 机电"),
        (TextSearch("３", match_width=True), "3３", "3机电"),
        (TextSearch("系", whole=True), "系里", "系里"),
        (TextSearch("系", whole=True), "系", "机电"),
        (TextSearch("aa"), "aaa", "机电a"),
        (TextSearch("İ"), "i̇ İ", "i̇ 机电"),
        (TextSearch(""), "什么", "什么"),
    ],
)
def test_every_place_is_replaced_once_and_nothing_is_a_pattern(
    search: TextSearch, text: str, replaced: str
) -> None:
    assert search.replaced_in(text, "机电") == replaced
    assert search.is_in(text) == (replaced != text)
