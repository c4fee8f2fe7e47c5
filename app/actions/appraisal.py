"""The appraisal of a year: begun, counted, published (第十七条).

What the quality office enters by hand is in ``app.actions.appraisal_score``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.appraisal import why_not_appraise, why_not_draft, why_not_publish
from app.access.person import Actor
from app.actions.audit_log import Deed, record, tidy_reason
from app.catalogue.appraisal import ItemSpec, Scheme, read_scheme
from app.domain.appraisal import AppraisalStatus
from app.domain.measurement import Measurement
from app.domain.message import Message, Reason, Refused, refuse
from app.models.appraisal import Appraisal, AppraisalResult, AppraisalScore, Standing, standings
from app.models.cycle import Cycle
from app.models.database import writing
from app.models.department import Department
from app.models.evidence import Evidence, read_evidence, score_of


@dataclass(frozen=True)
class Counted:
    """How many automatic scores differ from those that were stored before."""

    appraisal: Appraisal
    changed: int


def draft_appraisal(
    session: Session, scheme: Scheme, cycle_id: int, *, by: Actor, now: datetime
) -> Appraisal:
    """Begin the appraisal of a closed year: keep the scheme, count what is recorded."""
    with writing(session):
        cycle = session.get(Cycle, cycle_id)
        if cycle is None:
            raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
        refuse(why_not_draft(by, cycle))
        appraisal = _begin(session, scheme, cycle, by=by, now=now)
        _count(session, appraisal, scheme, cycle)
        _record(session, appraisal, "draft", None, by=by, now=now)
        session.commit()
    return appraisal


def _begin(
    session: Session, scheme: Scheme, cycle: Cycle, *, by: Actor, now: datetime
) -> Appraisal:
    """Add the appraisal; the database keeps two clicks from making two of them."""
    appraisal = Appraisal(
        year=cycle.year.start_year + 1,
        cycle_id=cycle.id,
        status=AppraisalStatus.DRAFT,
        version=1,
        scheme_digest=scheme.digest,
        scheme_content=scheme.content,
        evidence_at=now,
        due_at=cycle.due_at,
        drafted_at=now,
        drafted_by=by.number,
    )
    session.add(appraisal)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused(
            Message("The appraisal of this year has been begun already. Reload the page."),
            Reason.CONFLICT,
        ) from error
    return appraisal


def count_again(
    session: Session, appraisal_id: int, version: int, *, by: Actor, now: datetime
) -> Counted:
    """Count all automatic items anew up to now; what was entered by hand stays."""
    with writing(session):
        appraisal = enter_appraisal(session, appraisal_id, by=by, version=version)
        cycle = session.get_one(Cycle, appraisal.cycle_id)
        appraisal.evidence_at, appraisal.due_at = now, cycle.due_at
        scheme = read_scheme(appraisal.scheme_content)
        changed = _count(session, appraisal, scheme, cycle)
        appraisal.version += 1
        _record(session, appraisal, "appraise", str(changed), by=by, now=now)
        session.commit()
    return Counted(appraisal, changed)


def publish_appraisal(
    session: Session,
    appraisal_id: int,
    version: int,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> Appraisal:
    """Make the scores final and keep total, rank and grade of every department."""
    reason = tidy_reason(reason)
    with writing(session):
        appraisal = _locked(session, appraisal_id, by)
        scheme = read_scheme(appraisal.scheme_content)
        results, scores = stored_results(session, appraisal), stored_scores(session, appraisal)
        found = standings(scheme, results.values(), scores.values())
        pending = sum(standing.pending for standing in found.values())
        refuse(why_not_publish(by, appraisal, pending))
        _refuse_stale(appraisal, version)
        if reason is None:
            raise Refused(
                Message("Say on what decision the scores are published; nothing was changed."),
                Reason.INVALID,
            )
        _freeze(results, found)
        appraisal.status = AppraisalStatus.PUBLISHED
        appraisal.published_at, appraisal.published_by = now, by.number
        appraisal.publish_reason = reason
        appraisal.version += 1
        _record(session, appraisal, "publish", reason, by=by, now=now)
        session.commit()
    return appraisal


def enter_appraisal(
    session: Session, appraisal_id: int, *, by: Actor, version: int | None = None
) -> Appraisal:
    """The appraisal, locked, for a change of scores; Refused where there may be none.

    ``version`` is that of the whole where the change concerns the whole.
    """
    appraisal = _locked(session, appraisal_id, by)
    refuse(why_not_appraise(by, appraisal))
    if version is not None:
        _refuse_stale(appraisal, version)
    return appraisal


def stored_results(session: Session, appraisal: Appraisal) -> dict[str, AppraisalResult]:
    """Department → its result as it is stored."""
    query = select(AppraisalResult).where(AppraisalResult.appraisal_id == appraisal.id)
    return {one.department_code: one for one in session.scalars(query)}


def stored_scores(session: Session, appraisal: Appraisal) -> dict[tuple[str, str], AppraisalScore]:
    """Department and item → its score as it is stored."""
    query = select(AppraisalScore).where(AppraisalScore.appraisal_id == appraisal.id)
    return {(one.department_code, one.item): one for one in session.scalars(query)}


def _locked(session: Session, appraisal_id: int, by: Actor) -> Appraisal:
    appraisal = session.get(Appraisal, appraisal_id, with_for_update=True, populate_existing=True)
    if appraisal is None or not by.may("read", "appraisal"):
        raise Refused(Message("There is no such appraisal."), Reason.NOT_FOUND)
    return appraisal


def _refuse_stale(appraisal: Appraisal, version: int) -> None:
    if appraisal.version != version:
        raise Refused(
            Message("Somebody has changed the appraisal meanwhile. Look at it again first."),
            Reason.CONFLICT,
        )


def _count(session: Session, appraisal: Appraisal, scheme: Scheme, cycle: Cycle) -> int:
    """Store the automatic score of every item; returns how many changed."""
    evidence = read_evidence(
        session,
        cycle,
        taken_at=appraisal.evidence_at,
        due_at=appraisal.due_at,
        correction_days=scheme.correction_days,
    )
    _add_results(session, appraisal, scheme, evidence)
    known = stored_scores(session, appraisal)
    changed = 0
    for department in stored_results(session, appraisal):
        for item in scheme.items.values():
            cell = known.get((department, item.identifier))
            if cell is None:
                cell = AppraisalScore(
                    appraisal_id=appraisal.id,
                    department_code=department,
                    item=item.identifier,
                    version=1,
                )
                session.add(cell)
            changed += _put(cell, item, evidence.measure(department, item))
    session.flush()
    return changed


def _add_results(
    session: Session, appraisal: Appraisal, scheme: Scheme, evidence: Evidence
) -> None:
    """Every department that owed a table in the year is appraised."""
    known = stored_results(session, appraisal)
    query = select(Department).where(Department.code.in_(sorted(set(evidence.records))))
    for department in session.scalars(query.order_by(Department.code)):
        if department.code not in known:
            result = AppraisalResult(
                appraisal_id=appraisal.id,
                department_code=department.code,
                department_name=department.name,
                group_name=scheme.group_of(department.kind),
                version=1,
                bonus=0,
                is_vetoed=False,
            )
            session.add(result)
    session.flush()


def _put(cell: AppraisalScore, item: ItemSpec, measured: Measurement | None) -> bool:
    """Store what was measured; True where it differs from before."""
    fresh: Mapping[str, object] = {
        "is_counted": measured is not None,
        "metric_value": None if measured is None else measured.value,
        "automatic_score": None if measured is None else score_of(item, measured),
        "evidence_count": 0 if measured is None else len(measured.events),
    }
    changed = any(getattr(cell, name) != value for name, value in fresh.items())
    if changed:
        for name, value in fresh.items():
            setattr(cell, name, value)
    return changed


def _freeze(results: Mapping[str, AppraisalResult], found: Mapping[str, Standing]) -> None:
    for code, result in results.items():
        result.total, result.rank = found[code].total, found[code].rank
        result.grade = found[code].grade


def _record(
    session: Session,
    appraisal: Appraisal,
    verb: str,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    deed = Deed(
        tag=f"appraisal.{verb}",
        subject=f"appraisal:{appraisal.id}",
        after=appraisal.status,
        reason=reason,
        content_hash=appraisal.scheme_digest,
    )
    record(session, deed, by=by, now=now)
