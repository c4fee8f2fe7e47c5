"""What spreadsheets put on the clipboard, read by the browser that reads it in the grid."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from tests.architecture.source import ROOT

HERE = Path(__file__).parent
SAMPLES = json.loads((HERE / "clipboard_samples.json").read_text(encoding="utf-8"))
ASSETS = ROOT / "app" / "web" / "assets"
ADDRESS = "http://localhost"
# The table if there is one, else the plain text: as the grid takes it.
READ = """async ([html, text]) => {
  const { parseTable } = await import("/grid/clipboard_html.js");
  const { parseBlock } = await import("/grid/clipboard.js");
  return parseTable(html) ?? parseBlock(text);
}"""


def serve(route: Route) -> None:
    """The modules as they are, and an empty page to import them from."""
    path = ASSETS / route.request.url.removeprefix(f"{ADDRESS}/")
    if path.suffix == ".js":
        route.fulfill(path=path, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>empty</title>", content_type="text/html")


def test_every_sample_is_read_as_its_spreadsheet_shows_it(page: Page) -> None:
    page.route(f"{ADDRESS}/**", serve)
    page.goto(f"{ADDRESS}/")
    tables: list[dict[str, Any]] = [sample for sample in SAMPLES if sample.get("html")]

    for sample in tables:
        cells = page.evaluate(READ, [sample["html"], sample["text"]])
        assert cells == sample["cells"], f"{sample['source']}: {sample['about']}"

    assert page.title() == "empty"
    assert len(SAMPLES) >= 40
