"""Names of sheets and letters of columns, as Excel wants them."""

from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from app.exchange.sheet import column_letters, sheet_name


@given(st.lists(st.text(max_size=60), max_size=8))
def test_every_title_gives_a_legal_name_of_its_own(titles: list[str]) -> None:
    taken: set[str] = set()

    names = [sheet_name(title, taken) for title in titles]

    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert not any(name.startswith("'") or name.endswith("'") for name in names)


def test_columns_are_lettered_like_excel_does() -> None:
    assert [column_letters(n) for n in range(800)] == [get_column_letter(n + 1) for n in range(800)]
