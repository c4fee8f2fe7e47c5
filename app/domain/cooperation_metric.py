"""What is counted of co-operation between departments (第十条第三款, 第十七条).

Fairness: a refusal that the quality office upheld costs nothing and a request that was taken back
counts for nobody; what is still before the office, or not due yet, is not counted either. Ratings
are told without the name of whoever gave them.
"""

from decimal import Decimal

from app.domain.cooperation import CooperationStatus, CooperationVerb
from app.domain.evidence import Asked, AskedStep, Records, days_late, local_day
from app.domain.measurement import PLACES, Event, Measurement, plain_number, ratio
from app.domain.message import Message

# With fewer departments that rated everybody would know who gave what.
LEAST_RATERS = 3
_UNDECIDED = frozenset(
    {CooperationStatus.DRAFT, CooperationStatus.WITHDRAWN, CooperationStatus.RELEASED}
)
_NOTHING = Message("No department asked for anything that is to be counted.")


def cooperation_in_time(records: Records) -> Measurement:
    """The share of requests that were answered by the date named when they were sent.

    Whoever asked, or has ruled, may have put the date off before the answer came.
    """
    events = [event for asked in records.asked if (event := _answer(asked, records))]
    if not events:
        return Measurement(None, _NOTHING)
    in_time = len([event for event in events if not event.is_fault])
    summary = Message(
        "%(count)s requests of other departments, %(in_time)s answered in time",
        {"count": len(events), "in_time": in_time},
    )
    return Measurement(ratio(in_time, len(events)), summary, tuple(events))


def _answer(asked: Asked, records: Records) -> Event | None:
    """What one request comes to; None where nothing can be said of it yet, or any more."""
    sent = asked.first(CooperationVerb.SEND)
    if sent is None or asked.status in _UNDECIDED:
        return None
    sent = _dated_last(asked, sent)
    answered, refused = asked.first(CooperationVerb.ANSWER), asked.first(CooperationVerb.REFUSE)
    if refused is not None and (answered is None or refused.at < answered.at):
        return _refusal(asked, refused)
    if answered is None:
        return _silence(asked, sent, records)
    days = days_late(answered.at, sent.due_at)
    told = {"day": local_day(answered.at).isoformat(), "days": days, **_due(sent)}
    text = Message("Answered %(day)s, in time", {"day": told["day"]})
    if days:
        text = Message("Answered %(day)s, due %(due)s: %(days)s days late", told)
    return _event(asked, text, is_fault=days > 0)


def _dated_last(asked: Asked, sent: AskedStep) -> AskedStep:
    """The step that has named the date by which the first answer was owed."""
    dated = sent
    for step in asked.steps:
        if step.verb is CooperationVerb.ANSWER:
            break
        if step.verb is CooperationVerb.EXTEND and step.due_at > dated.due_at:
            dated = step
    return dated


def _refusal(asked: Asked, refused: AskedStep) -> Event | None:
    """A refusal counts unless it was upheld, or is before the quality office."""
    if asked.status is CooperationStatus.APPEALED:
        return None
    day = {"day": local_day(refused.at).isoformat()}
    return _event(asked, Message("Refused on %(day)s, which nobody has upheld", day))


def _silence(asked: Asked, sent: AskedStep, records: Records) -> Event | None:
    """No answer counts once it is late."""
    days = days_late(records.taken_at, sent.due_at)
    if not days:
        return None
    told = {"days": days, **_due(sent)}
    return _event(asked, Message("Not answered by %(due)s, %(days)s days late", told))


def _due(sent: AskedStep) -> dict[str, str]:
    return {"due": local_day(sent.due_at).isoformat()}


def _event(asked: Asked, text: Message, *, is_fault: bool = True) -> Event:
    return Event(text, Decimal(int(not is_fault)), is_fault, cooperation_id=asked.number)


def cooperation_rating(records: Records) -> Measurement:
    """The rating by departments that asked, each with its own average; too few rate nobody."""
    ratings: dict[str, list[int]] = {}
    for asked in records.asked:
        rating = asked.rating
        if rating is not None:
            ratings.setdefault(asked.lead, []).append(rating)
    if len(ratings) < LEAST_RATERS:
        told = {"count": len(ratings), "least": LEAST_RATERS}
        text = Message("%(count)s departments have rated; from %(least)s on it counts", told)
        return Measurement(None, text)
    averages = [Decimal(sum(given)) / len(given) for given in ratings.values()]
    value = (sum(averages, Decimal(0)) / len(averages)).quantize(PLACES)
    summary = Message(
        "%(count)s departments have rated the co-operation, %(value)s of 5 on average",
        {"count": len(ratings), "value": plain_number(value)},
    )
    given = sorted(rating for each in ratings.values() for rating in each)
    events = tuple(
        Event(
            Message("A rating of %(rating)s of 5", {"rating": rating}),
            Decimal(rating),
            is_fault=False,
        )
        for rating in given
    )
    return Measurement(value, summary, events)


def cooperation_overruled(records: Records) -> Measurement:
    """How often the quality office ruled that the department has to co-operate after all."""
    if not any(_counts(asked) for asked in records.asked):
        return Measurement(None, _NOTHING)
    events = tuple(
        Event(
            Message("Ruled %(day)s: has to co-operate", {"day": local_day(step.at).isoformat()}),
            Decimal(1),
            True,
            cooperation_id=asked.number,
        )
        for asked in records.asked
        if _counts(asked)
        for step in asked.steps
        if step.verb is CooperationVerb.ORDER
    )
    summary = Message("%(count)s times overruled by the quality office", {"count": len(events)})
    return Measurement(Decimal(len(events)), summary, events)


def _counts(asked: Asked) -> bool:
    return asked.first(CooperationVerb.SEND) is not None and asked.status not in _UNDECIDED
