"""What the entries of the audit log are called."""

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.cooperation import CooperationVerb
from app.domain.cycle import CycleVerb
from app.domain.finding_state import FindingVerb
from app.domain.question import QuestionVerb
from app.domain.release import ReleaseVerb
from app.domain.request import RequestVerb
from app.domain.return_item import ItemVerb
from app.domain.submission import Verb
from app.domain.teacher_record import RecordVerb
from app.domain.training import AttendanceVerb, SessionVerb
from app.web.labels import label
from app.web.submission.labels import deed_text as of_submission

# What entries are about: the part of a tag before the dot.
OBJECTS: Mapping[str, LazyString] = {
    "account": _("Account"),
    "appointment": _("Appointment"),
    "appraisal": _("Appraisal"),
    "assignment": _("Assignment"),
    "carried_row": _("Rows of last year"),
    "column_mapping": _("Columns of an import"),
    "comment": _("Comment"),
    "cooperation": _("Co-operation request"),
    "consolidation": _("Consolidated data"),
    "cycle": _("Collection year"),
    "data": _("Data"),
    "department": _("Department"),
    "feed": _("Data feed"),
    "finding": _("Finding"),
    "guidance": _("Notes on the tables"),
    "hand_out": _("Handed-out workbooks"),
    "job": _("Background job"),
    "mobilisation_meeting": _("Mobilisation meeting"),
    "permission": _("Rights"),
    "person": _("Person"),
    "question": _("Question"),
    "receipt": _("Confirmation sheet"),
    "release": _("Released data"),
    "reminder": _("Reminders"),
    "request": _("Request"),
    "return_item": _("Return item"),
    "role": _("Role"),
    "rule": _("Quality rule"),
    "saved_view": _("Saved view"),
    "spot_check": _("Spot check"),
    "submission": _("Reported table"),
    "supporting_material": _("Supporting material"),
    "teacher_record": _("Teacher's record"),
    "training": _("Training"),
    "work_plan": _("Work plan"),
}
# What people give reasons for; others keep figures or search texts in that place.
REASONED = frozenset(
    {
        *("appraisal", "assignment", "cooperation", "cycle", "department", "finding", "question"),
        *("release", "request", "return_item", "rule", "teacher_record", "work_plan"),
    }
)
# Deeds on such objects that keep a figure there nevertheless.
COUNTED = frozenset({"appraisal.appraise"})
# Verbs that have labels of their own, by what they are done to.
VERBS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "submission": (Verb,),
    "cooperation": (CooperationVerb,),
    "cycle": (CycleVerb,),
    "finding": (FindingVerb,),
    "question": (QuestionVerb,),
    "request": (RequestVerb,),
    "release": (ReleaseVerb,),
    "return_item": (ItemVerb,),
    "teacher_record": (RecordVerb,),
    "training": (SessionVerb, AttendanceVerb),
}
DEEDS: Mapping[str, LazyString] = {
    "access": _("rows and masks changed"),
    "acknowledge": _("read"),
    "add": _("added"),
    "add_scan": _("signed sheet added"),
    "appraise": _("scored"),
    "ask": _("asked"),
    "assign": _("assigned"),
    "assign_refused": _("assigning refused"),
    "attach": _("file added"),
    "bind_materials": _("handed over with its materials"),
    "cancel": _("cancelled"),
    "change_password": _("password changed"),
    "check": _("checked"),
    "close": _("ended"),
    "collect": _("collected"),
    "confirm": _("confirmed"),
    "default": _("made the usual one"),
    "delete": _("deleted"),
    "disable": _("disabled"),
    "discard": _("discarded"),
    "draft": _("begun"),
    "download": _("downloaded"),
    "draw": _("rows drawn"),
    "drop": _("withdrawn"),
    "edit": _("changed"),
    "enable": _("let in again"),
    "end": _("abolished"),
    "enter": _("results entered"),
    "export": _("exported"),
    "finish_refused": _("tried to finish; errors were left"),
    "give": _("given"),
    "history": _("former year made"),
    "history_import": _("former data brought in"),
    "import": _("imported"),
    "issue": _("made"),
    "cycle.keep": _("prepared"),
    "keep": _("settings kept"),
    "move": _("handed on"),
    "merge": _("merged"),
    "open": _("opened"),
    "open_scan": _("signed sheet opened"),
    "plan": _("planned"),
    "prepare": _("prepared"),
    "publish": _("published"),
    "record": _("recorded"),
    "revise": _("changed"),
    "remember": _("remembered"),
    "remind": _("reminded"),
    "remove": _("removed"),
    "rename": _("renamed"),
    "reopen": _("opened again"),
    "reply": _("answered"),
    "reset": _("new initial password"),
    "resolve": _("resolved"),
    "restore": _("taken up again"),
    "run": _("run"),
    "save": _("kept"),
    "switch_off": _("switched off"),
    "switch_on": _("switched on"),
    "take": _("taken away"),
    "try": _("tried"),
    "unchanged": _("confirmed as last year"),
    "unlock": _("unlocked"),
    "waive": _("waived"),
    "write": _("written"),
}


def object_text(tag: str) -> str:
    """What an entry is about."""
    return str(OBJECTS.get(tag.partition(".")[0], _("Other")))


def deed_text(tag: str, reason: str | None = None) -> str:
    """What was done; of some deeds the reason is a count that belongs to it."""
    about, _dot, verb = tag.partition(".")
    if about == "submission":
        return of_submission(tag, reason)[0]
    for members in VERBS.get(about, ()):
        if verb in set(members):
            return label(members(verb))
    return str(DEEDS.get(tag, DEEDS.get(verb, _("changed"))))


def reason_text(tag: str, reason: str | None) -> str:
    """Why, where people have written it; what else entries keep there is for programs."""
    about = tag.partition(".")[0]
    if about == "submission":
        return of_submission(tag, reason)[1]
    return reason or "" if about in REASONED and tag not in COUNTED else ""
