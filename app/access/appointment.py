"""Who may see people, appoint them, and open or close the door for them.

The administrator keeps accounts and has no say over data, so he holds no function
that has one (``why_not_hold_together``); the quality office
appoints heads and data stewards and invites them; a head appoints the own
department's data stewards and deputies; a data steward helps the own teachers
back in (第五条第二款). Nobody decides about himself, and nobody gives a
function that is not his to give.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.access.permission import carries_data
from app.access.person import Actor
from app.access.roles import PERSON, is_platform_role
from app.domain.labels import label
from app.domain.message import Message
from app.domain.person import Function
from app.models.department import Department
from app.models.person import Person

# What a function gives everywhere in the college.
GIVES: Mapping[Function, frozenset[Function]] = {
    Function.ADMINISTRATOR: frozenset(
        {
            Function.ADMINISTRATOR,
            Function.QA_OFFICE,
            Function.LEADER,
            Function.ARCHIVE,
            Function.READER,
            Function.TEACHER,
        }
    ),
    Function.QA_OFFICE: frozenset({Function.HEAD, Function.DATA_STEWARD, Function.TEACHER}),
}
# What a head gives in his department; another head only as a deputy with a last day.
HEAD_GIVES = frozenset({Function.HEAD, Function.DATA_STEWARD})
COLLEGE_SEES = (Function.ADMINISTRATOR, Function.QA_OFFICE)
ONLY_TEACHER = frozenset({Function.TEACHER})
NOT_ONESELF = Message(
    "Nobody decides about his own appointments and login. Ask somebody else who may do this."
)


@dataclass(frozen=True)
class Subject:
    """The person something is to be done to.

    ``held`` are function and department of all appointments that have not
    ended; ``has_other_roles`` tells that an administrator gave the login roles
    no appointment brings.
    """

    number: str
    department: str | None
    is_teacher: bool
    held: frozenset[tuple[Function, str]]
    has_other_roles: bool = False

    @property
    def functions(self) -> frozenset[Function]:
        """The functions held now or from a later day on."""
        return frozenset(function for function, _department in self.held)

    @property
    def departments(self) -> frozenset[str]:
        """Where the person belongs to or is appointed."""
        return frozenset({self.department or ""} - {""} | {place for _, place in self.held})

    @property
    def teaches_in(self) -> frozenset[str]:
        """The departments whose teacher the person is."""
        own = {self.department} if self.is_teacher and self.department else set()
        return frozenset(own | {place for what, place in self.held if what is Function.TEACHER})


def subject_of(person: Person, today: date, roles: Collection[str] = ()) -> Subject:
    """The person as the policies see one; ``roles`` are the names of the login's roles."""
    return Subject(
        number=person.number,
        department=person.department_code,
        is_teacher=person.teacher_kind is not None,
        held=frozenset(
            (held.function, held.department_code)
            for held in person.appointments
            if not held.has_ended(today)
        ),
        has_other_roles=not all(map(is_platform_role, roles)),
    )


def why_not_read_people(actor: Actor) -> Message | None:
    """Why the actor may not open the list of people."""
    reads = (*COLLEGE_SEES, Function.HEAD, Function.DATA_STEWARD)
    if actor.may("read", PERSON) and any(map(actor.holds, reads)):
        return None
    return Message(
        "You have no right to view the list of people. Ask the system administrator if your work"
        " needs it."
    )


def sees_person(actor: Actor, subject: Subject) -> bool:
    """Whether the person exists for the actor: heads see their people, stewards their teachers."""
    if why_not_read_people(actor) is not None:
        return False
    if any(map(actor.holds, COLLEGE_SEES)):
        return True
    if actor.departments(Function.HEAD) & subject.departments:
        return True
    return bool(actor.departments(Function.DATA_STEWARD) & subject.teaches_in)


def why_not_add_person(actor: Actor) -> Message | None:
    """Why the actor may not add people."""
    if actor.may("add", PERSON) and any(map(actor.holds, COLLEGE_SEES)):
        return None
    return Message("Only the system administrator and the quality office add people.")


def why_not_import_people(actor: Actor) -> Message | None:
    """Why the actor may not bring in a list of people."""
    if actor.may("import", PERSON) and any(map(actor.holds, COLLEGE_SEES)):
        return why_not_add_person(actor)
    return Message("Only the system administrator and the quality office import people.")


def why_not_edit_person(actor: Actor) -> Message | None:
    """Why the actor may not correct a person's name, department or kind of teacher."""
    if actor.may("edit", PERSON) and actor.holds(Function.ADMINISTRATOR):
        return None
    return Message(
        "Only the system administrator changes the particulars of people. Tell him what is wrong."
    )


def why_not_disable(actor: Actor, subject: Subject, *, is_last: bool) -> Message | None:
    """Why the actor may not end somebody's time here; ``is_last``: the last administrator."""
    if not (actor.may("edit", PERSON) and actor.holds(Function.ADMINISTRATOR)):
        return Message("Only the system administrator disables people and lets them in again.")
    if subject.number == actor.number:
        return NOT_ONESELF
    return _why_not_last() if is_last else None


def _why_not_last() -> Message:
    return Message(
        "This is the last system administrator. Appoint another one first, else nobody could"
        " manage accounts any more."
    )


def why_not_give_login(actor: Actor, subject: Subject) -> Message | None:
    """Why the actor may not give somebody a first login."""
    refusal = why_not_add_person(actor)
    if refusal is not None:
        return refusal
    return _why_above(actor, subject, GIVES[Function.QA_OFFICE])


def why_not_reset(actor: Actor, subject: Subject) -> Message | None:
    """Why the actor may not unlock somebody or give him a new password.

    Who resets a password could sign in as that person: so only the
    administrator does it for others than teachers.
    """
    if not actor.may("unlock", PERSON):
        return Message("You have no right to unlock people or to give them a new password.")
    if subject.number == actor.number:
        return NOT_ONESELF
    if actor.holds(Function.ADMINISTRATOR) or actor.holds(Function.QA_OFFICE):
        return _why_above(actor, subject, ONLY_TEACHER)
    if actor.departments(Function.DATA_STEWARD) & subject.teaches_in:
        return _why_above(actor, subject, ONLY_TEACHER)
    return Message("Data stewards do this for the teachers of their own department only.")


def why_not_hand_out(actor: Actor) -> Message | None:
    """Why the actor has no passwords to hand out: who gives none, and resets none."""
    if actor.may("unlock", PERSON):
        return None
    return why_not_add_person(actor)


def _why_above(actor: Actor, subject: Subject, within: frozenset[Function]) -> Message | None:
    """A login that can do more than those functions is the administrator's business."""
    if actor.holds(Function.ADMINISTRATOR):
        return None
    if subject.functions <= within and not subject.has_other_roles:
        return None
    return Message("For people with this function only the system administrator does this.")


def why_not_appoint(
    actor: Actor, subject: Subject, function: Function, department: str, until: date | None
) -> Message | None:
    """Why the actor may not give the function in the department to this person."""
    refusal = why_not_decide(actor, subject, function, department, until)
    return refusal or why_not_hold_together(subject, function)


def why_not_hold_together(subject: Subject, function: Function) -> Message | None:
    """Why nobody with what this person holds may get the function as well (separation of duties).

    Who keeps accounts could let himself in anywhere: beside that he has no say over data, today or
    from a later day on. Roles made by hand are looked at one by one, by whoever gives them.
    """
    if function is Function.ADMINISTRATOR:
        other = next(
            (held for held in Function if held in subject.functions if carries_data(held)), None
        )
        if other is not None:
            return Message(
                "The system administrator keeps accounts and has no say over data. This person is"
                " %(function)s; appoint somebody else, or end that appointment first.",
                {"function": label(other)},
            )
        if subject.has_other_roles:
            return Message(
                "The system administrator keeps accounts and has no say over data. This person has"
                " roles made by hand; take them away first."
            )
    elif Function.ADMINISTRATOR in subject.functions and carries_data(function):
        return Message(
            "This person is system administrator, who keeps accounts and has no say over data, and"
            " so cannot be %(function)s as well. Appoint somebody else.",
            {"function": label(function)},
        )
    return None


def why_not_decide(
    actor: Actor, subject: Subject, function: Function, department: str, until: date | None
) -> Message | None:
    """Why the actor has no say over who holds the function in the department ``until`` a day."""
    if not actor.may("assign", PERSON):
        return Message("You have no right to appoint people.")
    if subject.number == actor.number:
        return NOT_ONESELF
    if any(actor.holds(own) and function in GIVES[own] for own in GIVES):
        return None
    return _why_not_as_head(actor, subject, function, department, until)


def _why_not_as_head(
    actor: Actor, subject: Subject, function: Function, department: str, until: date | None
) -> Message | None:
    """Heads give two functions in their own departments."""
    if function not in HEAD_GIVES or not actor.holds(Function.HEAD, department):
        return Message(
            "The function “%(function)s” is not yours to give or to end.",
            {"function": label(function)},
        )
    if department not in subject.departments:
        return Message("A head appoints people of the own department only.")
    if function is Function.HEAD and until is None:
        return Message(
            "A head appoints a deputy, which needs a last day; heads themselves are appointed"
            " by the quality office."
        )
    return None


def why_not_until(department: Department, until: date | None, today: date) -> Message | None:
    """Why nobody can hold a function there until that day (None: for good): the department ends.

    What lasted longer than a department that is closed already can still be ended.
    """
    end = department.valid_to
    if end is None or end < today or (until is not None and until <= end):
        return None
    return Message(
        "The department “%(department)s” ends on %(day)s. Name a last day that is no later, or"
        " another department.",
        {"department": department.name, "day": end.isoformat()},
    )


def why_not_end(
    actor: Actor,
    subject: Subject,
    function: Function,
    department: str,
    until: date | None,
    *,
    is_last: bool,
) -> Message | None:
    """Why the actor may not end an appointment that lasts ``until`` so far."""
    refusal = why_not_decide(actor, subject, function, department, until)
    if refusal is None and is_last and function is Function.ADMINISTRATOR:
        return _why_not_last()
    return refusal
