"""INV12: every route and method, asked by everybody, against the one written table."""

import pytest

from tests.demo import DemoCollege
from tests.rights.asking import ask, noting_writes
from tests.rights.setting import set_stage
from tests.rights.table import LET_IN, Line, asking_on, letter_of, plain_route, read_lines

LINES = read_lines("expected.txt")
# What everybody may fetch before signing in, files of the page shell.
FILES = "/static/"
SAFE = {"HEAD", "OPTIONS"}
# What somebody has done cannot be done by the next.
DONE_ONCE = {
    "/api/v1/data/<table>/changes",
    "/api/v1/data/<table>/views/<number>",
    "/data/<table>/<row>/delete",
    "/api/v1/data/<table>/materials/<number>",
    "/api/v1/data/<table>/comments/<number>",
}
# Addresses below which everything belongs to a department or a person.
SCOPED = (
    "/data/<table>/",
    "/api/v1/data/<table>/",
    "/submissions/<number>",
    "/api/v1/submissions/<number>",
    "/requests/<number>",
    "/cooperation/<number>",
    "/cooperation/submissions/<number>",
    "/api/v1/cooperation/<number>",
    "/receipts/<number>",
    "/receipts/scans/<number>",
    "/requests/submissions/<number>",
    "/api/v1/requests/<number>",
    "/people/<number>",
    "/feeds/<number>/preview",
    "/feeds/<number>/run",
    "/feeds/<number>/schedule",
    "/api/v1/feeds/<number>/preview",
    "/api/v1/feeds/<number>/runs",
    "/appraisal/<year>/departments/<department>",
    "/spot_checks/<number>",
    "/assignments/departments/<code>",
    "/account/sessions/<number>",
    "/jobs/export/<table>",
    "/jobs/<key>",
    "/api/v1/jobs/<key>",
)


def routes_of(demo: DemoCollege) -> set[tuple[str, str]]:
    """Every method of every rule that is served."""
    return {
        (method, plain_route(rule.rule))
        for rule in demo.application.url_map.iter_rules()
        for method in rule.methods - SAFE
        if not rule.rule.startswith(FILES)
    }


def in_turn(demo: DemoCollege, line: Line) -> list[str]:
    """Those who are to be refused first: whoever may do it changes what the others would meet."""
    asking = asking_on(demo.engine.dialect.name)
    return sorted(asking, key=lambda who: line.expected[who] in LET_IN)


def answers_to(demo: DemoCollege, line: Line) -> dict[str, str]:
    """Kind of caller → the letter of the answer."""
    set_stage(demo, line)
    found: dict[str, str] = {}
    with noting_writes(demo) as written:
        for who in in_turn(demo, line):
            answer = ask(demo, line, who)
            found[who] = letter_of(answer, line.expected[who], wrote=bool(written))
            if written and line.route in DONE_ONCE:
                demo.restore()
                set_stage(demo, line)
            written.clear()
    return found


@pytest.mark.parametrize("line", LINES, ids=str)
def test_everybody_is_answered_as_the_table_says(demo: DemoCollege, line: Line) -> None:
    answers = answers_to(demo, line)

    assert answers == {who: line.expected[who] for who in answers}


def test_every_route_and_method_stands_in_the_table(demo: DemoCollege) -> None:
    assert routes_of(demo) - {(line.method, line.route) for line in LINES} == set()


def test_the_table_names_no_route_that_is_not_served(demo: DemoCollege) -> None:
    assert {(line.method, line.route) for line in LINES} - routes_of(demo) == set()


@pytest.mark.parametrize("scoped", SCOPED)
def test_what_belongs_to_somebody_is_asked_for_as_ones_own_and_as_anothers(scoped: str) -> None:
    asked: dict[tuple[str, str], set[str]] = {}
    for line in LINES:
        if line.route.startswith(scoped):
            asked.setdefault((line.method, line.route), set()).add(line.whose)

    assert {route: found for route, found in asked.items() if not {"own"} < found} == {}


def test_no_line_stands_twice_in_the_table() -> None:
    told = [str(line) for line in LINES]

    assert sorted(set(told)) == sorted(told)
