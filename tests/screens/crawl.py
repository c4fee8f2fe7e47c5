"""Following every link as a person does: all pages that somebody reaches, a few of each kind."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from werkzeug.test import TestResponse

from tests.demo import DemoCollege

# One person of every kind, who together reach every page there is.
PEOPLE = (
    "admin",
    "qa",
    "jwc_steward",
    "qcx_head",
    "t_full",
    "t_part",
    "leader",
    "archive",
    "reader",
)
# Pages of one kind differ in their data only.
MOST_OF_A_KIND = 2
# Files, not pages.
FILES = re.compile(r"\.(xlsx|csv|json|zip|svg|js|css)$|^/(static|metrics)")
SHOWN_ATTRIBUTES = ("aria-label", "title", "placeholder", "alt", "data-confirm", "data-label")


@dataclass(frozen=True)
class Visited:
    """A page somebody reached by a link."""

    who: str
    address: str
    answer: TestResponse

    @property
    def text(self) -> str:
        """Everything that is shown or read out, the names of controls included."""
        reader = TextReader()
        reader.feed(self.answer.get_data(as_text=True))
        return " ".join(reader.texts)


# Scripts, codes, and what somebody has typed.
SILENT = ("script", "style", "code", "template", "textarea")


class TextReader(HTMLParser):
    """Collects texts, telling attributes and links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag tells, and that scripts and codes tell nothing."""
        given = {name: value or "" for name, value in attrs}
        self.silent += tag in SILENT
        self.texts += [given[name] for name in SHOWN_ATTRIBUTES if name in given]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.texts.append(given.get("value", ""))
        if tag == "a" and "href" in given and "download" not in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        """The end of what tells nothing."""
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        """A text on the page."""
        if not self.silent:
            self.texts.append(data)


_CRAWLED: dict[tuple[str, str], list[Visited]] = {}


def crawled(demo: DemoCollege, who: str) -> list[Visited]:
    """Every page that links lead ``who`` to; gone through once for all tests of a run."""
    # The address of its database is the college's own for the whole run.
    key = (str(demo.engine.url), who)
    if key not in _CRAWLED:
        _CRAWLED[key] = list(crawl(demo, who))
    return _CRAWLED[key]


def crawl(demo: DemoCollege, who: str) -> Iterator[Visited]:
    """Every page that links lead ``who`` to, beginning with the workbench."""
    caller = demo.caller(who)
    kinds: Counter[str] = Counter()
    pending, seen = ["/"], {"/"}
    while pending:
        address = pending.pop(0)
        kind = kind_of(demo, address)
        if kind is None or kinds[kind] >= MOST_OF_A_KIND:
            continue
        kinds[kind] += 1
        answer = caller.get(address)
        yield Visited(who, address, answer)
        if answer.mimetype == "text/html":
            for link in links_in(address, answer):
                if link not in seen:
                    seen.add(link)
                    pending.append(link)


def kind_of(demo: DemoCollege, address: str) -> str | None:
    """The rule behind an address, None for files and for what is not ours."""
    parts = urlsplit(address)
    if parts.netloc or FILES.search(parts.path):
        return None
    adapter = demo.application.url_map.bind("localhost")
    rule, _ = adapter.match(parts.path, method="GET", return_rule=True)
    return str(rule.rule)


def links_in(address: str, answer: TestResponse) -> list[str]:
    """The addresses that the page's links lead to."""
    reader = TextReader()
    reader.feed(answer.get_data(as_text=True))
    whole = (urldefrag(urljoin(address, link)).url for link in reader.links)
    return [link for link in whole if link.startswith("/")]
