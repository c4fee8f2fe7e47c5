"""What the rules have against finishing and accepting a table (第五条, 第十一条, 第十二条)."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.base_table import TableSpec
from app.domain.finding_state import FindingState
from app.domain.message import Message, Reason, Refused
from app.models.judged_place import JudgedPlace, PlaceFinding
from app.models.spot_check import SpotCheck, SpotCheckRow
from app.models.submission import Submission

# How many findings a refusal lists; the page of findings has them all.
LISTED = 50
Summary = dict[str, dict[str, dict[str, int]]]


def refuse_errors(errors: Sequence[PlaceFinding], hidden: Collection[str]) -> None:
    """Refuse finishing while there are errors; ``hidden`` are fields masked for whoever asks."""
    message = Message(
        "%(count)s errors have to be mended before the table can be finished.",
        {"count": len(errors)},
    )
    _refuse(message, errors, hidden)


def refuse_warnings(warnings: Sequence[PlaceFinding], hidden: Collection[str]) -> None:
    """Refuse finishing while there are warnings that nobody has explained."""
    message = Message(
        "%(count)s warnings have to be mended or explained before the table can be finished.",
        {"count": len(warnings)},
    )
    _refuse(message, warnings, hidden)


def refuse_unsettled(judged: JudgedPlace, hidden: Collection[str]) -> None:
    """Refuse accepting while errors are open or explanations are not adopted."""
    errors = judged.open_errors
    message = Message(
        "%(count)s errors are open, so the table cannot be accepted. Send it back, or waive"
        " a rule that does not hold here.",
        {"count": len(errors)},
    )
    _refuse(message, errors, hidden)
    unsettled = judged.in_state(FindingState.EXPLAINED, FindingState.REJECTED)
    message = Message(
        "%(count)s explanations are not adopted. Rule on them first; a table with rejected"
        " ones is sent back.",
        {"count": len(unsettled)},
    )
    _refuse(message, unsettled, hidden)


def refuse_unchecked(session: Session, spec: TableSpec, submission: Submission) -> None:
    """Refuse accepting a table whose catalogue asks for a spot check until one is done (T13).

    One of what was reported now, every row of it with a result; what was found the office weighs.
    """
    if not spec.spot_check or submission.nil_reason is not None:
        return
    query = (
        select(func.count(), func.count(SpotCheckRow.result))
        .join(SpotCheck, SpotCheck.id == SpotCheckRow.spot_check_id)
        .where(
            SpotCheck.submission_id == submission.id,
            SpotCheck.content_hash == submission.content_hash,
        )
        .group_by(SpotCheck.id)
    )
    left = [drawn - checked for drawn, checked in session.execute(query)]
    if not left:
        raise Refused(
            Message(
                "This table is accepted only after a spot check of what was reported. Draw rows on"
                " the page of spot checks and enter what was found of them."
            )
        )
    if 0 not in left:
        message = Message(
            "The spot check of this table is not done: %(count)s rows have no result yet.",
            {"count": min(left)},
        )
        raise Refused(message)


def summary_of(judged: JudgedPlace) -> Summary:
    """Dimension → state → severity → how many findings."""
    counts: Summary = {}
    for each in judged.found:
        finding = each.finding
        by_state = counts.setdefault(finding.dimension.value, {})
        by_severity = by_state.setdefault(each.state.value, {})
        by_severity[finding.severity.value] = by_severity.get(finding.severity.value, 0) + 1
    return counts


def _refuse(message: Message, found: Sequence[PlaceFinding], hidden: Collection[str]) -> None:
    """Refuse with what was found; nothing found refuses nothing."""
    if found:
        details = tuple(each.finding.told(hidden) for each in found[:LISTED])
        raise Refused(message, Reason.INVALID, details)
