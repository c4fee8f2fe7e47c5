"""Writing the college's own rules: drafts, publishing, switching off and on again (第五条)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.rule import why_not_change_rules
from app.actions.audit_log import Deed, record, tidy_reason
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule
from app.catalogue.rule_writing import write_rule
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.rule import RevisionState
from app.models.database import writing
from app.models.rule_revision import NO_MARK, RuleRevision, readable_rule
from app.models.setting import RULE_VERSION, Setting
from app.rules.compiled_rule import RuleError, compile_rule
from app.rules.rule_case import case_faults

# Lower numbers are left to the rules that come along with later releases.
FIRST_OWN_NUMBER = 51
LAST_NUMBER = 99
# In place of an identifier, until one is given.
NEW = ""


def save_draft(
    session: Session,
    catalogue: Catalogue,
    rule: QualityRule,
    seen: str,
    *,
    by: Actor,
    now: datetime,
) -> str:
    """Keep what is written so far; returns the rule's identifier.

    A rule without one is given the next of its table. ``seen`` is the mark of the last
    revision when the writer began; raises Refused (conflict) where it has another one by now.
    """
    with _changing_rules(session, by):
        kept = _keep(session, catalogue, rule, seen, RevisionState.DRAFT, None, by=by, now=now)
        session.commit()
        return kept.identifier


def publish_rule(
    session: Session,
    catalogue: Catalogue,
    rule: QualityRule,
    seen: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> str:
    """Let the rule be in force from the next request on; returns its identifier.

    Raises Refused (invalid) where it cannot be asked or its cases show something else than they
    are to show.
    """
    with _changing_rules(session, by):
        told = _told_reason(reason)
        _refuse_unsound(catalogue, rule)
        state = RevisionState.PUBLISHED
        kept = _keep(session, catalogue, rule, seen, state, told, by=by, now=now)
        _raise_version(session)
        session.commit()
        return kept.identifier


def retire_rule(
    session: Session,
    catalogue: Catalogue,
    identifier: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let a rule be asked no more; it keeps its identifier, its history and what is being written.

    Raises Refused (conflict) where it is in force no more.
    """
    with _changing_rules(session, by):
        told = _told_reason(reason)
        rule, state = _present(session, catalogue, identifier)
        if state is not RevisionState.PUBLISHED:
            raise Refused(Message("The rule is switched off already."), Reason.CONFLICT)
        _turn(session, rule, RevisionState.RETIRED, told, by=by, now=now)
        session.commit()


def restore_rule(
    session: Session,
    catalogue: Catalogue,
    identifier: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Let a rule that was switched off be asked again, as it was. Raises Refused."""
    with _changing_rules(session, by):
        told = _told_reason(reason)
        rule, state = _present(session, catalogue, identifier)
        if state is not RevisionState.RETIRED:
            raise Refused(Message("The rule is not switched off."), Reason.CONFLICT)
        _refuse_unsound(catalogue, rule)
        _turn(session, rule, RevisionState.PUBLISHED, told, by=by, now=now)
        session.commit()


def discard_draft(
    session: Session, catalogue: Catalogue, identifier: str, *, by: Actor, now: datetime
) -> None:
    """Drop what was being written; a rule that was never in force keeps its identifier for good."""
    with _changing_rules(session, by):
        draft = _last(session, identifier)
        if draft is None or draft.state is not RevisionState.DRAFT:
            raise Refused(Message("There is no draft of this rule."), Reason.CONFLICT)
        delivered = {rule.identifier for rule in catalogue.rules}
        if draft.revision > 1 or identifier in delivered:
            session.delete(draft)
        else:
            draft.state = RevisionState.RETIRED
            draft.person_number, draft.person_name, draft.at = by.number, by.name, now
        deed = Deed("rule.discard", f"rule:{identifier}", before=f"draft {draft.revision}")
        record(session, deed, by=by, now=now)
        session.commit()


def record_trial(session: Session, rule: QualityRule, *, by: Actor, now: datetime) -> None:
    """Record that a rule about values that are masked for the person was tried on the data.

    Whoever asks again and again, each time about something else, is seen to do so.
    """
    refuse(why_not_change_rules(by))
    with writing(session):
        subject = f"rule:{rule.identifier or rule.table}"
        record(session, Deed("rule.try", subject, reason=rule.condition), by=by, now=now)
        session.commit()


@contextmanager
def _changing_rules(session: Session, by: Actor) -> Iterator[None]:
    """How every change of rules begins; whoever may not is refused, as is what goes wrong inside.

    Until the transaction ends nobody else writes rules.
    """
    refuse(why_not_change_rules(by))
    with writing(session):
        _lock(session)
        yield


def _keep(
    session: Session,
    catalogue: Catalogue,
    rule: QualityRule,
    seen: str,
    state: RevisionState,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> RuleRevision:
    """Write what was typed: over the draft where there is one, else as the next revision."""
    if rule.identifier == NEW:
        rule = replace(rule, identifier=_next_identifier(session, catalogue, rule.table))
        last = None
    else:
        _present_or_draft(session, catalogue, rule.identifier)
        last = _last(session, rule.identifier)
    _refuse_overwriting(last, seen)
    is_draft = last is not None and last.state is RevisionState.DRAFT
    number = 1 if last is None else last.revision + 1
    kept = last if last is not None and is_draft else RuleRevision(revision=number)
    _write(session, kept, rule, state, reason, by=by, now=now)
    return kept


def _refuse_overwriting(last: RuleRevision | None, seen: str) -> None:
    """Refuse to write over what the writer has not seen, be it a draft or in force."""
    if (NO_MARK if last is None else last.mark) == seen:
        return
    if last is None:
        message = Message(
            "The draft of this rule was dropped meanwhile. What you typed is still here; save it"
            " once more to keep it."
        )
    else:
        message = Message(
            "The rule is no longer as it was when you opened it: it is now as %(person)s left it."
            " What you typed is still here and not saved. Look at the rule first; saving once more"
            " puts yours in its place.",
            {"person": last.person_name},
        )
    raise Refused(message, Reason.CONFLICT)


def _turn(
    session: Session,
    rule: QualityRule,
    state: RevisionState,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Add a revision of the same content; a draft stays the last one."""
    last = _last(session, rule.identifier)
    number = 1 if last is None else last.revision + 1
    if last is not None and last.state is RevisionState.DRAFT:
        number, last.revision = last.revision, last.revision + 1
        session.flush()
    _write(session, RuleRevision(revision=number), rule, state, reason, by=by, now=now)
    _raise_version(session)


def _write(
    session: Session,
    kept: RuleRevision,
    rule: QualityRule,
    state: RevisionState,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    kept.identifier, kept.table_identifier = rule.identifier, rule.table
    kept.content, kept.state, kept.reason = write_rule(rule), state, reason
    kept.person_number, kept.person_name, kept.at = by.number, by.name, now
    session.add(kept)
    session.flush()
    deed = Deed(
        f"rule.{_VERBS[state]}",
        f"rule:{rule.identifier}",
        after=f"{state.value} {kept.revision}",
        reason=reason,
    )
    record(session, deed, by=by, now=now)


_VERBS = {
    RevisionState.DRAFT: "draft",
    RevisionState.PUBLISHED: "publish",
    RevisionState.RETIRED: "retire",
}


def _present(
    session: Session, catalogue: Catalogue, identifier: str
) -> tuple[QualityRule, RevisionState]:
    """The rule as it is or was in force, and which of both. Raises Refused (not found)."""
    query = select(RuleRevision).where(
        RuleRevision.identifier == identifier, RuleRevision.state != RevisionState.DRAFT
    )
    last = session.scalar(query.order_by(RuleRevision.revision.desc()).limit(1))
    if last is not None:
        rule = readable_rule(last)
        if rule is None:
            raise Refused(
                Message("This revision can no longer be read. Write the rule anew."),
                Reason.CONFLICT,
            )
        return rule, last.state
    for rule in catalogue.rules:
        if rule.identifier == identifier:
            return rule, RevisionState.PUBLISHED
    raise Refused(Message("There is no such rule."), Reason.NOT_FOUND)


def _present_or_draft(session: Session, catalogue: Catalogue, identifier: str) -> None:
    """Refuse (not found) an identifier that the system has not given."""
    if _last(session, identifier) is None:
        _present(session, catalogue, identifier)


def _last(session: Session, identifier: str) -> RuleRevision | None:
    query = (
        select(RuleRevision)
        .where(RuleRevision.identifier == identifier)
        .order_by(RuleRevision.revision.desc())
        .limit(1)
    )
    return session.scalar(query.execution_options(populate_existing=True))


def _next_identifier(session: Session, catalogue: Catalogue, table: str) -> str:
    """The next one of the table; numbers of rules that were switched off are never given again."""
    query = select(RuleRevision.identifier).where(RuleRevision.table_identifier == table)
    known = {*session.scalars(query), *(rule.identifier for rule in catalogue.rules)}
    start = f"QR.{table.upper()}.*."
    for number in range(FIRST_OWN_NUMBER, LAST_NUMBER + 1):
        if f"{start}{number}" not in known:
            return f"{start}{number}"
    raise Refused(
        Message("The table has as many rules of the college as it can have; change one of them."),
        Reason.CONFLICT,
    )


def _refuse_unsound(catalogue: Catalogue, rule: QualityRule) -> None:
    try:
        compiled = compile_rule(rule, catalogue)
    except RuleError as error:
        _refuse(tuple(fault.message for fault in error.rule_faults))
        return
    _refuse(tuple(case_faults(compiled, catalogue)))


def _refuse(faults: Sequence[Message]) -> None:
    if faults:
        message = Message("The rule cannot be published yet. What you typed is kept.")
        raise Refused(message, Reason.INVALID, tuple(faults))


def _told_reason(reason: str) -> str:
    told = tidy_reason(reason)
    if told is None:
        raise Refused(Message("Say why, so that others understand it later."), Reason.INVALID)
    return told


def _lock(session: Session) -> Setting:
    """Until the transaction ends nobody else writes rules: identifiers are given one by one."""
    if session.get(Setting, RULE_VERSION) is None:
        try:
            with session.begin_nested():
                # A name of its own: another database has other rules under the same number.
                session.add(Setting(name=RULE_VERSION, value=uuid4().hex))
        except IntegrityError:
            pass  # Somebody else has written the first rule at this moment.
    return session.get_one(Setting, RULE_VERSION, with_for_update=True, populate_existing=True)


def _raise_version(session: Session) -> None:
    """Tell every process to read the college's rules anew."""
    _lock(session).value = uuid4().hex
    session.flush()
