"""Tokens, pages that do not prove themselves, and appointments that have ended."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.models.person import Appointment, Person
from app.reports.person import ActorCache
from app.web.formats import local
from tests.demo import DemoCollege, on_one_database
from tests.rights.asking import ask, client_of, noting_writes, path_of, token_of_api
from tests.rights.setting import set_stage
from tests.rights.table import CALLERS, LET_IN, Line, letter_of, read_lines

LINES = read_lines("expected.txt")
OF_API = [line for line in LINES if line.route.startswith("/api/v1/")]
TOKEN_HOLDERS = ("admin", "teacher", "other")
UNSAFE = [line for line in LINES if line.method != "GET"]
# Here one proves oneself with a password, from wherever the request comes.
WITHOUT_PROOF = "/api/v1/security/login"
APPOINTED = ("admin", "qa", "steward", "head", "teacher", "leader")


def is_for_everybody(line: Line) -> bool:
    """Whether having an account is enough: one's own affairs and empty lists."""
    return all(line.expected[who] in LET_IN | {"l"} for who in CALLERS if who != "visitor")


# What a request proves is settled before the database is asked for anything of the college.
pytestmark = on_one_database


@pytest.mark.parametrize("line", OF_API, ids=str)
def test_a_token_opens_what_the_cookie_opens(demo: DemoCollege, line: Line) -> None:
    set_stage(demo, line)
    callers = sorted(TOKEN_HOLDERS, key=lambda who: line.expected[who] in LET_IN)
    found = {}

    for who in callers:
        with noting_writes(demo) as written:
            answer = ask(demo, line, who, token=token_of_api(demo, who))
        found[who] = letter_of(answer, line.expected[who], wrote=bool(written))

    assert found == {who: line.expected[who] for who in callers}


def test_no_unsafe_request_is_taken_that_does_not_prove_its_page(demo: DemoCollege) -> None:
    taken = {}
    for line in UNSAFE:
        who = next((who for who in APPOINTED if line.expected[who] == "y"), "qa")
        client, _headers = client_of(demo, who, unsafe=True)
        with noting_writes(demo) as written:
            path = path_of(demo, line, who)
            answer = client.open(path, method=line.method, data={"version": "1"})
        if line.route != WITHOUT_PROOF and (answer.status_code != 400 or written):
            taken[f"{who} {line}"] = (answer.status_code, written)

    assert taken == {}


@pytest.mark.parametrize("who", APPOINTED)
def test_an_appointment_that_has_ended_opens_nothing(demo: DemoCollege, who: str) -> None:
    opened = [line for line in LINES if line.expected[who] in LET_IN and not is_for_everybody(line)]
    end_appointments(demo, CALLERS[who] or "")

    found = {str(line): letter_of(ask(demo, line, who), "n", wrote=False) for line in opened}

    assert opened
    assert {line: letter for line, letter in found.items() if letter not in {"n", "h"}} == {}


def end_appointments(demo: DemoCollege, username: str) -> None:
    """Yesterday was the last day; what the framework's roles say stays."""
    yesterday = local(datetime.now(UTC)).date() - timedelta(days=1)
    person = select(Person.id).where(Person.username == username).scalar_subquery()
    with demo.session() as session:
        session.execute(
            update(Appointment)
            .where(Appointment.person_id == person)
            .values(valid_to=yesterday)
            .execution_options(synchronize_session=False)
        )
        session.commit()
    demo.application.extensions["actors"] = ActorCache()
