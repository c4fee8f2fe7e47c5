"""The parts of a person's department in tables that other departments report (第十条第三款)."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Contribution
from app.access.roles import COOPERATION
from app.domain.cooperation import CONTRIBUTING, CooperationVerb
from app.domain.person import Function
from app.models.cooperation import Cooperation
from app.models.person import Appointment
from app.models.submission import Submission

# The right without which somebody takes no part in what his department was asked for.
PART = (f"can_{CooperationVerb.ANSWER}", COOPERATION)
READING = ("list", "export", "pick")
WRITING = ("add", "edit", "delete", "import")
Pair = tuple[str, str]


def contributions_of(
    session: Session, appointments: Iterable[Appointment], permissions: Collection[Pair]
) -> tuple[Contribution, ...]:
    """His department's requests: its head reads what was contributed, its data steward writes.

    Nothing is asked of who takes no part.
    """
    stewards, departments = set(), set()
    for held in appointments:
        if held.function in {Function.DATA_STEWARD, Function.HEAD}:
            departments.add(held.department_code)
        if held.function is Function.DATA_STEWARD:
            stewards.add(held.department_code)
    if not departments or PART not in permissions:
        return ()
    query = (
        select(Cooperation, Submission)
        .join(Submission, Submission.id == Cooperation.submission_id)
        .where(
            Cooperation.partner_code.in_(sorted(departments)),
            Cooperation.sent_at.is_not(None),
            Cooperation.takes_rows,
        )
        .order_by(Cooperation.id)
    )
    return tuple(
        Contribution(
            table=submission.table_identifier,
            period=submission.period,
            place=submission.department_code,
            contributor=request.partner_code,
            cooperation_id=request.id,
            is_open=request.status in CONTRIBUTING and request.partner_code in stewards,
        )
        for request, submission in session.execute(query)
        if submission.department_code != request.partner_code
    )


def rights_of_contributions(contributions: Iterable[Contribution]) -> frozenset[Pair]:
    """The rights on the tables that they bring; which rows is for the scopes to say."""
    return frozenset(
        (f"can_{action}", each.table)
        for each in contributions
        for action in (*READING, *(WRITING if each.is_open else ()))
    )
