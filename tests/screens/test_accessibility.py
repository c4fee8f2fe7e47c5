"""Every kind of page, on a desk and on a phone: axe finds nothing, nothing runs over the edge."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.architecture.source import ROOT
from tests.demo import DemoCollege, on_one_database
from tests.screens.crawl import PEOPLE, Visited, crawled, kind_of
from tests.served import enter

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = """(without) => axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
})"""
# The grid library's own markup, rows without a group; the same rows are offered as forms.
KNOWN_OF_GRID = {
    "aria-required-children",
    "aria-required-parent",
    "label-content-name-mismatch",
    "nested-interactive",
    "scrollable-region-focusable",
}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Colours are the same at any width, and looking at them takes longest.
SEEN_ON_DESK = ("color-contrast",)


def pages_of_every_kind(demo: DemoCollege) -> Iterator[tuple[str, Visited]]:
    """Person and page, one of each kind; a table of one row is another kind than a grid."""
    kinds: set[tuple[str | None, bool]] = set()
    for who in PEOPLE:
        for visited in crawled(demo, who):
            kind = (kind_of(demo, visited.address), has_grid(visited))
            if kind not in kinds and visited.answer.mimetype == "text/html":
                kinds.add(kind)
                yield who, visited


def has_grid(visited: Visited) -> bool:
    """Whether the page shows rows in a grid, which is laid out when it is loaded."""
    return b'id="grid"' in visited.answer.data


def faults(page: Page, size: ViewportSize, without: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page, and whether it is wider than the window."""
    page.set_viewport_size(size)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(RULES, list(without))
    told = [
        f"{violation['id']}: {node['target']}"
        for violation in found["violations"]
        for node in violation["nodes"]
        if violation["id"] not in KNOWN_OF_GRID or not is_of_grid(node)
    ]
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*told, *([f"{beyond} pixels too wide"] if beyond > 0 else [])]


def is_of_grid(node: dict[str, Any]) -> bool:
    """Whether the element is the grid or made by its library."""
    return any(word in str(node["target"]) for word in ("#grid", "slick-", "grid-canvas"))


@on_one_database
def test_axe_finds_nothing(demo: DemoCollege, address: str, page: Page) -> None:
    found: dict[str, list[str]] = {}

    for who, visited in pages_of_every_kind(demo):
        enter(demo, address, page, who)
        open_page(page, address, visited, DESK)
        wrong = faults(page, DESK)
        if has_grid(visited):
            open_page(page, address, visited, PHONE)
        wrong += faults(page, PHONE, SEEN_ON_DESK)
        if wrong:
            found[f"{who} {visited.address}"] = wrong

    assert found == {}


def open_page(page: Page, address: str, visited: Visited, size: ViewportSize) -> None:
    """Open the page at this size; the rows of a grid come after it."""
    page.set_viewport_size(size)
    page.goto(address + visited.address)
    if has_grid(visited):
        page.wait_for_load_state("networkidle")


@on_one_database
@pytest.mark.parametrize("path", ["/login/", "/nothing-here"])
def test_axe_finds_nothing_before_signing_in(address: str, page: Page, path: str) -> None:
    page.goto(address + path)

    assert faults(page, DESK) == []
