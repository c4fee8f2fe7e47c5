"""Taking the steps of a submission by the forms of its page."""

import re
from collections.abc import Sequence
from typing import Any

from werkzeug.test import TestResponse

from app.domain.finding import REVIEW_POINTS
from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.demo import PASSWORD, DemoCollege
from tests.findings import settle_findings_of
from tests.pages import text_of

ALL_YES = {point.value: "yes" for point in REVIEW_POINTS}
# What leads from entry to acceptance: verb, who takes it, what he types.
PATH: tuple[tuple[Status, Verb, str, dict[str, str]], ...] = (
    (Status.UNDER_REVIEW, Verb.FINISH, "jwc_steward", {}),
    (Status.AWAITING_CONFIRMATION, Verb.REVIEW, "jwc_steward", ALL_YES),
    (Status.SUBMITTED, Verb.CONFIRM, "jwc_head", {"password": PASSWORD}),
    (Status.UNDER_QA_REVIEW, Verb.RECEIVE, "qa", {}),
    (Status.ACCEPTED, Verb.ACCEPT, "qa", {}),
)
FORM = re.compile(r'action="/submissions/\d+/(\w+)"')


def explained(demo: DemoCollege, *submissions: Submission) -> None:
    """Let the data steward of 教务处 explain what the rules warn of."""
    for each in submissions:
        settle_findings_of(demo.engine, demo.store, each, Verb.FINISH, "jwc_steward")


def adopted(demo: DemoCollege, submissions: Sequence[Submission]) -> None:
    """Let the quality office adopt what was explained."""
    for each in submissions:
        settle_findings_of(demo.engine, demo.store, each, Verb.ACCEPT, "qa")


def take(
    demo: DemoCollege, who: str, submission: Submission, verb: Verb | str, **typed: Any
) -> TestResponse:
    """Send the form of a step as it stood on the page of ``submission``; warnings are explained."""
    if verb in set(Verb):
        settle_findings_of(demo.engine, demo.store, submission, Verb(verb), who)
    form = {"version": submission.version, **typed}
    return demo.caller(who).post(f"/submissions/{submission.id}/{verb}", data=form)


def brought(demo: DemoCollege, status: Status, table: str = "course") -> Submission:
    """The submission of 教务处 that stands in entry, brought to ``status`` page by page."""
    submission = demo.submission(table, "A03")
    for reached, verb, who, typed in PATH:
        if submission.status is status:
            break
        answer = take(demo, who, submission, verb, **typed)
        assert answer.status_code == 302, text_of(answer)
        submission = demo.submission(table, "A03")
        assert submission.status is reached
    return submission


def page_of(demo: DemoCollege, who: str, submission: Submission) -> TestResponse:
    """The page of the submission as the person sees it."""
    return demo.caller(who).get(f"/submissions/{submission.id}")


def offered(answer: TestResponse) -> set[str]:
    """The verbs for which the page has a form."""
    return set(FORM.findall(answer.get_data(as_text=True))) - {"findings", "items"}
