"""The words people read for the words the code uses.

The msgid of a member is ``kind:value``; the rooms below name the same msgids in their messages,
and a test proves that every member of every enumeration listed here has its Chinese word.
"""

from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.person import Actor
from app.catalogue.base_table import FieldType
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.department import DepartmentKind
from app.domain.finding import Dimension, Severity
from app.domain.period import PeriodKind
from app.domain.person import Function, TeacherKind
from app.domain.submission import Holder, Status, Verb

LABELS: dict[type[StrEnum], dict[str, LazyString]] = {
    Status: {
        "not_started": _("status:not_started"),
        "entering": _("status:entering"),
        "under_review": _("status:under_review"),
        "awaiting_confirmation": _("status:awaiting_confirmation"),
        "submitted": _("status:submitted"),
        "under_qa_review": _("status:under_qa_review"),
        "returned": _("status:returned"),
        "accepted": _("status:accepted"),
        "locked": _("status:locked"),
        "exempt": _("status:exempt"),
    },
    Verb: {
        "enter": _("verb:enter"),
        "finish": _("verb:finish"),
        "exempt": _("verb:exempt"),
        "withdraw": _("verb:withdraw"),
        "send_back": _("verb:send_back"),
        "review": _("verb:review"),
        "confirm": _("verb:confirm"),
        "receive": _("verb:receive"),
        "accept": _("verb:accept"),
        "reopen": _("verb:reopen"),
        "lock": _("verb:lock"),
        "unlock": _("verb:unlock"),
    },
    Holder: {
        "filler": _("holder:filler"),
        "steward": _("holder:steward"),
        "head": _("holder:head"),
        "qa_office": _("holder:qa_office"),
        "cycle": _("holder:cycle"),
        "nobody": _("holder:nobody"),
    },
    CycleStatus: {
        "preparing": _("cycle_status:preparing"),
        "open": _("cycle_status:open"),
        "closed": _("cycle_status:closed"),
        "locked": _("cycle_status:locked"),
        "archived": _("cycle_status:archived"),
    },
    CycleVerb: {
        "open": _("cycle_verb:open"),
        "close": _("cycle_verb:close"),
        "extend": _("cycle_verb:extend"),
        "lock": _("cycle_verb:lock"),
        "unlock": _("cycle_verb:unlock"),
        "archive": _("cycle_verb:archive"),
    },
    Function: {
        "administrator": _("function:administrator"),
        "qa_office": _("function:qa_office"),
        "head": _("function:head"),
        "data_steward": _("function:data_steward"),
        "teacher": _("function:teacher"),
        "leader": _("function:leader"),
        "archive": _("function:archive"),
        "reader": _("function:reader"),
    },
    TeacherKind: {
        "full_time": _("teacher_kind:full_time"),
        "in_house": _("teacher_kind:in_house"),
        "external_part_time": _("teacher_kind:external_part_time"),
        "external_visiting": _("teacher_kind:external_visiting"),
    },
    DepartmentKind: {
        "office": _("department_kind:office"),
        "teaching": _("department_kind:teaching"),
        "affiliated": _("department_kind:affiliated"),
    },
    AssignmentKind: {
        "responsible": _("assignment_kind:responsible"),
        "own_staff": _("assignment_kind:own_staff"),
        "guidance": _("assignment_kind:guidance"),
    },
    PeriodKind: {
        "academic_year": _("period_kind:academic_year"),
        "calendar_year": _("period_kind:calendar_year"),
        "point_in_time": _("period_kind:point_in_time"),
    },
    Severity: {
        "error": _("severity:error"),
        "warning": _("severity:warning"),
    },
    Dimension: {
        "conformity": _("dimension:conformity"),
        "completeness": _("dimension:completeness"),
        "timeliness": _("dimension:timeliness"),
        "accuracy": _("dimension:accuracy"),
        "credibility": _("dimension:credibility"),
        "consistency": _("dimension:consistency"),
    },
    FieldType: {
        "string": _("field_type:string"),
        "text": _("field_type:text"),
        "integer": _("field_type:integer"),
        "number": _("field_type:number"),
        "boolean": _("field_type:boolean"),
        "date": _("field_type:date"),
        "yearmonth": _("field_type:yearmonth"),
        "code": _("field_type:code"),
        "reference": _("field_type:reference"),
    },
}

# Colour (Tabler's name) and sign of a status; the word always stands beside them.
STATUS_MARKS: dict[Status, tuple[str, str]] = {
    Status.NOT_STARTED: ("secondary", "○"),
    Status.ENTERING: ("blue", "◐"),
    Status.UNDER_REVIEW: ("azure", "◑"),
    Status.AWAITING_CONFIRMATION: ("cyan", "◕"),
    Status.SUBMITTED: ("indigo", "●"),
    Status.UNDER_QA_REVIEW: ("purple", "◉"),
    Status.RETURNED: ("red", "↩"),
    Status.ACCEPTED: ("green", "✓"),
    Status.LOCKED: ("teal", "■"),
    Status.EXEMPT: ("secondary", "–"),
}


def label(member: StrEnum) -> LazyString:
    """The word of an enumeration's member, e.g. of ``Status.RETURNED``."""
    return LABELS[type(member)][member.value]


def appointments_of(actor: Actor, department_names: dict[str, str] | None = None) -> str:
    """What the person is appointed to, once each: ``department · function``."""
    names = department_names or {}
    parts = [
        f"{names.get(held.department, held.department)} · {label(held.function)}"
        for held in actor.appointments
    ]
    return "、".join(dict.fromkeys(parts))
