"""What the appraisal counts, from recorded events alone (第十七条, decision 9).

Fairness: what happened after the quality office opened a table again does not
count, nor do tables that do not apply; completeness and accuracy are those of
the first attempt to finish a table, whether it was blocked or not.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from app.domain.appraisal import Case, Metric
from app.domain.cooperation_metric import (
    cooperation_in_time,
    cooperation_overruled,
    cooperation_rating,
)
from app.domain.delegation import unfounded_delegation
from app.domain.evidence import LoggedStep, Records, Reported, Stewardship, days_late, local_day
from app.domain.finding import Dimension
from app.domain.measurement import (
    PLACES,
    Event,
    Measurement,
    MetricSpec,
    Recorded,
    plain_number,
    ratio,
)
from app.domain.message import Message
from app.domain.preparation_metric import mobilisation_meeting, training_attendance
from app.domain.submission import Status, Verb

PER_THOUSAND = 1000
# Differences between tables are a matter of accuracy too.
ACCURACY = (Dimension.ACCURACY, Dimension.CONSISTENCY)


def confirmation_lag(records: Records) -> Measurement:
    """Days from the department's review to the head's confirmation, in the middle."""
    events = [event for table in records.owed for event in _confirmations(table, records)]
    if not events:
        return Measurement(None, Message("No table came to the head for confirmation."))
    value = Decimal(median(event.amount for event in events))
    summary = Message(
        "%(count)s confirmations, %(days)s days each in the middle",
        {"count": len(events), "days": plain_number(value)},
    )
    return Measurement(value, summary, tuple(events))


def _confirmations(table: Reported, records: Records) -> list[Event]:
    """Every review with the confirmation that follows it; one that is awaited runs on."""
    found = []
    steps = table.counting
    for position, step in enumerate(steps):
        following = steps[position + 1] if position + 1 < len(steps) else None
        # A head who sends the table back, or a steward who withdraws it, delays nothing.
        if step.verb != Verb.REVIEW or (following and following.verb != Verb.CONFIRM):
            continue
        end = following.at if following else table.until(records.taken_at)
        days = Decimal((local_day(end) - local_day(step.at)).days)
        told = {"reviewed": local_day(step.at).isoformat(), "days": days}
        text = Message("Reviewed %(reviewed)s, not confirmed for %(days)s days", told)
        if following:
            told["confirmed"] = local_day(end).isoformat()
            text = Message("Reviewed %(reviewed)s, confirmed %(confirmed)s: %(days)s days", told)
        found.append(Event(text, days, days > 0, table.submission_id, table.table))
    return found


def steward_stability(records: Records) -> Measurement:
    """Whether there was a data steward at the opening, and how many left meanwhile."""
    if not records.owed:
        return Measurement(None, Message("The department owed no table."))
    opened, last = local_day(records.opened_at), local_day(min(records.due_at, records.taken_at))
    held = sorted(
        (one for one in records.stewards if one.valid_from <= last), key=lambda s: s.valid_from
    )
    serving = [one for one in held if one.valid_to is None or one.valid_to >= opened]
    left = [one for one in serving if one.valid_to is not None and one.valid_to < last]
    events = tuple(_appointment(one, opened, is_fault=one in left) for one in serving)
    value = Decimal(len(left))
    if not serving:
        return Measurement(
            value, Message("No data steward was appointed"), case=Case.NEVER_APPOINTED
        )
    if serving[0].valid_from > opened:
        told = {"day": serving[0].valid_from.isoformat()}
        late = Message("The data steward was appointed only on %(day)s, after the opening", told)
        return Measurement(value, late, events, Case.APPOINTED_LATE)
    summary = Message(
        "Appointed before the opening, %(count)s changes during collection", {"count": len(left)}
    )
    return Measurement(value, summary, events)


def _appointment(one: Stewardship, opened: date, *, is_fault: bool) -> Event:
    told = {"person": one.person, "first": one.valid_from.isoformat()}
    text = Message("%(person)s has been data steward since %(first)s", told)
    if one.valid_to is not None:
        told["last"] = one.valid_to.isoformat()
        text = Message("%(person)s was data steward from %(first)s to %(last)s", told)
    return Event(text, Decimal(int(is_fault)), is_fault or one.valid_from > opened)


def first_report_delay(records: Records) -> Measurement:
    """Days between the due date and the first report, table by table."""
    events = [event for table in records.owed if (event := _first_report(table, records))]
    if not events:
        return Measurement(None, Message("No table was due."))
    late = [event for event in events if event.is_fault]
    days = sum((event.amount for event in late), Decimal(0))
    summary = Message("All %(count)s tables were reported in time", {"count": len(events)})
    if late:
        summary = Message(
            "%(late)s of %(count)s tables late, %(days)s days in all",
            {"late": len(late), "count": len(events), "days": days},
        )
    return Measurement(days, summary, tuple(events))


def _first_report(table: Reported, records: Records) -> Event | None:
    """None while the table is neither reported nor due."""
    reported = table.first_reported_at
    if reported is None and table.until(records.taken_at) <= table.due_at:
        return None
    days = days_late(reported or table.until(records.taken_at), table.due_at)
    told = {"days": days, "day": local_day(reported).isoformat() if reported else ""}
    if reported is None:
        text = Message("Not reported yet, %(days)s days late", {"days": days})
    elif days:
        text = Message("First reported %(day)s, %(days)s days late", told)
    else:
        text = Message("First reported %(day)s, in time", {"day": told["day"]})
    return Event(text, Decimal(days), days > 0, table.submission_id, table.table)


def correction_in_time(records: Records) -> Measurement:
    """The share of returns by the quality office that were mended within the term."""
    if not records.owed:
        return Measurement(None, Message("The department owed no table."))
    events = [event for table in records.owed for event in _corrections(table, records)]
    in_time = len([event for event in events if not event.is_fault])
    if not events:
        return Measurement(Decimal(1), Message("The quality office sent nothing back"))
    summary = Message(
        "%(count)s times sent back, %(in_time)s times reported again within %(days)s days",
        {"count": len(events), "in_time": in_time, "days": records.correction_days},
    )
    return Measurement(ratio(in_time, len(events)), summary, tuple(events))


def _corrections(table: Reported, records: Records) -> list[Event]:
    found = []
    for position, step in enumerate(table.counting):
        if not _is_return(step):
            continue
        again = next((s for s in table.counting[position:] if s.verb == Verb.CONFIRM), None)
        end = again.at if again else table.until(records.taken_at)
        days = (local_day(end) - local_day(step.at)).days
        is_late = days > records.correction_days
        if again is None and not is_late:
            continue
        told = {"returned": local_day(step.at).isoformat(), "days": days}
        text = Message("Sent back %(returned)s, not reported again after %(days)s days", told)
        if again:
            text = Message("Sent back %(returned)s, reported again after %(days)s days", told)
        amount = Decimal(int(not is_late))
        found.append(Event(text, amount, is_late, table.submission_id, table.table))
    return found


def _is_return(step: LoggedStep) -> bool:
    """Whether the quality office sent the table back, not the department itself."""
    return step.verb == Verb.SEND_BACK and step.before == Status.UNDER_QA_REVIEW


def filled_cells(records: Records) -> Measurement:
    """The share of required cells that were filled at the first attempt."""
    attempts = [(table, a) for table in records.owed if (a := table.attempt) and a.required]
    if not attempts:
        return Measurement(None, Message("No table with required cells was finished."))
    required = sum(attempt.required for _, attempt in attempts)
    missing = required - sum(attempt.filled for _, attempt in attempts)
    summary = Message(
        "%(missing)s of %(required)s required cells were empty",
        {"missing": missing, "required": required},
    )
    events = tuple(
        Event(
            Message(
                "%(missing)s of %(required)s required cells were empty",
                {"missing": attempt.required - attempt.filled, "required": attempt.required},
            ),
            Decimal(attempt.required - attempt.filled),
            attempt.filled < attempt.required,
            table.submission_id,
            table.table,
        )
        for table, attempt in attempts
    )
    return Measurement(ratio(required - missing, required), summary, events)


def accuracy_errors(records: Records) -> Measurement:
    """Errors of accuracy per thousand cells at the first attempt."""
    return _error_density(records, ACCURACY)


def conformity_errors(records: Records) -> Measurement:
    """Errors of format per thousand cells at the first attempt."""
    return _error_density(records, (Dimension.CONFORMITY,))


def _error_density(records: Records, dimensions: Sequence[Dimension]) -> Measurement:
    attempts = [(table, a) for table in records.owed if (a := table.attempt) and a.cells]
    if not attempts:
        return Measurement(None, Message("No table with rows was finished."))
    events = []
    for table, attempt in attempts:
        errors = sum(attempt.errors.get(dimension, 0) for dimension in dimensions)
        told = {"errors": errors, "cells": attempt.cells}
        text = Message("%(errors)s errors in %(cells)s cells", told)
        amount = Decimal(errors)
        events.append(Event(text, amount, errors > 0, table.submission_id, table.table))
    errors = int(sum(event.amount for event in events))
    cells = sum(attempt.cells for _, attempt in attempts)
    value = (Decimal(errors * PER_THOUSAND) / Decimal(cells)).quantize(PLACES)
    summary = Message(
        "%(errors)s errors in %(cells)s cells, %(density)s in a thousand",
        {"errors": errors, "cells": cells, "density": plain_number(value)},
    )
    return Measurement(value, summary, tuple(events))


def spot_check_mismatch(records: Records) -> Measurement:
    """Cells that did not match their evidence, in per cent of those of the rows looked at.

    A row that did not match counts as one wrong cell: how many of its cells were wrong is told in
    words alone, which the quality office weighs when it settles the item otherwise.
    """
    looked_at = [(t, t.checked, t.attempt) for t in records.owed if t.checked and t.checked.rows]
    events, cells = [], Decimal(0)
    for table, checked, attempt in looked_at:
        fields = attempt.cells // attempt.rows if attempt and attempt.rows else 1
        cells += checked.rows * fields
        told = {"wrong": checked.mismatching, "rows": checked.rows}
        text = Message("%(wrong)s of %(rows)s rows of the spot check did not match", told)
        wrong = Decimal(checked.mismatching)
        events.append(Event(text, wrong, wrong > 0, table.submission_id, table.table))
    if not events:
        return Measurement(None, Message("No rows of the department were looked at."))
    wrong = sum((event.amount for event in events), Decimal(0))
    value = (wrong * 100 / cells).quantize(PLACES)
    summary = Message(
        "%(wrong)s rows did not match; at one cell each, %(share)s%% of the cells looked at",
        {"wrong": plain_number(wrong), "share": plain_number(value)},
    )
    return Measurement(value, summary, tuple(events))


def adopted_returns(records: Records) -> Measurement:
    """Returns by the quality office after which the department changed its data, per table."""
    owed = records.owed
    if not owed:
        return Measurement(None, Message("The department owed no table."))
    events = tuple(event for table in owed for event in _adopted(table))
    value = ratio(len(events), len(owed))
    summary = Message(
        "%(count)s returns adopted, %(tables)s tables", {"count": len(events), "tables": len(owed)}
    )
    return Measurement(value, summary, events)


def _adopted(table: Reported) -> list[Event]:
    """A return counts once the department has finished the table with other content."""
    found = []
    for position, step in enumerate(table.counting):
        later = table.counting[position + 1 :]
        again = next((s for s in later if s.verb == Verb.FINISH), None)
        if _is_return(step) and again and again.content_hash != step.content_hash:
            told = {"returned": local_day(step.at).isoformat()}
            text = Message("Sent back %(returned)s, the data were changed", told)
            found.append(Event(text, Decimal(1), True, table.submission_id, table.table))
    return found


_SPECS = (
    MetricSpec(
        Metric.CONFIRMATION_LAG,
        Message("Days from the department's review to the head's confirmation, the median"),
        confirmation_lag,
    ),
    MetricSpec(
        Metric.STEWARD_STABILITY,
        Message("Whether a data steward was appointed at the opening, and changes until the end"),
        steward_stability,
    ),
    MetricSpec(
        Metric.MOBILISATION_MEETING,
        Message("Whether the department met before the opening"),
        mobilisation_meeting,
        needs=Recorded.MEETINGS,
    ),
    MetricSpec(
        Metric.TRAINING_ATTENDANCE,
        Message("Share of the data stewards that attended a training session"),
        training_attendance,
        needs=Recorded.TRAINING,
    ),
    MetricSpec(
        Metric.FIRST_REPORT_DELAY,
        Message("Days from the due date to the first report of every table"),
        first_report_delay,
    ),
    MetricSpec(
        Metric.CORRECTION_IN_TIME,
        Message("Share of the quality office's returns that were mended within the term"),
        correction_in_time,
    ),
    MetricSpec(
        Metric.FILLED_CELLS,
        Message("Share of required cells that were filled at the first attempt to finish"),
        filled_cells,
        needs=Recorded.ATTEMPTS,
    ),
    MetricSpec(
        Metric.ACCURACY_ERRORS,
        Message("Errors of accuracy per thousand cells at the first attempt to finish"),
        accuracy_errors,
        needs=Recorded.ATTEMPTS,
    ),
    MetricSpec(
        Metric.CONFORMITY_ERRORS,
        Message("Errors of format per thousand cells at the first attempt to finish"),
        conformity_errors,
        needs=Recorded.ATTEMPTS,
    ),
    MetricSpec(
        Metric.ADOPTED_RETURNS,
        Message("Returns by the quality office after which the data were changed, per table"),
        adopted_returns,
    ),
    MetricSpec(
        Metric.SPOT_CHECK_MISMATCH,
        Message("Share of the cells that did not match their evidence in spot checks"),
        spot_check_mismatch,
        needs=Recorded.CHECKS,
    ),
    MetricSpec(
        Metric.COOPERATION_IN_TIME,
        Message("Share of other departments' requests that were answered in time"),
        cooperation_in_time,
        needs=Recorded.COOPERATION,
    ),
    MetricSpec(
        Metric.COOPERATION_RATING,
        Message("Rating of the co-operation by the departments that asked, 1 to 5"),
        cooperation_rating,
        needs=Recorded.COOPERATION,
    ),
    MetricSpec(
        Metric.COOPERATION_OVERRULED,
        Message("Refusals and silence that the quality office has overruled"),
        cooperation_overruled,
        needs=Recorded.COOPERATION,
    ),
    MetricSpec(
        Metric.UNFOUNDED_DELEGATION,
        Message("Share of the rows entered on behalf of teachers that have no basis"),
        unfounded_delegation,
        needs=Recorded.TEACHERS,
    ),
)
METRICS: Mapping[Metric, MetricSpec] = {spec.metric: spec for spec in _SPECS}
