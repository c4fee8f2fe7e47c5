"""People who owe something and have never signed in (V20): nobody's reminders reach them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.catalogue.base_table import FilledBy
from app.domain.person import Function
from app.models.account import Account
from app.models.person import Appointment, Person
from app.reports.board import BoardLine

OWING = (Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)


@dataclass(frozen=True)
class Sleeper:
    """Somebody who never signed in, where and as what he owes something."""

    number: str
    name: str
    function: Function
    has_login: bool


def sleepers(
    session: Session, lines: Iterable[BoardLine], today: date
) -> Mapping[str, list[Sleeper]]:
    """Department code → those who owe one of the lines and have never signed in."""
    owing = _owing(lines)
    found: dict[str, list[Sleeper]] = {}
    if not owing:
        return found
    query = (
        select(Person, Appointment.function, Appointment.department_code)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Account, Account.username == Person.username)
        .where(
            Person.is_active,
            Appointment.function.in_(OWING),
            Appointment.department_code.in_(sorted(owing)),
            Appointment.valid_from <= today,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            Account.last_sign_in_at.is_(None),
        )
        .order_by(Appointment.department_code, Person.number)
    )
    for person, function, department in session.execute(query):
        if function in owing[department]:
            sleeper = Sleeper(person.number, person.name, function, person.username is not None)
            found.setdefault(department, []).append(sleeper)
    return found


def _owing(lines: Iterable[BoardLine]) -> Mapping[str, set[Function]]:
    """Department code → who owes something there.

    Teachers owe what teachers fill in, as long as it can be filled in.
    """
    owing: dict[str, set[Function]] = {}
    for line in lines:
        if line.days_left is None:
            continue
        functions = owing.setdefault(line.department_code, {Function.DATA_STEWARD, Function.HEAD})
        if line.spec.filled_by is FilledBy.TEACHER and line.status.is_editable:
            functions.add(Function.TEACHER)
    return owing
