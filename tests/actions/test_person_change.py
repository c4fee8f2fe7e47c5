"""Adding somebody and correcting a person's particulars."""

import pytest
from sqlalchemy import update

from app.actions.person_change import Particulars, add_person, change_person
from app.domain.message import Reason, Refused
from app.domain.person import TeacherKind
from app.models.department import Department
from app.models.person import Person
from app.models.setting import PERMISSION_VERSION, Setting
from tests.actions.staff import login, person, tags
from tests.college import NOW, College
from tests.people import People


def change(college: College, people: People, **changed: object) -> Person:
    found = person(college, "10021")
    wanted = Particulars(
        str(changed.get("name", found.name)),
        str(changed.get("department", found.department_code)),
        TeacherKind.FULL_TIME,
    )
    by = changed.get("by", people.administrator)
    return change_person(college.session, found.id, found.version, wanted, by=by, now=NOW)


def test_a_person_is_added_without_login(college: College, people: People) -> None:
    wanted = Particulars("新人", "C01", TeacherKind.IN_HOUSE)

    add_person(college.session, "10077", wanted, by=people.zhou_min, now=NOW)

    found = person(college, "10077")
    assert (found.name, found.username, found.is_active) == ("新人", None, True)
    assert tags(college, "10077") == ["person.add"]


@pytest.mark.parametrize(
    ("number", "name", "department"),
    [
        ("10021", "重号", "C01"),
        ("10 21", "空格", "C01"),
        ("", "无号", "C01"),
        ("1" * 33, "过长", "C01"),
        ("10077", "", "C01"),
        ("10077", "无部门", "X99"),
        ("10077", "撤销", "C02"),
    ],
)
def test_nonsense_adds_nobody(
    college: College, people: People, number: str, name: str, department: str
) -> None:
    closed = (
        update(Department)
        .where(Department.code == "C02")
        .values(valid_to=NOW.date().replace(day=1))
    )
    college.session.execute(closed)
    college.session.commit()
    count = len(college.all(Person))

    with pytest.raises(Refused) as refused:
        add_person(
            college.session, number, Particulars(name, department), by=people.zhou_min, now=NOW
        )

    assert refused.value.reason is Reason.INVALID
    assert len(college.all(Person)) == count


def test_a_new_name_reaches_the_login_and_the_log(college: College, people: People) -> None:
    change(college, people, name="刘洋洋", department="C02")

    assert person(college, "10021").department_code == "C02"
    assert login(college, "liu_yang").first_name == "刘洋洋"
    [entry] = college.entries(f"person:{person(college, '10021').id}")
    assert (entry.before, entry.after) == ("刘洋 C01 full_time", "刘洋洋 C02 full_time")


@pytest.mark.parametrize("who", ["zhou_min", "zhao_yong", "chen_gang"])
def test_only_the_administrator_corrects(college: College, people: People, who: str) -> None:
    with pytest.raises(Refused) as refused:
        change(college, people, name="别名", by=getattr(people, who))

    assert refused.value.reason is Reason.FORBIDDEN
    assert person(college, "10021").name == "刘洋"


def test_what_is_remembered_of_somebody_with_a_login_is_forgotten(
    college: College, people: People
) -> None:
    before = {s.name: s.value for s in college.all(Setting)}[PERMISSION_VERSION]
    found = person(college, "10021")
    wanted = Particulars(found.name, found.department_code, TeacherKind.IN_HOUSE)

    change_person(
        college.session, found.id, found.version, wanted, by=people.administrator, now=NOW
    )

    assert {s.name: s.value for s in college.all(Setting)}[PERMISSION_VERSION] > before
