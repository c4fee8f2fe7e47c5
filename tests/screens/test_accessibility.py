"""Every kind of page, on a desk and on a phone: axe finds nothing, nothing runs over the edge."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.architecture.source import ROOT
from tests.demo import DemoCollege, on_one_database
from tests.screens.crawl import PEOPLE, crawled, kind_of

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = """() => axe.run(document, {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
})"""
# The grid library's own markup, rows without a group; the same rows are offered as forms.
KNOWN_OF_GRID = {
    "aria-required-children",
    "aria-required-parent",
    "label-content-name-mismatch",
    "nested-interactive",
    "scrollable-region-focusable",
}
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def pages_of_every_kind(demo: DemoCollege) -> Iterator[tuple[str, str]]:
    """Person and address, one page of each kind."""
    kinds: set[str | None] = set()
    for who in PEOPLE:
        for visited in crawled(demo, who):
            kind = kind_of(demo, visited.address)
            if kind not in kinds and visited.answer.mimetype == "text/html":
                kinds.add(kind)
                yield who, visited.address


def faults(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is wider than the window."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(RULES)
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


# The kind of database makes no difference to a page.
@on_one_database
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing(demo: DemoCollege, address: str, page: Page, size: str) -> None:
    page.set_viewport_size(SIZES[size])
    found: dict[str, list[str]] = {}

    for who, path in pages_of_every_kind(demo):
        demo.caller(who)
        cookie = {"name": "statedata_session", "value": demo.signed_in[who][0], "url": address}
        page.context.add_cookies([cookie])
        page.goto(address + path)
        if page.locator("#grid").count():  # the rows of a grid come after the page
            page.wait_for_load_state("networkidle")
        if wrong := faults(page):
            found[f"{who} {path}"] = wrong

    assert found == {}


@on_one_database
@pytest.mark.parametrize("path", ["/login/", "/nothing-here"])
def test_axe_finds_nothing_before_signing_in(address: str, page: Page, path: str) -> None:
    page.goto(address + path)

    assert faults(page) == []
