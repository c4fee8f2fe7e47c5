"""What rights and their objects are called: English msgids that pages and commands translate."""

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce

from app.access.roles import (
    ACCOUNT,
    APPRAISAL,
    ASSIGNMENT,
    AUDIT_LOG,
    BOARD,
    CONSOLIDATION,
    COOPERATION,
    CYCLE,
    FEED,
    FINDING,
    GUIDANCE,
    JOB,
    MOBILISATION_MEETING,
    PERMISSION,
    PERSON,
    RECEIPT,
    REGULATION,
    RELEASE,
    REMINDER,
    REQUEST,
    RETURN_ITEM,
    RULE,
    SPOT_CHECK,
    SUBMISSION,
    TEACHER_RECORD,
    TRAINING,
    WORK_PLAN,
    Pair,
)
from app.access.row_filter import Comparison, Filter, several
from app.access.row_rule import DEPARTMENTS, USER, Own
from app.domain.appraisal import AppraisalVerb
from app.domain.cooperation import CooperationVerb
from app.domain.cycle import CycleVerb
from app.domain.labels import label
from app.domain.message import Message
from app.domain.request import RequestVerb
from app.domain.submission import Verb
from app.domain.table_access import FieldMask, RowReach
from app.domain.teacher_record import RecordVerb

# The columns of the matrix, in the order of ``TABLE_ACTIONS``.
ACTIONS: Mapping[str, Message] = {
    "list": Message("View"),
    "list_all": Message("All departments"),
    "add": Message("Add rows"),
    "edit": Message("Change rows"),
    "delete": Message("Delete rows"),
    "import": Message("Import"),
    "export": Message("Export"),
    "pick": Message("Pick from it"),
}
# Actions on pages of the platform that are no step of a submission or year.
PAGE_ACTIONS: Mapping[str, Message] = {
    "release": Message("Release"),
    "read": Message("View"),
    "edit": Message("Change"),
    "export": Message("Export"),
    "add": Message("Add"),
    "assign": Message("Assign tables"),
    "unlock": Message("Unlock"),
    "import": Message("Import"),
    "explain": Message("Explain warnings"),
    "rule": Message("Rule on explanations"),
    "waive": Message("Waive rules"),
    "check": Message("Draw rows and enter results"),
    "issue": Message("Make the sheet"),
    "request_extension": Message("Ask for a later due date"),
    "request_exemption": Message("Ask to set a table as not applicable"),
    "request_reopening": Message("Ask to open an accepted table again"),
    "close": Message("Close return items"),
    "reopen": Message("Open return items again"),
    "sign_in": Message("Sign in to a training"),
    "acknowledge": Message("Acknowledge notes"),
    "ask": Message("Ask questions"),
    "answer": Message("Answer"),
    "verify": Message("Verify the chain"),
    "remind": Message("Remind people"),
}
RESOURCES: Mapping[str, Message] = {
    SUBMISSION: Message("Reporting and review"),
    BOARD: Message("Progress board"),
    CYCLE: Message("Collection years"),
    ASSIGNMENT: Message("Assignments"),
    CONSOLIDATION: Message("Consolidated data"),
    APPRAISAL: Message("Appraisal"),
    PERSON: Message("People"),
    ACCOUNT: Message("Accounts"),
    FEED: Message("Data feeds"),
    FINDING: Message("Findings of the rules"),
    RULE: Message("Quality rules"),
    JOB: Message("Jobs of everybody"),
    SPOT_CHECK: Message("Spot checks"),
    REQUEST: Message("Requests"),
    RECEIPT: Message("Confirmation sheets"),
    COOPERATION: Message("Co-operation requests"),
    RELEASE: Message("Released data"),
    RETURN_ITEM: Message("Return items"),
    WORK_PLAN: Message("Preparing the collection"),
    TRAINING: Message("Training"),
    GUIDANCE: Message("Notes on the tables"),
    REGULATION: Message("Regulation and questions"),
    MOBILISATION_MEETING: Message("Mobilisation meetings"),
    PERMISSION: Message("Roles and permissions"),
    AUDIT_LOG: Message("Audit log"),
    REMINDER: Message("Reminders"),
    TEACHER_RECORD: Message("Teachers' records"),
}


# What is done with these objects is called as the step is.
STEPS_OF: Mapping[str, type[StrEnum]] = {
    SUBMISSION: Verb,
    CYCLE: CycleVerb,
    APPRAISAL: AppraisalVerb,
    REQUEST: RequestVerb,
    COOPERATION: CooperationVerb,
}


def right_text(right: Pair) -> Message:
    """What the right on a part of the platform lets one do."""
    action, resource = right
    verbs = STEPS_OF.get(resource)
    if verbs is not None and action in set(verbs):
        return label(verbs(action))
    if resource == TEACHER_RECORD and action in set(RecordVerb):
        return label(RecordVerb(action))
    if right == ("assign", PERSON):
        return Message("Appoint")
    return PAGE_ACTIONS[action]


REACHES: Mapping[RowReach | None, Message] = {
    None: Message("as the rights say"),
    RowReach.ALL: Message("all rows"),
    RowReach.DEPARTMENT: Message("rows of the person's own departments"),
    RowReach.PERSON: Message("rows about the person"),
    RowReach.RULE: Message("rows by a rule"),
}
MASKS: Mapping[FieldMask | None, Message] = {
    None: Message("shown"),
    FieldMask.MASKED: Message("masked"),
    FieldMask.HIDDEN: Message("hidden"),
}
OPERATOR_WORDS: Mapping[str, Message] = {
    "=": Message("is"),
    "!=": Message("is not"),
    "<": Message("is less than"),
    "<=": Message("is at most"),
    ">": Message("is more than"),
    ">=": Message("is at least"),
    "between": Message("is between"),
    "in": Message("is one of"),
    "contains": Message("contains"),
    "starts_with": Message("begins with"),
    "empty": Message("is empty"),
    "not_empty": Message("is filled in"),
}
CURRENT_WORDS: Mapping[str, Message] = {
    USER: Message("the number of whoever asks"),
    DEPARTMENTS: Message("the departments of whoever asks"),
}
JOINED = {
    "and": Message("%(first)s and %(second)s"),
    "or": Message("%(first)s or %(second)s"),
}


def rule_text(labels: Mapping[str, str | Message], rule: Filter) -> Message:
    """A rule in words; ``labels`` are what its fields are called."""
    if isinstance(rule, Comparison):
        return _comparison_text(labels, rule)
    parts = [
        part if isinstance(each, Comparison) else Message("(%(inner)s)", {"inner": part})
        for each in rule.parts
        for part in [rule_text(labels, each)]
    ]
    if not parts:
        return Message("no row at all")
    joining = JOINED[rule.joined_by].msgid
    return reduce(lambda a, b: Message(joining, {"first": a, "second": b}), parts)


def _comparison_text(labels: Mapping[str, str | Message], wanted: Comparison) -> Message:
    value: object = wanted.value
    if isinstance(value, Own):
        value = CURRENT_WORDS.get(value.who, value.who)
    elif value is None:
        value = ""
    else:
        value = "、".join(str(each) for each in several(value))
    operator = OPERATOR_WORDS.get(wanted.operator, wanted.operator)
    words = {"field": labels.get(wanted.field, wanted.field), "operator": operator, "value": value}
    return Message("%(field)s %(operator)s %(value)s", words)
