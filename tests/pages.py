"""Reading pages as a browser without scripts does: texts, links, and forms to be sent back."""

import html
import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from tests.demo import DemoCollege

SEE_OTHER = 303
NEXT_PAGE = re.compile(r'href="([^"]+)" rel="next"')


class FormReader(HTMLParser):
    """Collects what the form with this id would send."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.fields: dict[str, str] = {}
        self.is_inside = False
        self.open_field: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the names and values of inputs, options and text areas."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        if not self.is_inside:
            return
        name = given.get("name")
        if tag == "input" and name and given.get("type") != "radio":
            self.fields[name] = given.get("value", "")
        elif tag in ("select", "textarea") and name:
            self.open_field, self.fields[name] = name, ""
        elif tag == "option" and self.open_field and "selected" in given:
            self.fields[self.open_field] = given["value"]

    def handle_data(self, data: str) -> None:
        """Text in a text area, without the line break that begins it."""
        if self.open_field and self.lasttag == "textarea":
            self.fields[self.open_field] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened."""
        if tag in ("select", "textarea"):
            self.open_field = None
        if tag == "form":
            self.is_inside = False


def form_of(answer: TestResponse, form_id: str = "row-form") -> dict[str, str]:
    """What the form of the page would send, by name."""
    reader = FormReader(form_id)
    reader.feed(answer.get_data(as_text=True))
    return reader.fields


def text_of(answer: TestResponse) -> str:
    """The words on the page."""
    page = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", f"<main{page}")))


def pages_of(demo: DemoCollege, who: str, address: str, **query: str) -> list[TestResponse]:
    """Every page of a long list, by following the link to the next one."""
    found = [demo.caller(who).get(address, **query)]
    while links := NEXT_PAGE.findall(found[-1].get_data(as_text=True)):
        found.append(demo.caller(who).get(html.unescape(links[0])))
    return found


def followed(demo: DemoCollege, who: str, answer: TestResponse) -> TestResponse:
    """The page that a form led to; a form that was refused shows it itself."""
    return demo.caller(who).get(answer.location) if answer.status_code == SEE_OTHER else answer


def links_of(answer: TestResponse) -> list[str]:
    """The addresses the page leads to."""
    found = re.findall(r'<a[^>]* href="([^"]+)"', answer.get_data(as_text=True))
    return [html.unescape(address) for address in found]
