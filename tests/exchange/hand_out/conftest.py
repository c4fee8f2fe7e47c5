"""The college of people and years, for tests of handing out; others here use a smaller one."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.college import College, Founded
from tests.hand_outs import HandedOut, handed_out


@pytest.fixture
def college(founded: Founded) -> Iterator[College]:
    """The college; what the test changes is put back afterwards."""
    with Session(founded.engine, expire_on_commit=False) as session:
        yield College(founded, session)
    founded.restore()


@pytest.fixture
def publications(college: College) -> HandedOut:
    """Two publications of 刘洋 and one of somebody else, handed out by person."""
    by = college.founded.people.chen_gang
    college.add("full_time_teacher", 1, by=by, staff_no="10021")
    college.add("full_time_teacher", 2, by=by, staff_no="10022")
    college.add("full_time_publication", 1, 2, by=by, staff_no="10021")
    college.add("full_time_publication", 3, by=by, staff_no="10022")
    return handed_out(college, by)
