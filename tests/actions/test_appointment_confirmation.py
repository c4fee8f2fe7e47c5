"""Heads and data stewards are confirmed anew for every year (第五条第二款)."""

import pytest

from app.actions.appointment_confirmation import Held, confirm_appointments
from app.domain.message import Reason, Refused
from app.domain.person import Function
from app.models.appointment_confirmation import AppointmentConfirmation
from app.reports.appointment_confirmation import offices_of
from tests.college import NOW, College
from tests.people import People

LI_JING = Held("A03", Function.DATA_STEWARD, "03002")
WANG_QIANG = Held("A03", Function.HEAD, "03001")


def confirm(college: College, *chosen: Held, by) -> int:
    session = college.session
    return confirm_appointments(session, college.founded.cycle_id, chosen, by=by, now=NOW)


def test_a_head_confirms_the_data_stewards_once(college: College, people: People) -> None:
    assert confirm(college, LI_JING, by=people.wang_qiang) == 1
    assert confirm(college, LI_JING, by=people.zhou_min) == 0

    [kept] = college.all(AppointmentConfirmation)
    assert (kept.person_number, kept.confirmed_by_name) == ("03002", "王强")
    assert college.entries()[-1].tag == "appointment.confirm"


@pytest.mark.parametrize(
    ("who", "held"),
    [("wang_qiang", WANG_QIANG), ("li_jing", WANG_QIANG), ("zhao_yong", LI_JING)],
)
def test_nobody_confirms_himself_or_whom_he_may_not_appoint(
    college: College, people: People, who: str, held: Held
) -> None:
    with pytest.raises(Refused) as refusal:
        confirm(college, held, by=getattr(people, who))

    assert refusal.value.reason is Reason.FORBIDDEN


def test_who_is_not_in_office_is_not_confirmed(college: College, people: People) -> None:
    with pytest.raises(Refused) as refusal:
        confirm(college, LI_JING, LI_JING._replace(number="10021"), by=people.zhou_min)

    assert refusal.value.reason is Reason.CONFLICT
    assert college.all(AppointmentConfirmation) == []


def test_a_department_sees_its_own_and_what_is_not_confirmed_yet(
    college: College, people: People
) -> None:
    confirm(college, LI_JING, by=people.wang_qiang)

    [own] = offices_of(college.session, people.li_jing, college.cycle, NOW.date())
    everywhere = offices_of(college.session, people.zhou_min, college.cycle, NOW.date())

    assert (own.department.code, own.unconfirmed, own.vacant) == ("A03", 1, [])
    assert len(everywhere) > 1
