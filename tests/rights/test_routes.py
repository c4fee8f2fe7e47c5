"""Every route and method, asked by everybody, against the one written table."""

from collections.abc import Iterator

import pytest

from tests.demo import DemoCollege
from tests.rights.asking import ask
from tests.rights.setting import set_stage
from tests.rights.table import CALLERS, LET_IN, Line, letter_of, plain_route, read_lines

LINES = read_lines("expected.txt")
# What everybody may fetch before signing in, files of the page shell.
FILES = "/static/"
SAFE = {"HEAD", "OPTIONS"}


def routes_of(demo: DemoCollege) -> set[tuple[str, str]]:
    """Every method of every rule that is served."""
    return {
        (method, plain_route(rule.rule))
        for rule in demo.application.url_map.iter_rules()
        for method in rule.methods - SAFE
        if not rule.rule.startswith(FILES)
    }


def in_turn(line: Line) -> Iterator[str]:
    """Those who are to be refused first: whoever may do it changes what the others would meet."""
    return iter(sorted(CALLERS, key=lambda who: line.expected[who] == LET_IN))


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_is_answered_as_the_table_says(demo: DemoCollege, line: Line) -> None:
    set_stage(demo, line)

    answers = {who: letter_of(ask(demo, line, who)) for who in in_turn(line)}

    assert {who: answers[who] for who in CALLERS} == dict(line.expected)
