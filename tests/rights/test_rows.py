"""What lists, files and pickers show of somebody else's: the rows that an answer contains.

The second table, ``contents.txt``: y shown, h not shown, n refused (403).
"""

import pytest

from tests.demo import DemoCollege
from tests.rights.contents import shows
from tests.rights.setting import set_stage
from tests.rights.table import Line, asking_on, read_lines

LINES = read_lines("contents.txt")


@pytest.mark.parametrize("line", LINES, ids=str)
def test_an_answer_contains_what_the_table_says(demo: DemoCollege, line: Line) -> None:
    set_stage(demo, line)

    found = {who: shows(demo, line, who) for who in asking_on(demo.engine.dialect.name)}

    assert found == {who: line.expected[who] for who in found}
