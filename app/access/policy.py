"""The rights of all roles as one reviewable text, and what it would change here (decision 12).

A policy names for each role its resources and their actions. What it says of a role is all the
role has; only of a department's own role it names the resources that differ from what the
assignments give. A role that it does not name stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permission import every_right, rights_by_default
from app.access.roles import Pair, is_platform_role, platform_role
from app.domain.message import Message
from app.domain.table_access import NO_SETTING, AccessSetting
from app.models.base_table import Store
from app.models.permission import role
from app.models.role_rights import assigned_tables, known_rights, rights_of_roles
from app.models.table_access import settings_of_roles

# Role → resource → actions.
Policy = Mapping[str, Mapping[str, frozenset[str]]]
NOTHING: frozenset[Pair] = frozenset()
# Role → table → rows and masks.
AccessPolicy = Mapping[str, Mapping[str, AccessSetting]]


@dataclass(frozen=True)
class Present:
    """The roles as they are: ``numbers`` and ``rights`` by name.

    ``defaults`` is what functions and assignments give, ``every`` what rights there are here and
    ``known`` what FAB's tables hold permission rows of. ``access`` are the rows and masks set.
    """

    numbers: Mapping[str, int]
    rights: Mapping[str, frozenset[Pair]]
    defaults: Mapping[str, frozenset[Pair]]
    every: frozenset[Pair]
    known: frozenset[Pair]
    access: AccessPolicy = field(default_factory=dict)

    def held(self, name: str) -> frozenset[Pair]:
        """What the role has of the rights there are."""
        return self.rights.get(name, NOTHING) & self.every

    def given(self, name: str) -> frozenset[Pair]:
        """What the assignments give a department's role; nothing for any other."""
        return self.defaults.get(name, NOTHING) & self.every if is_of_department(name) else NOTHING


@dataclass(frozen=True)
class RolePlan:
    """What would change of one role; ``number`` is its id, None for one that is to be added."""

    name: str
    number: int | None
    give: frozenset[Pair]
    take: frozenset[Pair]

    @property
    def is_new(self) -> bool:
        """Whether the role does not exist yet."""
        return self.number is None


@dataclass(frozen=True)
class AccessPlan:
    """What would be set of one role on one table."""

    role: str
    table: str
    before: AccessSetting
    after: AccessSetting


@dataclass(frozen=True)
class PolicyPlan:
    """What applying a policy would do.

    ``faults`` are roles, resources and actions there are none of here, ``left`` the roles that stay
    as they are because the policy does not name them, ``orphans`` rights with a permission row but
    without anything they could be asked for; nobody deletes those.
    """

    changes: tuple[RolePlan, ...]
    faults: tuple[Message, ...]
    left: tuple[str, ...]
    orphans: tuple[Pair, ...]
    access: tuple[AccessPlan, ...] = ()


def read_present(session: Session, store: Store) -> Present:
    """The roles and rights as they are stored now."""
    numbers = {name: number for number, name in session.execute(select(role.c.id, role.c.name))}
    rights = rights_of_roles(session, list(numbers.values()))
    return Present(
        numbers=numbers,
        rights={name: rights[number] for name, number in numbers.items()},
        defaults=rights_by_default(store, assigned_tables(session)),
        every=every_right(store),
        known=frozenset(known_rights(session)),
        access=settings_of_roles(session),
    )


def policy_of(present: Present) -> Policy:
    """The policy that changes nothing here."""
    return {
        name: _by_resource(present.held(name), _named(present, name))
        for name in sorted(present.numbers)
        if not is_of_department(name) or _named(present, name)
    }


def plan_policy(present: Present, policy: Policy, access: AccessPolicy | None = None) -> PolicyPlan:
    """What the policy would give, take and set, and what it names that there is none of."""
    settings = access or {}
    plans = (
        _plan_role(present, name, wanted)
        for name, wanted in sorted(policy.items())
        if not _is_missing(present, name)
    )
    return PolicyPlan(
        changes=tuple(plan for plan in plans if plan.is_new or plan.give or plan.take),
        faults=(*_faults(present, policy), *_access_faults(present, policy, settings)),
        left=tuple(name for name in policy_of(present) if name not in policy),
        orphans=tuple(sorted(present.known - present.every)),
        access=tuple(_access_plans(present, settings)),
    )


def _access_plans(present: Present, access: AccessPolicy) -> Iterable[AccessPlan]:
    """What is set of a role on the tables that the policy names, or does not name any more."""
    for name, wanted in sorted(access.items()):
        kept = present.access.get(name, {})
        for table in sorted({*kept, *wanted}):
            before, after = kept.get(table, NO_SETTING), wanted.get(table, NO_SETTING)
            if before != after:
                yield AccessPlan(name, table, before, after)


def _access_faults(present: Present, policy: Policy, access: AccessPolicy) -> Iterable[Message]:
    for name in sorted(access.keys() - present.numbers.keys() - policy.keys()):
        yield Message("There is no role %(role)s here.", {"role": name})


def is_of_department(name: str) -> bool:
    """Whether the role is one of those generated per department."""
    found = platform_role(name)
    return found is not None and found[1] is not None


def _named(present: Present, name: str) -> frozenset[str]:
    """The resources that a policy names of a role."""
    differing = present.held(name) ^ present.given(name)
    return frozenset(resource for _action, resource in differing)


def _by_resource(rights: Iterable[Pair], resources: Iterable[str]) -> Mapping[str, frozenset[str]]:
    held = list(rights)
    return {
        resource: frozenset(action for action, on in held if on == resource)
        for resource in sorted(resources)
    }


def _plan_role(present: Present, name: str, wanted: Mapping[str, frozenset[str]]) -> RolePlan:
    named = frozenset((action, on) for on, actions in wanted.items() for action in actions)
    unnamed = frozenset(right for right in present.given(name) if right[1] not in wanted)
    rights, held = (named & present.every) | unnamed, present.held(name)
    return RolePlan(name, present.numbers.get(name), rights - held, held - rights)


def _is_missing(present: Present, name: str) -> bool:
    """Whether nobody could add the role: it would come with a department's function."""
    return name not in present.numbers and is_platform_role(name)


def _faults(present: Present, policy: Policy) -> Iterable[Message]:
    resources = {resource for _action, resource in present.every}
    for name, wanted in sorted(policy.items()):
        if _is_missing(present, name):
            yield Message(
                "Role %(role)s comes with a function of a department and does not exist here.",
                {"role": name},
            )
        for resource, actions in sorted(wanted.items()):
            place = {"role": name, "resource": resource}
            if resource not in resources:
                yield Message("Role %(role)s: there is no %(resource)s here.", place)
                continue
            for action in sorted(actions):
                if (action, resource) not in present.every:
                    yield Message(
                        "Role %(role)s: there is no right %(action)s on %(resource)s.",
                        {**place, "action": action},
                    )
