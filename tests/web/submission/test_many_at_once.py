"""A head with 20 tables, the quality office with 100: few clicks and seconds, no guard weaker."""

from collections.abc import Callable
from time import process_time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.domain.submission import Status, Verb
from app.models.submission import Submission
from tests.clean import clean_submissions
from tests.demo import PASSWORD, DemoCollege, on_one_database
from tests.web.submission.test_batch_clicks import DO, HEAD, OFFICE, Mouse, all_of_the_list

pytestmark = on_one_database

OpenPage = Callable[[str, str], Page]
# Of processor time, so that others on the machine do not count.
SECONDS = 5.0


def statuses(demo: DemoCollege, numbers: list[int]) -> set[Status]:
    with demo.session() as session:
        query = select(Submission.status).where(Submission.id.in_(numbers))
        return set(session.scalars(query))


def chosen(demo: DemoCollege, numbers: list[int]) -> list[dict[str, str]]:
    """As the API names them."""
    with demo.session() as session:
        query = select(Submission).where(Submission.id.in_(numbers))
        return [{"id": str(x.id), "version": str(x.version)} for x in session.scalars(query)]


def all_done(mouse: Mouse, count: int) -> None:
    expect(mouse.page.locator("h1")).to_contain_text(f"已办 {count} 张，未办 0 张", timeout=60_000)


def test_a_head_confirms_twenty_tables_in_ten_clicks(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    own = clean_submissions(demo, Status.AWAITING_CONFIRMATION, 20, "A03")
    head = Mouse(open_page("jwc_head", "/"))

    all_of_the_list(head, "mine", Verb.CONFIRM)
    head.click("#batch-password")
    head.page.keyboard.type(PASSWORD)
    head.click(DO)
    all_done(head, 20)

    assert (statuses(demo, own), head.clicks <= HEAD) == ({Status.SUBMITTED}, True)


def test_the_office_deals_with_a_hundred_in_twenty_clicks(
    demo: DemoCollege, open_page: OpenPage
) -> None:
    everything = clean_submissions(demo, Status.SUBMITTED, 100)
    office = Mouse(open_page("qa", "/"))

    for chip, verb in ((Status.SUBMITTED, Verb.RECEIVE), (Status.UNDER_QA_REVIEW, Verb.ACCEPT)):
        all_of_the_list(office, chip, verb)
        office.click(DO)
        all_done(office, 100)

    assert statuses(demo, everything) == {Status.ACCEPTED}
    assert office.clicks <= OFFICE


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        (Status.UNDER_QA_REVIEW, Verb.ACCEPT),
        (Status.SUBMITTED, Verb.RECEIVE),
        (Status.UNDER_QA_REVIEW, Verb.SEND_BACK),
    ],
)
def test_a_hundred_take_a_step_in_five_seconds(
    demo: DemoCollege, status: Status, verb: Verb
) -> None:
    everything = clean_submissions(demo, status, 100)
    body = {"submissions": chosen(demo, everything), "reason": "统一口径后重报"}

    began = process_time()
    answer = demo.caller("qa").post(f"submissions/{verb}", body)
    taken = process_time() - began

    refused = [each["refusal"] for each in answer.json["results"] if not each["ok"]]
    assert refused == []
    assert taken <= SECONDS
