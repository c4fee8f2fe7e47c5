"""Every test of an article quotes the clause it stands for, word for word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import SEED

FILES = sorted(Path(__file__).parent.glob("test_article_*.py"))
ARTICLE = re.compile(r"^第([一二三四五六七八九十]+)条", re.MULTILINE)
DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}


def article_number(numeral: str) -> int:
    tens, _, ones = numeral.rpartition("十")
    if "十" not in numeral:
        return DIGITS[numeral]
    return (DIGITS[tens] if tens else 1) * 10 + DIGITS.get(ones, 0)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def articles() -> dict[int, str]:
    text = (SEED / "regulation.txt").read_text("utf-8")
    parts = ARTICLE.split(text)[1:]
    return {
        article_number(numeral): squeezed(body)
        for numeral, body in zip(parts[::2], parts[1::2], strict=True)
    }


def quoting_tests() -> Iterator[tuple[str, int, str]]:
    for path in FILES:
        number = int(path.stem.rpartition("_")[2])
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{path.stem}::{node.name}", number, ast.get_docstring(node) or ""


def test_the_regulation_has_eighteen_articles() -> None:
    assert list(articles()) == list(range(1, 19))


@pytest.mark.parametrize(("name", "article", "docstring"), list(quoting_tests()))
def test_the_quoted_clause_stands_in_its_article(name: str, article: int, docstring: str) -> None:
    quotes = re.findall("「(.+?)」", docstring, re.DOTALL)

    assert quotes, f"{name} quotes no clause"
    assert [quote for quote in quotes if squeezed(quote) not in articles()[article]] == []
