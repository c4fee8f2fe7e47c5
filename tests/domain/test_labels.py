"""Every word that pages show has a name."""

from enum import StrEnum

import pytest

from app.domain import labels
from app.domain.account import AccountEvent, Way
from app.domain.appraisal import AppraisalStatus, AppraisalVerb
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.department import DepartmentKind
from app.domain.finding import Dimension, Severity
from app.domain.period import PeriodKind
from app.domain.person import Function, TeacherKind
from app.domain.submission import Holder, Status, Verb

ENUMERATIONS = [
    *(Status, Verb, CycleStatus, CycleVerb, Severity, Dimension),
    *(PeriodKind, Function, TeacherKind, Holder, AssignmentKind, DepartmentKind),
    *(AccountEvent, Way, AppraisalStatus, AppraisalVerb),
]
MEMBERS = [member for enumeration in ENUMERATIONS for member in enumeration]


@pytest.mark.parametrize("member", MEMBERS, ids=lambda m: f"{type(m).__name__}.{m}")
def test_every_member_has_a_label(member: StrEnum) -> None:
    assert labels.label(member).msgid
