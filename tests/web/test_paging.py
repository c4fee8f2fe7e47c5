"""A long list in pages: which lines, which numbers are linked, whatever is asked for."""

import pytest

from app.web.paging import PAGE_LENGTH, page_with, paged


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1),
        ("1", 1),
        ("3", 3),
        ("6", 6),
        ("7", 6),
        ("0", 1),
        ("-2", 1),
        ("二", 1),
        ("9" * 99, 1),
    ],
)
def test_the_nearest_page_is_shown(asked: str, number: int) -> None:
    assert paged(range(251), {"page": asked}).number == number


def test_the_pages_together_are_the_list() -> None:
    lines = list(range(251))
    pages = [paged(lines, {"page": str(number)}) for number in range(1, 7)]

    assert [line for page in pages for line in page.lines] == lines
    assert {page.pages for page in pages} == {6}
    assert [(page.first, page.last) for page in pages][:2] == [(1, 50), (51, 100)]
    assert (pages[-1].first, pages[-1].last, pages[-1].count) == (251, 251, 251)
    assert all(line in paged(lines, {"page": str(page_with(line))}).lines for line in lines)


def test_an_empty_list_has_one_empty_page() -> None:
    page = paged([], {"page": "2"})

    assert (list(page.lines), page.number, page.pages, page.numbers) == ([], 1, 1, [1])


@pytest.mark.parametrize(
    ("number", "pages", "linked"),
    [
        (1, 2, [1, 2]),
        (1, 6, [1, 2, None, 6]),
        (3, 6, [1, 2, 3, 4, None, 6]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (9, 9, [1, None, 8, 9]),
    ],
)
def test_ends_and_neighbours_are_linked(number: int, pages: int, linked: list[int | None]) -> None:
    assert paged(range(pages * PAGE_LENGTH), {"page": str(number)}).numbers == linked
