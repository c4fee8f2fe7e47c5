"""Changing what roles may do and who has them (decision 12).

FAB's tables are written in our own transaction. What an administrator takes away stays away:
``sync_permissions`` grants only what is new.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.access.permission import (
    KEY_RIGHT,
    why_not_edit_role,
    why_not_edit_roles,
    why_not_give_right,
    why_not_together,
)
from app.access.person import Actor
from app.access.roles import Pair, is_platform_role
from app.actions.audit_log import Deed, record
from app.actions.permission import grant_rights, raise_permission_version
from app.domain.message import Message, Reason, Refused, refuse
from app.models.database import writing
from app.models.permission import (
    permission,
    permission_view,
    permission_view_role,
    role,
    roles_of_logins,
    user,
    user_role,
    view_menu,
)
from app.models.role_rights import digest_of, known_rights, rights_of_roles, roles_held
from app.models.saved_view import RoleView
from app.models.table_access import TableAccess

LONGEST_NAME = 60
FORBIDDEN_IN_NAMES = frozenset("/\\<>\"'`,;")


@dataclass(frozen=True)
class RightsRequest:
    """What a role is to be given and lose; ``digest`` is that of the rights on the page."""

    digest: str
    give: frozenset[Pair] = frozenset()
    take: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class RightsChange:
    """How many rights were given and taken."""

    given: int
    taken: int


def edit_rights(
    session: Session, number: int, request: RightsRequest, *, by: Actor, now: datetime
) -> RightsChange:
    """Give and take rights of one role, all or nothing.

    Raises Refused: not found, forbidden, a right there is none of or that the role may not have
    (invalid), somebody else changed the role meanwhile (conflict).
    """
    with changing_roles(session):
        change = put_rights(session, number, request, by=by, now=now)
        refuse_without_key(session)
        session.commit()
    return change


def put_rights(
    session: Session, number: int, request: RightsRequest, *, by: Actor, now: datetime
) -> RightsChange:
    """What ``edit_rights`` does to one of several roles that change together.

    Inside ``changing_roles``; the caller asks ``refuse_without_key`` in the end and commits.
    """
    name = enter_role(session, number, by)
    held = rights_of_roles(session, [number])[number]
    if digest_of(held) != request.digest:
        raise Refused(
            Message("Somebody has changed the rights of this role meanwhile. Look at them again."),
            Reason.CONFLICT,
        )
    give, take = request.give - held, request.take & held
    _refuse_rights(session, name, give)
    for held_too in _roles_of_holders(session, number):
        refuse(why_not_together(held_too, give))
    grant_rights(session, [(name, right) for right in give])
    _take(session, number, take)
    _record(session, name, "permission.edit", given=give, taken=take, by=by, now=now)
    return RightsChange(len(give), len(take))


def add_role(
    session: Session, name: str, *, like: int | None = None, by: Actor, now: datetime
) -> int:
    """Add a role made by hand, with the rights of role ``like`` if given; returns its id."""
    with changing_roles(session):
        number = insert_role(session, name, like=like, by=by, now=now)
        session.commit()
    return number


def insert_role(
    session: Session, name: str, *, like: int | None = None, by: Actor, now: datetime
) -> int:
    """What ``add_role`` does; inside ``changing_roles``, the caller commits."""
    tidy = " ".join(name.split())
    refuse(why_not_edit_roles(by))
    _refuse_name(session, tidy)
    session.execute(insert(role), [{"name": tidy}])
    number = session.scalars(select(role.c.id).where(role.c.name == tidy)).one()
    rights: frozenset[Pair] = frozenset()
    if like is not None:
        model = _name_of(session, like)
        rights = rights_of_roles(session, [like])[like]
        grant_rights(session, [(tidy, right) for right in rights])
        _copy_access(session, model, tidy, now)
    _record(session, tidy, "role.add", given=rights, by=by, now=now)
    return int(number)


def remove_role(session: Session, number: int, *, by: Actor, now: datetime) -> str:
    """Remove a role made by hand that nobody has; returns its name."""
    with changing_roles(session):
        name = enter_role(session, number, by)
        if is_platform_role(name):
            raise Refused(Message("Roles that appointments bring cannot be removed."))
        held = roles_of_logins()
        count = select(func.count()).select_from(held).where(held.c.role_id == number)
        if holders := session.scalar(count):
            raise Refused(
                Message(
                    "%(count)s people still have this role. Take it from them first.",
                    {"count": holders},
                ),
                Reason.INVALID,
            )
        rights = rights_of_roles(session, [number])[number]
        _take(session, number, rights)
        # Another role of its name begins anew.
        session.execute(delete(TableAccess).where(TableAccess.role_name == name))
        session.execute(delete(RoleView).where(RoleView.role_name == name))
        session.execute(delete(role).where(role.c.id == number))
        _record(session, name, "role.remove", taken=rights, by=by, now=now)
        session.commit()
    return name


def give_role(session: Session, number: int, username: str, *, by: Actor, now: datetime) -> None:
    """Let somebody have a role made by hand; who has it already keeps it."""
    with changing_roles(session):
        name, user_id = _holding(session, number, username, by)
        held = roles_held(session, user_id)
        refuse(why_not_together(held, rights_of_roles(session, [number])[number]))
        if name not in held:
            session.execute(insert(user_role), [{"user_id": user_id, "role_id": number}])
            _record(session, name, "role.give", to=username, by=by, now=now)
        session.commit()


def take_role(session: Session, number: int, username: str, *, by: Actor, now: datetime) -> None:
    """Take a role made by hand from somebody; who has it no longer stays without.

    Refused (invalid) where a group brings it.
    """
    with changing_roles(session):
        name, user_id = _holding(session, number, username, by)
        own = (user_role.c.user_id == user_id) & (user_role.c.role_id == number)
        taken = session.connection().execute(delete(user_role).where(own)).rowcount
        if name in roles_held(session, user_id):
            raise Refused(
                Message(
                    "%(username)s has this role by a group of logins, which only whoever runs the"
                    " server can change. Nothing was changed.",
                    {"username": username},
                ),
                Reason.INVALID,
            )
        if taken:
            refuse_without_key(session)
            _record(session, name, "role.take", to=username, by=by, now=now)
        session.commit()


def _copy_access(session: Session, model: str, name: str, now: datetime) -> None:
    """The rows and masks of the role it is like; with its rights alone it would open more."""
    for kept in session.scalars(select(TableAccess).where(TableAccess.role_name == model)).all():
        session.add(
            TableAccess(
                role_name=name,
                table_identifier=kept.table_identifier,
                rows=kept.rows,
                rule=kept.rule,
                masks=kept.masks,
                changed_at=now,
            )
        )


@contextmanager
def changing_roles(session: Session) -> Iterator[None]:
    """A transaction on roles, one at a time; every process forgets the rights it remembers.

    Of two who each take away one of the last two keys the second waits here, then sees what the
    first did.
    """
    with writing(session):
        raise_permission_version(session)
        yield


def enter_role(session: Session, number: int, by: Actor) -> str:
    """The name of the role that is to be changed, locked for the others. Raises Refused."""
    name = _name_of(session, number)
    refuse(why_not_edit_role(by, name, roles_held(session, by.user_id)))
    return name


def _name_of(session: Session, number: int) -> str:
    name = session.scalar(select(role.c.name).where(role.c.id == number).with_for_update())
    if name is None:
        raise Refused(Message("There is no such role."), Reason.NOT_FOUND)
    return str(name)


def _holding(session: Session, number: int, username: str, by: Actor) -> tuple[str, int]:
    name = enter_role(session, number, by)
    if is_platform_role(name):
        raise Refused(
            Message("This role comes with an appointment; change the person's appointments."),
        )
    if username == by.username:
        raise Refused(Message("Nobody gives or takes a role of his own; ask a colleague."))
    user_id = session.scalar(select(user.c.id).where(user.c.username == username))
    if user_id is None:
        raise Refused(
            Message("There is no login %(username)s.", {"username": username[:64]}), Reason.INVALID
        )
    return name, int(user_id)


def _roles_of_holders(session: Session, number: int) -> list[frozenset[str]]:
    """For each login that has the role, the names of all roles it has."""
    held = roles_of_logins()
    query = select(held.c.user_id).where(held.c.role_id == number)
    return [roles_held(session, user_id) for user_id in session.scalars(query)]


def _refuse_rights(session: Session, name: str, give: Collection[Pair]) -> None:
    unknown = sorted(set(give) - set(known_rights(session))) if give else []
    if unknown:
        raise Refused(
            Message("There is no right %(right)s.", {"right": " ".join(unknown[0])[:120]}),
            Reason.INVALID,
        )
    for right in sorted(give):
        refusal = why_not_give_right(name, right)
        if refusal is not None:
            raise Refused(refusal, Reason.INVALID)


def _refuse_name(session: Session, name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME or FORBIDDEN_IN_NAMES & set(name) or "." in name:
        raise Refused(
            Message(
                "A role needs a name of at most %(longest)s characters without points, commas"
                " and quotation marks.",
                {"longest": LONGEST_NAME},
            ),
            Reason.INVALID,
        )
    names = session.scalars(select(role.c.name)).all()
    if is_platform_role(name) or name.casefold() in {other.casefold() for other in names}:
        raise Refused(
            Message("There is a role %(name)s already; choose another name.", {"name": name}),
            Reason.INVALID,
        )


def _take(session: Session, number: int, rights: Collection[Pair]) -> None:
    if not rights:
        return
    known = known_rights(session)
    granted = permission_view_role
    session.execute(
        delete(granted).where(
            granted.c.role_id == number,
            granted.c.permission_view_id.in_([known[right] for right in rights]),
        )
    )


def refuse_without_key(session: Session) -> None:
    """Somebody who can sign in has to be left who changes rights."""
    action, resource = KEY_RIGHT
    held = roles_of_logins()
    query = (
        select(user.c.id)
        .join(held, held.c.user_id == user.c.id)
        .join(permission_view_role, permission_view_role.c.role_id == held.c.role_id)
        .join(permission_view, permission_view.c.id == permission_view_role.c.permission_view_id)
        .join(permission, permission.c.id == permission_view.c.permission_id)
        .join(view_menu, view_menu.c.id == permission_view.c.view_menu_id)
        .where(user.c.active, permission.c.name == f"can_{action}", view_menu.c.name == resource)
        .limit(1)
    )
    if session.scalar(query) is None:
        raise Refused(
            Message(
                "Nobody would be left who can change rights. Give that right to another first."
            ),
            Reason.INVALID,
        )


def _record(
    session: Session,
    name: str,
    tag: str,
    *,
    given: Collection[Pair] = (),
    taken: Collection[Pair] = (),
    to: str | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Note what changed."""
    changes = [f"+{action} {resource}" for action, resource in sorted(given)]
    changes += [f"-{action} {resource}" for action, resource in sorted(taken)]
    deed = Deed(tag, f"role:{name}", after=to, reason="\n".join(changes) or None)
    record(session, deed, by=by, now=now)
