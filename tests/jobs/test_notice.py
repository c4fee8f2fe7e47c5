"""The keeper lets people be reminded once a day and notices be sent as soon as there are any."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.domain.job import JobKind, JobState
from app.domain.period import LOCAL_ZONE
from app.exchange.notice_schedule import has_notices_due
from app.jobs.keeper import NOTICE_PLACE, ask_for_notices
from app.models.cycle import Cycle
from app.models.job import Job
from app.models.notice import Delivery, Notice, Reminder
from app.models.setting import Setting
from tests.college import College
from tests.exchange.stand_in import SECRET, StandIn, standing_in
from tests.jobs.conftest import Background, carry_out_here
from tests.people import People

# A Tuesday.
NOON = datetime(2026, 9, 15, 12, tzinfo=LOCAL_ZONE)
ALWAYS_AWAKE = {"reminder.begins": "00:00", "reminder.ends": "00:00", "reminder.weekends": "0"}


def wake(college: College) -> None:
    """No hour is quiet: jobs carry the time of the machine."""
    for name, value in ALWAYS_AWAKE.items():
        college.session.merge(Setting(name=name, value=value))
    due = datetime.now(UTC) + timedelta(days=1)
    college.session.execute(update(Cycle).values(due_at=due))
    college.session.commit()


def run(background: Background) -> Job | None:
    """What comes of the run that the keeper asks for now; None where it asks for none."""
    before = len(background.college.all(Job))
    ask_for_notices(background.office, now=datetime.now(UTC))
    jobs = background.college.all(Job)
    if len(jobs) == before:
        return None
    assert (jobs[-1].kind, jobs[-1].place) == (JobKind.NOTICE, NOTICE_PLACE)
    return background.attend(jobs[-1].key, carry_out_here)


def test_people_are_reminded_once_a_day(background: Background) -> None:
    wake(background.college)

    job = run(background)

    assert job is not None
    assert job.state is JobState.DONE
    assert job.summary["reminded"] == len(
        {r.person_number for r in background.college.all(Reminder)}
    )
    assert job.summary["reminded"] > 0
    assert run(background) is None


@pytest.mark.parametrize(
    ("moment", "is_due"),
    [
        (NOON, True),
        (NOON.replace(hour=23), False),
        (NOON + timedelta(days=4), False),
        (NOON + timedelta(days=6), True),
    ],
)
def test_nothing_runs_in_quiet_hours(college: College, moment: datetime, is_due: bool) -> None:
    assert has_notices_due(college.session, (), now=moment) is is_due


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """企业微信 is set up, with the platform's own address."""
    with standing_in() as found:
        told = {"CORPORATION": "college", "SECRET": SECRET, "AGENT": "1", "ADDRESS": found.address}
        for name, value in told.items():
            monkeypatch.setenv(f"STATEDATA_WECOM_{name}", value)
        monkeypatch.setenv("STATEDATA_PUBLIC_URL", "https://data.example")
        yield found


def test_notices_are_sent_in_the_same_run(
    background: Background, people: People, stand_in: StandIn
) -> None:
    wake(background.college)
    stand_in.known = {people.li_jing.number}

    job = run(background)

    assert job is not None
    sent = [body["touser"] for body in stand_in.taken]
    assert (job.summary["sent"], set(sent)) == (len(sent), {people.li_jing.number})
    own = {n.id for n in background.college.all(Notice)}
    assert {each.notice_id for each in background.college.all(Delivery)} <= own
