"""Bringing in a list of people: all of it or nothing, and only what was shown before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.appointment import why_not_import_people
from app.access.person import Actor
from app.actions.appointment import told_of as told_of_appointment
from app.actions.audit_log import Deed, record_all
from app.actions.initial_password import NewLogin, open_logins
from app.actions.leaver import let_go, why_bad_last_day
from app.actions.person import sync_user_roles
from app.actions.person_change import changing, deed_on, told_of
from app.actions.staff_list_judge import plan_staff_list
from app.actions.staff_list_plan import Known, Planned, StaffPlan, read_known
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.staff_list import StaffRows
from app.models.appointment_rows import is_last_administrator
from app.models.permission import user
from app.models.person import Appointment, Person


@dataclass(frozen=True)
class Confirmed:
    """What was chosen on the preview: its digest and who, not on the list, has left."""

    digest: str
    create_logins: bool
    leaving: Collection[str] = ()
    last_day: date | None = None


@dataclass(frozen=True)
class BroughtIn:
    """How many were added, changed and disabled, and who got a login."""

    created: int
    changed: int
    disabled: int
    logins: Sequence[Person]


def preview_staff_list(
    session: Session, rows: StaffRows, *, create_logins: bool, by: Actor, now: datetime
) -> StaffPlan:
    """What the list would change; nothing is written."""
    refuse(why_not_import_people(by))
    known = read_known(session, now.date())
    return plan_staff_list(rows, known, create_logins=create_logins, by=by)


def bring_in_staff_list(
    session: Session,
    rows: StaffRows,
    confirmed: Confirmed,
    hashes: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> BroughtIn:
    """Write what the preview showed; ``hashes`` maps staff numbers to password hashes."""
    refuse(why_not_import_people(by))
    today = now.date()
    with changing(session):
        known = read_known(session, today, for_update=True)
        plan = plan_staff_list(rows, known, create_logins=confirmed.create_logins, by=by)
        _refuse_unseen(plan, confirmed, hashes)
        leaving = _leaving(plan, known, confirmed)
        people = [_written(session, planned) for planned in (*plan.created, *plan.changed)]
        session.flush()
        _rename_logins(session, plan.changed)
        deeds = [deed for planned, person in people for deed in _deeds(planned, person)]
        deeds += [
            deed_on(p, Deed("person.disable", "", after=str(confirmed.last_day))) for p in leaving
        ]
        summary = Deed("person.import", "person:import", after=_counts(plan, leaving))
        record_all(session, [*deeds, summary], by=by, now=now)
        logins = [
            NewLogin(person, planned.username, hashes[planned.number])
            for planned, person in people
            if planned.username is not None
        ]
        open_logins(session, logins, by=by, now=now)
        for person in leaving:
            person.version += 1
        if leaving:
            let_go(session, leaving, confirmed.last_day or today, now=now)
        sync_user_roles(session, today)
        session.commit()
        made = [login.person for login in logins]
        return BroughtIn(len(plan.created), len(plan.changed), len(leaving), made)


def _refuse_unseen(plan: StaffPlan, confirmed: Confirmed, hashes: Mapping[str, str]) -> None:
    """What is written is what was shown, and it is whole."""
    if plan.digest != confirmed.digest:
        raise Refused(
            Message(
                "People were changed since the preview was made, or this list was taken in already."
                " Nothing was written; look at the preview again."
            ),
            Reason.CONFLICT,
        )
    if plan.faults or {planned.number for planned in plan.logins} - hashes.keys():
        raise Refused(
            Message("The list still has rows that cannot be taken in. Nothing was written."),
            Reason.INVALID,
        )


def _leaving(plan: StaffPlan, known: Known, confirmed: Confirmed) -> list[Person]:
    """Those ticked as leavers; all of them together must leave an administrator."""
    if not confirmed.leaving:
        return []
    refuse(why_bad_last_day(confirmed.last_day, known.today), Reason.INVALID)
    chosen = [one for one in plan.left if one.person.number in set(confirmed.leaving)]
    if len(chosen) != len(set(confirmed.leaving)):
        raise Refused(
            Message("Somebody who was ticked is not among those missing on the list."),
            Reason.CONFLICT,
        )
    for one in chosen:
        refuse(one.refusal)
    if _leaves_nobody(known, {one.person.number for one in chosen}):
        raise Refused(
            Message("All system administrators would be disabled. Keep at least one of them."),
            Reason.INVALID,
        )
    return [one.person for one in chosen]


def _leaves_nobody(known: Known, leaving: Collection[str]) -> bool:
    """Whether no administrator would be left who can sign in for good."""
    stays = [(held, person) for held, person in known.held if person.number not in leaving]
    gone = [person.number for _held, person in known.held if person.number in leaving]
    return any(is_last_administrator([*stays, *_of(known, number)], number) for number in gone)


def _of(known: Known, number: str) -> list[tuple[Appointment, Person]]:
    return [(held, person) for held, person in known.held if person.number == number]


def _written(session: Session, planned: Planned) -> tuple[Planned, Person]:
    """The person with the new values; the caller flushes."""
    person = planned.person
    if person is None:
        person = Person(number=planned.number, is_active=True)
        session.add(person)
    else:
        person.version += 1
        planned.told_before = told_of(person)
    person.name, person.department_code = planned.name, planned.department
    person.teacher_kind = planned.teacher_kind
    for new in planned.appointments:
        person.appointments.append(
            Appointment(
                function=new.function,
                department_code=new.department,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
            )
        )
    for held, last_day in planned.moved_ends:
        held.valid_to = last_day
    return planned, person


def _rename_logins(session: Session, changed: Sequence[Planned]) -> None:
    for planned in changed:
        username = planned.person.username if planned.person else None
        if username is not None and planned.differences:
            session.execute(
                update(user).where(user.c.username == username).values(first_name=planned.name)
            )


def _deeds(planned: Planned, person: Person) -> list[Deed]:
    """The entries of one person: added or edited, and each function given or moved."""
    deeds = []
    if planned.person is None:
        deeds.append(Deed("person.add", "", after=told_of(person)))
    elif planned.differences:
        deeds.append(Deed("person.edit", "", before=planned.told_before, after=told_of(person)))
    new = {(n.function, n.department, n.valid_from) for n in planned.appointments}
    for held in person.appointments:
        if (held.function, held.department_code, held.valid_from) in new:
            deeds.append(Deed("person.assign", "", after=told_of_appointment(held)))
    for held, _last_day in planned.moved_ends:
        deeds.append(Deed("person.close", "", after=told_of_appointment(held)))
    return [deed_on(person, deed) for deed in deeds]


def _counts(plan: StaffPlan, leaving: Sequence[Person]) -> str:
    counts = (len(plan.created), len(plan.changed), len(leaving))
    return "+{} ~{} -{}".format(*counts)
