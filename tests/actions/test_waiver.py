"""Waiving a rule for a table, in one department or in all, and ending that."""

from typing import Any

import pytest

from app.actions.waiver import end_waiver, waive
from app.domain.finding_state import FindingState
from app.domain.message import Refused
from app.domain.submission import Status, Verb
from app.models.finding import Waiver
from tests.college import College
from tests.judged import judged, uncovered_course
from tests.people import People

RULE = "QR.COURSE.*.11"
OWN_RULE = "QR.SUPERVISION_STAFF.STAFF_NO.01"
NAME_MISSING = "QR.COURSE.COURSE_NAME.01"


def waived(college: College, people: People, **told: Any) -> Waiver:
    usual = {"table": "course", "rule": RULE, "department": "A03", "reason": "教材制度尚未推行"}
    asked = usual | told
    return waive(
        college.session,
        college.store,
        college.cycle.id,
        asked["table"],
        asked["rule"],
        asked["department"],
        asked["reason"],
        by=asked.get("by", people.zhou_min),
        now=college.now,
    )


@pytest.mark.parametrize("department", ["A03", None])
def test_a_waived_warning_is_in_nobodys_way(
    college: College, people: People, department: str | None
) -> None:
    uncovered_course(college)
    waived(college, people, department=department)

    college.step(college.submission("course"), Verb.FINISH, by=people.li_jing, settles=False)

    assert college.submission("course").status is Status.UNDER_REVIEW
    [entry] = [each for each in college.entries() if each.tag == "finding.waive"]
    assert (entry.reason, entry.department_code) == ("教材制度尚未推行", department)


def test_an_error_of_the_catalogue_is_waived_too(college: College, people: People) -> None:
    college.add("course", 1, by=people.li_jing, course_name=None)

    waived(college, people, rule=NAME_MISSING)

    assert judged(college).found[0].state is FindingState.WAIVED
    assert judged(college).open_errors == []


def test_a_waiver_that_has_ended_counts_no_more(college: College, people: People) -> None:
    uncovered_course(college)
    waiver = waived(college, people)

    end_waiver(college.session, waiver.id, "已推行", by=people.sun_li, now=college.now)

    assert judged(college).found[0].state is FindingState.OPEN
    with pytest.raises(Refused, match="ended already"):
        end_waiver(college.session, waiver.id, "已推行", by=people.sun_li, now=college.now)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"rule": "QR.COURSE.*.77.1"}, "has no rule"),
        ({"rule": "QR.STAFF.STAFF_NO.01"}, "has no rule"),
        ({"reason": " "}, "Say the reason"),
        ({"department": "C01"}, "not assigned"),
    ],
)
def test_what_cannot_be_waived_is_refused(
    college: College, people: People, told: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refused, match=refusal):
        waived(college, people, **told)

    assert college.all(Waiver) == []


@pytest.mark.parametrize("who", ["li_jing", "wang_qiang", "leader"])
def test_only_the_quality_office_waives(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused, match="Only the quality office"):
        waived(college, people, by=getattr(people, who))


@pytest.mark.parametrize("department", ["A04", None])
def test_nobody_waives_a_rule_for_his_own_data(
    college: College, people: People, department: str | None
) -> None:
    """何芳 works in the quality office and fills in the office's own tables."""
    asked = {"rule": OWN_RULE, "department": department, "table": "supervision_staff"}

    with pytest.raises(Refused, match="second person"):
        waived(college, people, by=people.he_fang, **asked)

    assert waived(college, people, by=people.sun_li, **asked).department_code == department
    assert waived(college, people, by=people.he_fang).table_identifier == "course"


def test_a_rule_is_waived_once(college: College, people: People) -> None:
    waived(college, people)

    with pytest.raises(Refused, match="waived there already"):
        waived(college, people)
