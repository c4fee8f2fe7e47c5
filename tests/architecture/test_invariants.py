"""Sixteen things are true whatever happens; each is named by the test that shows it."""

import re

import pytest

from tests.architecture.source import TESTS

INVARIANTS = {
    1: "nothing changes its state without exactly one entry in the audit log",
    2: "the chain of the audit log holds",
    3: "what the table of steps does not permit is refused, and nothing is written",
    4: "no state is a dead end",
    5: "rows of a reported table cannot be changed in any way",
    6: "approvals name the fingerprint of what is kept",
    7: "a change takes back what was approved of the table, and of no other one",
    8: "when a table was reported first is settled once",
    9: "consolidated figures are the sums of what was accepted",
    10: "of two who take a step at once one succeeds",
    11: "nobody approves what he filled in",
    12: "other departments' things exist on no route",
    13: "nobody is reminded twice of the same",
    14: "the days of a period are inside, their neighbours outside",
    15: "counting again gives the stored score",
    16: "opening again by the quality office lowers no score",
}


@pytest.mark.parametrize("number", INVARIANTS, ids=lambda number: f"{number}")
def test_every_invariant_is_named_by_the_test_that_shows_it(number: int) -> None:
    named = re.compile(rf"\bINV{number}\b")

    assert [path for path in TESTS.rglob("test_*.py") if named.search(path.read_text("utf-8"))]
