"""The roles the platform keeps in FAB's tables (decision 12).

One role per function carries what the function does everywhere; one role per
department and function carries the verbs on the tables assigned to that
department. Rights add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.appraisal import AppraisalVerb
from app.domain.assignment import AssignmentKind
from app.domain.cooperation import CooperationVerb
from app.domain.cycle import CycleHolder, CycleVerb
from app.domain.person import Function
from app.domain.request import RequestVerb
from app.domain.submission import Verb
from app.domain.teacher_record import RecordHolder, verbs_of

TABLE_ACTIONS = ("list", "list_all", "add", "edit", "delete", "import", "export", "pick")
ALL_ROWS = ("list", "list_all", "export", "pick")
# What is left of the rights on a table when the years it was assigned in are over.
OWN_HISTORY = frozenset({"list", "export", "pick"})
SUBMISSION = "submission"
CYCLE = "cycle"
CONSOLIDATION = "consolidation"
PERMISSION = "permission"
BOARD = "board"
PERSON = "person"
ACCOUNT = "account"
ASSIGNMENT = "assignment"
APPRAISAL = "appraisal"
FEED = "feed"
RULE = "rule"
JOB = "job"
FINDING = "finding"
SPOT_CHECK = "spot_check"
REQUEST = "request"
RECEIPT = "receipt"
AUDIT_LOG = "audit_log"
COOPERATION = "cooperation"
RELEASE = "release"
# What departments ask for, and what is done with what was asked for.
ASKING = ("request_extension", "request_exemption", "request_reopening")
DECIDING = (RequestVerb.ANSWER, RequestVerb.REFUSE)
# What a department asks of another for a table that it reports, and what it answers others.
COOPERATING = (
    CooperationVerb.REQUEST,
    CooperationVerb.REVISE,
    CooperationVerb.SEND,
    CooperationVerb.EXTEND,
    CooperationVerb.SEND_BACK,
    CooperationVerb.CONFIRM,
    CooperationVerb.CANCEL,
)
PARTNERING = (CooperationVerb.ANSWER, CooperationVerb.REFUSE, CooperationVerb.APPEAL)
RULING = (CooperationVerb.ORDER, CooperationVerb.RELEASE)
# What teachers do with their own records, and what data stewards do with those of others.
TEACHERS_VERBS = verbs_of(RecordHolder.TEACHER)
STEWARDS_VERBS = verbs_of(RecordHolder.STEWARD)
RETURN_ITEM = "return_item"
WORK_PLAN = "work_plan"
TRAINING = "training"
MOBILISATION_MEETING = "mobilisation_meeting"
GUIDANCE = "guidance"
REGULATION = "regulation"
TEACHER_RECORD = "teacher_record"
REMINDER = "reminder"


Pair = tuple[str, str]
# Department, table, what is owed, and whether the year is over.
Assigned = tuple[str, str, AssignmentKind, bool]


@dataclass(frozen=True)
class RoleSpec:
    """What a function may do.

    ``grants`` are pairs of action and resource for every holder;
    ``table_actions`` hold on every base table, ``assigned_actions`` only on
    the tables assigned to the holder's department and ``guidance_actions`` on
    those it gives guidance for, over the rows of all departments. ``suffix``
    names the role generated per department, None where there is none.
    """

    function: Function
    grants: tuple[tuple[str, str], ...] = ()
    table_actions: tuple[str, ...] = ()
    assigned_actions: tuple[str, ...] = ()
    guidance_actions: tuple[str, ...] = ()
    suffix: str | None = None

    @property
    def name(self) -> str:
        """The name of the function's role in FAB's table."""
        return self.function.value


def _on(resource: str, *verbs: str) -> tuple[tuple[str, str], ...]:
    return tuple((verb, resource) for verb in verbs)


ROLES: tuple[RoleSpec, ...] = (
    RoleSpec(
        Function.ADMINISTRATOR,
        grants=(
            *_on(AUDIT_LOG, "read", "verify"),
            *_on(CYCLE, "read"),
            *_on(ASSIGNMENT, "read"),
            *_on(PERMISSION, "read", "edit"),
            *_on(PERSON, "read", "add", "edit", "assign", "unlock", "import"),
            *_on(ACCOUNT, "unlock"),
            *_on(FEED, "read", "edit"),
            *_on(JOB, "read"),
            *_on(REMINDER, "read"),
        ),
    ),
    RoleSpec(
        Function.QA_OFFICE,
        grants=(
            *_on(AUDIT_LOG, "read", "verify"),
            *_on(
                SUBMISSION,
                "read",
                Verb.RECEIVE,
                Verb.ACCEPT,
                Verb.SEND_BACK,
                Verb.EXEMPT,
                Verb.REOPEN,
            ),
            *_on(CYCLE, "read", *(v for v in CycleVerb if v is not CycleVerb.ARCHIVE)),
            *_on(CONSOLIDATION, "read", "export"),
            *_on(PERMISSION, "read"),
            *_on(BOARD, "read"),
            *_on(PERSON, "read", "add", "assign", "unlock", "import"),
            *_on(ACCOUNT, "unlock"),
            *_on(ASSIGNMENT, "read", "assign"),
            *_on(APPRAISAL, "read", *AppraisalVerb),
            *_on(FEED, "read", "edit"),
            *_on(FINDING, "read", "rule", "waive"),
            *_on(RULE, "read", "edit"),
            *_on(SPOT_CHECK, "read", "check"),
            *_on(REQUEST, "read", *DECIDING, RequestVerb.CANCEL),
            *_on(RECEIPT, "read"),
            *_on(COOPERATION, "read", *COOPERATING, CooperationVerb.APPEAL, *RULING),
            *_on(RELEASE, "read", "release"),
            *_on(RETURN_ITEM, "close", "reopen"),
            *_on(WORK_PLAN, "read", "edit"),
            *_on(TRAINING, "read", "edit"),
            *_on(GUIDANCE, "read"),
            *_on(REGULATION, "read", "ask", "answer"),
            *_on(TEACHER_RECORD, "read"),
            *_on(REMINDER, "read", "edit", "remind"),
            *_on(MOBILISATION_MEETING, "read"),
        ),
        table_actions=("list", "list_all", "export", "pick"),
    ),
    RoleSpec(
        Function.HEAD,
        grants=(
            *_on(AUDIT_LOG, "read"),
            *_on(SUBMISSION, "read", Verb.CONFIRM, Verb.SEND_BACK, Verb.WITHDRAW),
            *_on(CYCLE, "read"),
            *_on(BOARD, "read"),
            *_on(PERSON, "read", "assign"),
            *_on(ASSIGNMENT, "read"),
            *_on(APPRAISAL, "read"),
            *_on(FEED, "read"),
            *_on(FINDING, "read"),
            *_on(RULE, "read"),
            *_on(SPOT_CHECK, "read"),
            *_on(REQUEST, "read", "request_extension", "request_reopening", RequestVerb.CANCEL),
            *_on(RECEIPT, "read", "issue", "add"),
            *_on(COOPERATION, "read", *COOPERATING, *PARTNERING),
            *_on(RELEASE, "read", "export"),
            *_on(RETURN_ITEM, "close", "reopen"),
            *_on(WORK_PLAN, "read"),
            *_on(TRAINING, "read"),
            *_on(MOBILISATION_MEETING, "read", "edit"),
            *_on(GUIDANCE, "read", "acknowledge"),
            *_on(REGULATION, "read", "ask"),
            *_on(TEACHER_RECORD, "read"),
            *_on(REMINDER, "remind"),
        ),
        assigned_actions=("list", "export", "pick"),
        guidance_actions=ALL_ROWS,
        suffix="head",
    ),
    RoleSpec(
        Function.DATA_STEWARD,
        grants=(
            *_on(AUDIT_LOG, "read"),
            *_on(
                SUBMISSION,
                "read",
                Verb.ENTER,
                Verb.FINISH,
                Verb.REVIEW,
                Verb.SEND_BACK,
                Verb.WITHDRAW,
            ),
            *_on(CYCLE, "read"),
            *_on(BOARD, "read"),
            *_on(PERSON, "read", "unlock"),
            *_on(ASSIGNMENT, "read"),
            *_on(APPRAISAL, "read"),
            *_on(FEED, "read"),
            *_on(FINDING, "read", "explain"),
            *_on(RULE, "read"),
            *_on(SPOT_CHECK, "read"),
            *_on(REQUEST, "read", *ASKING, RequestVerb.CANCEL),
            *_on(RECEIPT, "read", "add"),
            *_on(COOPERATION, "read", *COOPERATING, *PARTNERING),
            *_on(RELEASE, "read", "export"),
            *_on(RETURN_ITEM, "answer", "close", "reopen"),
            *_on(WORK_PLAN, "read"),
            *_on(TRAINING, "read", "sign_in"),
            *_on(MOBILISATION_MEETING, "read", "edit"),
            *_on(GUIDANCE, "read", "acknowledge"),
            *_on(REGULATION, "read", "ask"),
            *_on(TEACHER_RECORD, "read", *STEWARDS_VERBS),
            *_on(REMINDER, "remind"),
        ),
        table_actions=("pick",),
        assigned_actions=("list", "add", "edit", "delete", "import", "export", "pick"),
        guidance_actions=ALL_ROWS,
        suffix="steward",
    ),
    RoleSpec(
        Function.TEACHER,
        grants=(
            *_on(AUDIT_LOG, "read"),
            *_on(SUBMISSION, Verb.ENTER),
            *_on(RETURN_ITEM, "answer"),
            *_on(GUIDANCE, "read", "acknowledge"),
            *_on(REGULATION, "read", "ask"),
            *_on(TEACHER_RECORD, *TEACHERS_VERBS),
        ),
        # Tables that he fills in name rows of tables that others fill in.
        table_actions=("pick",),
        assigned_actions=("list", "add", "edit", "delete", "pick"),
        suffix="teacher",
    ),
    RoleSpec(
        Function.LEADER,
        grants=(
            *_on(AUDIT_LOG, "read"),
            *_on(SUBMISSION, "read"),
            *_on(CYCLE, "read"),
            *_on(CONSOLIDATION, "read"),
            *_on(BOARD, "read"),
            *_on(ASSIGNMENT, "read"),
            *_on(APPRAISAL, "read"),
            *_on(SPOT_CHECK, "read"),
            *_on(TEACHER_RECORD, "read"),
            *_on(REQUEST, "read", *DECIDING),
            *_on(RECEIPT, "read"),
            *_on(WORK_PLAN, "read"),
            *_on(TRAINING, "read"),
            *_on(MOBILISATION_MEETING, "read"),
            *_on(GUIDANCE, "read"),
            *_on(REGULATION, "read"),
        ),
    ),
    RoleSpec(
        Function.ARCHIVE,
        grants=(
            *_on(CYCLE, "read", CycleVerb.ARCHIVE),
            *_on(CONSOLIDATION, "read", "export"),
            *_on(ASSIGNMENT, "read"),
            *_on(REGULATION, "read"),
        ),
    ),
    RoleSpec(
        Function.READER,
        grants=(
            *_on(CYCLE, "read"),
            *_on(CONSOLIDATION, "read"),
            *_on(REGULATION, "read"),
        ),
    ),
)
# Every right on the platform's own pages and steps; rights on base tables come beside them.
PLATFORM_RIGHTS: tuple[Pair, ...] = tuple(
    dict.fromkeys(grant for spec in ROLES for grant in spec.grants)
)
# What no table may be called: its rights would be those of the platform's own pages.
RESERVED = frozenset(resource for _action, resource in PLATFORM_RIGHTS)
ROLE_BY_FUNCTION = {spec.function: spec for spec in ROLES}
CYCLE_HOLDER_FUNCTION = {
    CycleHolder.QA_OFFICE: Function.QA_OFFICE,
    CycleHolder.ARCHIVE: Function.ARCHIVE,
}


# What ends like this is made by the platform, one per department.
SUFFIXES = tuple(f".{spec.suffix}" for spec in ROLES if spec.suffix is not None)


def department_role(department: str, spec: RoleSpec) -> str:
    """The name of a generated role, e.g. ``C01.steward``."""
    return f"{department}.{spec.suffix}"


def generated_roles() -> tuple[RoleSpec, ...]:
    """The functions for which every department has a role of its own."""
    return tuple(spec for spec in ROLES if spec.suffix is not None)


def assigned_rights(
    department: str, kind: AssignmentKind, *, is_over: bool = False
) -> list[tuple[str, tuple[str, ...]]]:
    """Name and actions of each generated role that an assignment brings rights to.

    Of a year that ``is_over`` the department reads the rows it reported itself.
    """
    rights = []
    for spec in generated_roles():
        actions = spec.assigned_actions if kind.makes_submission else spec.guidance_actions
        if is_over:
            own = actions if kind.makes_submission else ()
            actions = tuple(action for action in own if action in OWN_HISTORY)
        rights.append((department_role(department, spec), actions))
    return rights


def roles_of(function: Function, department: str) -> tuple[str, ...]:
    """The names of the roles that an appointment brings."""
    spec = ROLE_BY_FUNCTION[function]
    if spec.suffix is None:
        return (spec.name,)
    return (spec.name, department_role(department, spec))


def backed_rights(assigned: Iterable[Assigned]) -> dict[str, set[Pair]]:
    """Name of a department's role → the rights that the assignments of all years back."""
    rights: dict[str, set[Pair]] = {}
    for department, table, kind, is_over in assigned:
        for name, actions in assigned_rights(department, kind, is_over=is_over):
            rights.setdefault(name, set()).update((action, table) for action in actions)
    return rights


def default_rights(
    tables: Iterable[str], assigned: Iterable[Assigned]
) -> Mapping[str, frozenset[Pair]]:
    """Role name → what the platform's own roles may do before anybody changes them.

    ``tables`` are all base tables, ``assigned`` what the departments owe or give guidance for.
    """
    every = list(tables)
    of_functions = {
        spec.name: {*spec.grants, *((action, t) for action in spec.table_actions for t in every)}
        for spec in ROLES
    }
    return {
        name: frozenset(held) for name, held in (of_functions | backed_rights(assigned)).items()
    }


def platform_role(name: str) -> tuple[RoleSpec, str | None] | None:
    """What a role of the platform stands for and its department; None for one made by hand."""
    for spec in ROLES:
        if name == spec.name:
            return spec, None
        if spec.suffix is not None and name.endswith(f".{spec.suffix}"):
            return spec, name.removesuffix(f".{spec.suffix}")
    return None


def is_platform_role(name: str) -> bool:
    """Whether the role is one that appointments bring, not one made by hand."""
    return platform_role(name) is not None
