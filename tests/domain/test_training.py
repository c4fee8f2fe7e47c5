"""Who moves training sessions and attendances: every combination (第八条)."""

from itertools import product

import pytest

from app.domain.training import (
    Attendance,
    AttendanceVerb,
    SessionStatus,
    SessionVerb,
    attendance_step,
    session_step,
)

SESSIONS = {("planned", "hold"): "held", ("planned", "call_off"): "called_off"}
# During a planned session; once it is held nobody signs in any more.
SIGNED = {("expected", "sign_in"): "present", ("on_leave", "sign_in"): "present"}
NOTED = {"note_present": "present", "note_leave": "on_leave", "note_absent": "absent"}


@pytest.mark.parametrize(("status", "verb"), list(product(SessionStatus, SessionVerb)))
def test_a_session_moves_as_it_is_written(status: SessionStatus, verb: SessionVerb) -> None:
    step = session_step(status, verb)

    assert (step.target.value if step else None) == SESSIONS.get((status.value, verb.value))


@pytest.mark.parametrize(
    ("during", "before", "verb"), list(product(SessionStatus, Attendance, AttendanceVerb))
)
def test_an_attendance_moves_as_it_is_written(
    during: SessionStatus, before: Attendance, verb: AttendanceVerb
) -> None:
    step = attendance_step(during, before, verb)

    expected = NOTED.get(verb.value) or SIGNED.get((before.value, verb.value))
    if during is SessionStatus.CALLED_OFF:
        expected = None
    if during is SessionStatus.HELD and verb is AttendanceVerb.SIGN_IN:
        expected = None
    assert (step.target.value if step else None) == expected
