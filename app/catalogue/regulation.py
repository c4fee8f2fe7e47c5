"""The college's regulation: its text by articles, its version, from which day it is in force.

``regulation.yaml`` names the versions, each with a plain text beside it as it was published.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from app.catalogue.fault import CatalogueError
from app.domain.message import Message

ARTICLE = re.compile(r"^第([一二三四五六七八九十]+)条[ \t　]*", re.MULTILINE)
CHAPTER = re.compile(r"^(第[一二三四五六七八九十]+章)[ \t　]*(.*)$", re.MULTILINE)
ONES = "一二三四五六七八九"
TEN = "十"


@dataclass(frozen=True)
class Article:
    """One article; ``chapter`` is the heading it stands under, ``paragraphs`` its text."""

    number: int
    name: str
    chapter: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Regulation:
    """A version of the regulation; ``in_force_from`` is None while the day was not entered."""

    version: str
    title: str
    preamble: tuple[str, ...]
    articles: tuple[Article, ...]
    in_force_from: date | None

    def article(self, number: int) -> Article | None:
        """The article with this number, None where there is none."""
        return next((each for each in self.articles if each.number == number), None)


def load_regulations(file: Path) -> tuple[Regulation, ...]:
    """The versions in the file, the latest first. Raises CatalogueError."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        found = [_version(file.parent, each) for each in told["versions"]]
    except (KeyError, TypeError, OSError) as error:
        raise CatalogueError(
            [Message("%(file)s: %(fault)s", {"file": file.name, "fault": str(error)})]
        ) from error
    return tuple(reversed(found))


def _version(folder: Path, told: dict[str, object]) -> Regulation:
    text = (folder / str(told["text"])).read_text(encoding="utf-8")
    day = told.get("in_force_from")
    before, *_rest = ARTICLE.split(text, maxsplit=1)
    title = str(told["title"])
    return Regulation(
        version=str(told["version"]),
        title=title,
        preamble=_paragraphs(CHAPTER.split(before, maxsplit=1)[0]),
        articles=tuple(_articles(text)),
        in_force_from=day if isinstance(day, date) else None,
    )


def _articles(text: str) -> list[Article]:
    headings = [(match.start(), " ".join(match.groups())) for match in CHAPTER.finditer(text)]
    starts = list(ARTICLE.finditer(text))
    ends = [match.start() for match in starts[1:]] + [len(text)]
    found = []
    for match, end in zip(starts, ends, strict=True):
        body = CHAPTER.split(text[match.end() : end], maxsplit=1)[0]
        chapter = next((name for at, name in reversed(headings) if at < match.start()), "")
        name = match[0].strip()
        found.append(Article(number_of(match[1]), name, chapter.strip(), _paragraphs(body)))
    return found


def number_of(numeral: str) -> int:
    """The number that a Chinese numeral below a hundred names."""
    tens, ten, ones = numeral.rpartition(TEN)
    if not ten:
        return ONES.index(numeral) + 1
    return (ONES.index(tens) + 1 if tens else 1) * 10 + (ONES.index(ones) + 1 if ones else 0)


def _paragraphs(text: str) -> tuple[str, ...]:
    lines: Sequence[str] = text.splitlines()
    return tuple(line.strip() for line in lines if line.strip())
