"""What a request came to is kept for its person, for a day, and not without end."""

from datetime import timedelta

from app.actions.kept_answer import MOST_OF_A_KIND, keep
from app.models.given_answer import GivenAnswer
from app.reports.kept_answer import kept_content
from tests.college import College
from tests.people import People


def kept(college: College, people: People, content: bytes, kind: str = "batch") -> str:
    return keep(college.session, kind, content, by=people.li_jing, now=college.now)


def test_it_is_found_by_its_person_under_its_kind_only(college: College, people: People) -> None:
    key = kept(college, people, b"mine")

    def found(kind: str, who: str, asked: str = key) -> bytes | None:
        return kept_content(college.session, kind, asked, getattr(people, who))

    assert found("batch", "li_jing") == b"mine"
    assert found("batch", "wang_qiang") is None
    assert found("staff_list", "li_jing") is None
    assert [found("batch", "li_jing", asked) for asked in ("", "x", "x" * 5000)] == [None] * 3


def test_the_newest_of_a_kind_stay(college: College, people: People) -> None:
    other = kept(college, people, b"other", "staff_list")
    keys = [kept(college, people, b"%d" % number) for number in range(MOST_OF_A_KIND + 2)]

    stored = {one.key for one in college.all(GivenAnswer)}

    assert stored == {other, *keys[2:]}


def test_what_is_older_than_a_day_goes(college: College, people: People) -> None:
    kept(college, people, b"old")
    college.now += timedelta(hours=25)

    key = kept(college, people, b"new")

    assert [one.key for one in college.all(GivenAnswer)] == [key]
