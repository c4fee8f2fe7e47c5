"""A warning of 教务处 about a text book, in the register, and the forms that deal with it."""

from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from app.actions.finding_register import check_table
from app.domain.submission import Verb
from app.models.cycle import Cycle
from app.models.submission import Submission
from tests.demo import DemoCollege
from tests.web.api.test_finding import DEPARTMENT, TABLE, with_an_old_book

SAID = "经典教材，仍在使用"
Found = dict[str, Any]


def listed(demo: DemoCollege) -> Found:
    """The finding as the API gives it, once the register knows it."""
    made = with_an_old_book(demo)
    look(demo)
    return made


def look(demo: DemoCollege) -> None:
    """Bring the register up to date for the table of text books."""
    with demo.session() as session:
        cycle = session.get_one(Cycle, demo.cycle.id)
        check_table(session, demo.store, cycle, TABLE, now=datetime.now(UTC))


def tick(found: Found) -> str:
    """How a form names the finding."""
    return f"{TABLE}|{DEPARTMENT}|{found['mark']}|{found['seen'] or ''}"


def act(demo: DemoCollege, who: str, found: Found, act: str, text: str = SAID) -> Any:
    """Send the form of the list."""
    data = {"act": act, "chosen": tick(found), "text": text, "table": TABLE}
    return demo.caller(who).post("/findings/acts", data=data)


def act_on_page(demo: DemoCollege, who: str, found: Found, act: str, text: str = SAID) -> Any:
    """Send the form on the page of the submission."""
    submission = demo.submission(TABLE, DEPARTMENT)
    data = {"act": act, "chosen": tick(found), "text": text, "of_rule": found["rule"]}
    return demo.caller(who).post(f"/submissions/{submission.id}/findings", data=data)


def take(
    demo: DemoCollege, who: str, submission: Submission, verb: Verb, **typed: str
) -> TestResponse:
    """Send the form of a step as it is, with nothing explained on the way."""
    form = {"version": submission.version, **typed}
    return demo.caller(who).post(f"/submissions/{submission.id}/{verb}", data=form)
