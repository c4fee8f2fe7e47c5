"""The roles the platform keeps in FAB's tables (decision 12).

One role per function carries what the function does everywhere; one role per
department and function carries the verbs on the tables assigned to that
department. Rights add up.
"""

from dataclasses import dataclass

from app.domain.appraisal import AppraisalVerb
from app.domain.cycle import CycleHolder, CycleVerb
from app.domain.person import Function
from app.domain.submission import Verb

TABLE_ACTIONS = ("list", "list_all", "add", "edit", "delete", "import", "export", "pick")
ALL_ROWS = ("list", "list_all", "export", "pick")
SUBMISSION = "submission"
CYCLE = "cycle"
CONSOLIDATION = "consolidation"
APPRAISAL = "appraisal"


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
    RoleSpec(Function.ADMINISTRATOR, grants=_on(CYCLE, "read")),
    RoleSpec(
        Function.QA_OFFICE,
        grants=(
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
            *_on(APPRAISAL, "read", *AppraisalVerb),
        ),
        table_actions=("list", "list_all", "export", "pick"),
    ),
    RoleSpec(
        Function.HEAD,
        grants=(
            *_on(SUBMISSION, "read", Verb.CONFIRM, Verb.SEND_BACK, Verb.WITHDRAW),
            *_on(CYCLE, "read"),
            *_on(APPRAISAL, "read"),
        ),
        assigned_actions=("list", "export", "pick"),
        guidance_actions=ALL_ROWS,
        suffix="head",
    ),
    RoleSpec(
        Function.DATA_STEWARD,
        grants=(
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
            *_on(APPRAISAL, "read"),
        ),
        table_actions=("pick",),
        assigned_actions=("list", "add", "edit", "delete", "import", "export", "pick"),
        guidance_actions=ALL_ROWS,
        suffix="steward",
    ),
    RoleSpec(
        Function.TEACHER,
        grants=_on(SUBMISSION, Verb.ENTER),
        assigned_actions=("list", "add", "edit", "delete", "pick"),
        suffix="teacher",
    ),
    RoleSpec(
        Function.LEADER,
        grants=(
            *_on(SUBMISSION, "read"),
            *_on(CYCLE, "read"),
            *_on(CONSOLIDATION, "read"),
            *_on(APPRAISAL, "read"),
        ),
    ),
    RoleSpec(
        Function.ARCHIVE,
        grants=(*_on(CYCLE, "read", CycleVerb.ARCHIVE), *_on(CONSOLIDATION, "read", "export")),
    ),
    RoleSpec(
        Function.READER,
        grants=(*_on(CYCLE, "read"), *_on(CONSOLIDATION, "read")),
    ),
)
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


def roles_of(function: Function, department: str) -> tuple[str, ...]:
    """The names of the roles that an appointment brings."""
    spec = ROLE_BY_FUNCTION[function]
    if spec.suffix is None:
        return (spec.name,)
    return (spec.name, department_role(department, spec))


def is_platform_role(name: str) -> bool:
    """Whether the role is one that appointments bring, not one made by hand."""
    return name in set(Function) or name.endswith(SUFFIXES)
