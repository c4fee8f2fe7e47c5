"""The regulation as it is read from its text."""

from pathlib import Path

import pytest

from app.catalogue.fault import CatalogueError
from app.catalogue.regulation import load_regulations, number_of
from tests.factories import SEED


def test_the_text_has_its_articles_under_their_chapters() -> None:
    [regulation] = load_regulations(SEED / "regulation.yaml")

    assert [article.number for article in regulation.articles] == list(range(1, 19))
    article = regulation.article(12)
    assert article is not None
    assert (article.name, article.chapter) == ("第十二条", "第三章 数据采集的组织实施")
    assert article.paragraphs[0] == "数据汇总"
    assert article.paragraphs[1].startswith("质量监督管理办公室对各部门报送的数据")


def test_no_word_of_the_text_is_lost() -> None:
    [regulation] = load_regulations(SEED / "regulation.yaml")
    whole = "".join((SEED / "regulation.txt").read_text("utf-8").split())

    told = dict.fromkeys(article.chapter for article in regulation.articles)
    pieces = [*regulation.preamble, *told]
    for article in regulation.articles:
        pieces += [article.name, *article.paragraphs]
    assert sorted("".join("".join(pieces).split())) == sorted(whole)


@pytest.mark.parametrize(
    ("numeral", "number"), [("一", 1), ("十", 10), ("十八", 18), ("二十三", 23)]
)
def test_numerals_are_numbers(numeral: str, number: int) -> None:
    assert number_of(numeral) == number


def test_a_text_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "regulation.yaml"
    file.write_text("versions:\n  - {version: 一, title: 办法, text: nosuch.txt}\n", "utf-8")

    with pytest.raises(CatalogueError):
        load_regulations(file)
