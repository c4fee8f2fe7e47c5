"""Who is asking: a person with functions, departments and permissions.

An ``Actor`` is plain data, made once per request; nothing below ``web``,
``cli`` and ``jobs`` asks who the current user is (decision 10).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from app.access.row_filter import Filter
from app.domain.person import Function, TeacherKind
from app.domain.table_access import FieldMask, RowReach

ANSWERING = (Function.DATA_STEWARD, Function.HEAD)


@dataclass(frozen=True)
class Appointed:
    """A function held today in a department; of a teacher with the kind of teacher he is there.

    ``department_name`` is what people call the department, where that has been read.
    """

    function: Function
    department: str
    teacher_kind: TeacherKind | None = None
    department_name: str = field(default="", compare=False)


@dataclass(frozen=True)
class RoleAccess:
    """What one of somebody's roles opens of a table; ``actions`` are those it grants there.

    ``rows`` and ``masks`` are what an administrator has set for the role; without ``rows`` the
    rights alone say which rows it opens. ``rule`` already knows who asks.
    """

    role: str
    actions: frozenset[str]
    rows: RowReach | None = None
    rule: Filter | None = None
    masks: Mapping[str, FieldMask] = field(default_factory=dict)


@dataclass(frozen=True)
class Contribution:
    """A department's part in a table that ``place`` reports: one co-operation request (第十条).

    ``contributor`` is the department of the person, ``is_open`` says that he may change its rows.
    """

    table: str
    period: str
    place: str
    contributor: str
    cooperation_id: int
    is_open: bool


@dataclass(frozen=True)
class Actor:
    """A person as the policies see one.

    ``number`` is the 工号 kept in logs; ``permissions`` holds FAB's pairs of
    action and resource (``("can_edit", "course")``), already added up over all
    roles; ``appointments`` are those valid on the day of the request.
    ``access`` tells role by role what opens a table, of tables alone for which
    an administrator has set rows or masks for one of them. ``contributions`` are
    the parts of his department in tables that other departments report.
    """

    number: str
    name: str
    username: str
    user_id: int | None = None
    appointments: tuple[Appointed, ...] = ()
    permissions: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    access: Mapping[str, tuple[RoleAccess, ...]] = field(default_factory=dict, hash=False)
    contributions: tuple[Contribution, ...] = ()

    def may(self, action: str, resource: str) -> bool:
        """Whether a permission row grants ``can_<action>`` on the resource."""
        return (f"can_{action}", resource) in self.permissions

    def holds(self, function: Function, department: str | None = None) -> bool:
        """Whether the person is appointed to the function, there if named."""
        return any(
            held.function is function and department in (None, held.department)
            for held in self.appointments
        )

    def teaches(self, kinds: Collection[TeacherKind], department: str | None = None) -> bool:
        """Whether the person is a teacher of one of the kinds, there if named.

        No kinds mean all of them; a teacher whose kind nobody has noted is of none.
        """
        return any(
            held.function is Function.TEACHER
            and department in (None, held.department)
            and (not kinds or held.teacher_kind in kinds)
            for held in self.appointments
        )

    def opening(self, action: str, table: str) -> tuple[RoleAccess, ...]:
        """What the roles that grant the action open of the table; asked of narrowed tables only."""
        return tuple(each for each in self.access.get(table, ()) if action in each.actions)

    def contributed(self, table: str, *, is_open: bool = False) -> tuple[Contribution, ...]:
        """His department's parts in the table; of those he may write at, if asked."""
        parts = (each for each in self.contributions if each.table == table)
        return tuple(each for each in parts if each.is_open or not is_open)

    def departments(self, *functions: Function) -> frozenset[str]:
        """The departments in which one of the functions is held."""
        return frozenset(
            held.department for held in self.appointments if held.function in functions
        )


def role_masks(actor: Actor, table: str, *actions: str) -> Mapping[str, FieldMask]:
    """Field code → what the actor sees instead, by what is set for his roles.

    Of several roles that grant an action the mildest counts, of several actions the strictest.
    """
    found: dict[str, FieldMask] = {}
    for action in actions:
        for code, mask in _mildest(each.masks for each in actor.opening(action, table)).items():
            if found.get(code) is not FieldMask.HIDDEN:
                found[code] = mask
    return found


def _mildest(several: Iterable[Mapping[str, FieldMask]]) -> Mapping[str, FieldMask]:
    """What is masked in all of them; hidden only where it is hidden in all."""
    masks = list(several)
    if not masks:
        return {}
    codes = set.intersection(*(set(each) for each in masks))
    hidden = {code for code in codes if all(each[code] is FieldMask.HIDDEN for each in masks)}
    return {code: FieldMask.HIDDEN if code in hidden else FieldMask.MASKED for code in codes}


def masks_any(actor: Actor, table: str, codes: Iterable[str], *actions: str) -> bool:
    """Whether one of the fields is masked for the actor by what is set for his roles."""
    return not role_masks(actor, table, *actions).keys().isdisjoint(codes)
