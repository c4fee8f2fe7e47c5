"""No English word stands on any page of anybody, but for data and the names of things."""

import csv
import re
from collections.abc import Iterator
from functools import cache

import pytest
import yaml

from tests.demo import DemoCollege, on_one_database
from tests.factories import SEED, seed_catalogue
from tests.screens.crawl import PEOPLE, Visited, crawled

# A word that is cut off at the end of a cell, or masked, is data too.
WORD = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z]{3,}(?![A-Za-z0-9_…*])")
# A rule is told apart by its identifier, as a table is by its number.
IDENTIFIER = re.compile(r"QR\.[A-Z0-9_]+\.(\*|[A-Z0-9_]+)\.[0-9]{2}")
# What everybody calls by this name, in Chinese sentences too.
NAMES = {
    "WPS",
    "Excel",
    "Word",
    "PDF",
    "CSV",
    "csv",
    "Ctrl",
    "Shift",
    "Enter",
    "Tab",
    "Esc",
    "Alt",
    "xlsx",
    "xls",
    "ods",
}


@cache
def words_of_data() -> frozenset[str]:
    """Latin words of catalogue titles, of the demo college's people and of its rows."""
    return frozenset(word for text in texts_of_data() for word in WORD.findall(text))


def texts_of_data() -> Iterator[str]:
    catalogue = seed_catalogue()
    for spec in catalogue.tables.values():
        yield f"{spec.title} {spec.guidance}"
        for field in spec.fields:
            yield f"{field.label} {field.guidance} {field.unit}"
    for code_list in catalogue.code_lists.values():
        yield " ".join(code_list.labels.values())
    people = yaml.safe_load((SEED / "demo" / "people.yaml").read_text(encoding="utf-8"))
    yield " ".join(str(person["username"]) for person in people["persons"])
    for path in sorted((SEED / "demo" / "rows").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                yield " ".join(row)


def english(page: Visited) -> set[str]:
    return {
        f"{page.who} {page.address}: {word}"
        for word in WORD.findall(IDENTIFIER.sub("", page.text))
        if word not in words_of_data() | NAMES
    }


@on_one_database
@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_speaks_english(demo: DemoCollege, who: str) -> None:
    pages = crawled(demo, who)

    assert len(pages) > 1
    assert set().union(*map(english, pages)) == set()


@on_one_database
@pytest.mark.parametrize("who", PEOPLE)
def test_every_link_leads_somewhere(demo: DemoCollege, who: str) -> None:
    lost = {page.address: page.answer.status_code for page in crawled(demo, who)}

    assert {address: code for address, code in lost.items() if code >= 400} == {}


@pytest.mark.parametrize(
    "address", ["/login/", "/nothing-here", "/data/zz/", "/api/v1/nothing", "/cycles/0/x"]
)
def test_answers_to_strangers_and_mistakes_are_chinese(demo: DemoCollege, address: str) -> None:
    for caller in (demo.visitor(), demo.caller("qa").client):
        answer = caller.get(address, follow_redirects=True)
        text = answer.get_data(as_text=True)
        if answer.mimetype != "text/html":
            text = " ".join(str(value) for value in (answer.json or {}).values())
            assert not WORD.search(text.replace(address, "").replace("about:blank", "")), text
        else:
            assert english(Visited("", address, answer)) == set()
