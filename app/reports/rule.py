"""What is read of rules: which there are, where they come from, how they came to be as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.access.rule import why_not_read_rules
from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.rule import RevisionState
from app.models.rule_revision import (
    NO_MARK,
    RuleRevision,
    drafts,
    latest_revisions,
    readable_rule,
)
from app.rules.rule_book import rule_book

UNREADABLE = Message("This revision can no longer be read. Write the rule anew.")
NO_TABLE = Message("The table of this rule is no longer there.")


@dataclass(frozen=True)
class RuleLine:
    """A rule as the list shows it.

    ``revision`` is 0 for one that comes along as it is; ``state`` is that of the last revision
    that is no draft, a draft where there is no other. ``rule`` is None where it cannot be read;
    ``fault`` says why a rule in force cannot be asked.
    """

    identifier: str
    rule: QualityRule | None
    table: str
    revision: int
    state: RevisionState
    is_delivered: bool
    has_draft: bool
    fault: Message | None = None


@dataclass(frozen=True)
class RulePage:
    """One rule with its revisions, the latest first, and what is being written."""

    line: RuleLine
    revisions: Sequence[RuleRevision]
    draft: RuleRevision | None

    @property
    def seen(self) -> str:
        """The mark of the last revision, drafts included, as a writer has seen it."""
        return self.revisions[0].mark if self.revisions else NO_MARK

    @property
    def written(self) -> QualityRule | None:
        """What a writer goes on with: the draft, else the rule."""
        return (readable_rule(self.draft) if self.draft else None) or self.line.rule


def list_rules(session: Session, catalogue: Catalogue, actor: Actor) -> list[RuleLine]:
    """Every rule in printed order of the tables. Raises Refused without the right."""
    refuse(why_not_read_rules(actor))
    latest, writing = latest_revisions(session), drafts(session)
    delivered = {rule.identifier: rule for rule in catalogue.rules}
    lines = [
        _line(catalogue, identifier, delivered.get(identifier), latest, writing)
        for identifier in dict.fromkeys((*delivered, *latest, *writing))
    ]
    places = {table: position for position, table in enumerate(catalogue.tables)}
    return sorted(lines, key=lambda line: (places.get(line.table, -1), line.identifier))


def read_rule_page(
    session: Session, catalogue: Catalogue, actor: Actor, identifier: str
) -> RulePage:
    """One rule. Raises Refused without the right, as not found where there is none."""
    refuse(why_not_read_rules(actor))
    query = select(RuleRevision).where(RuleRevision.identifier == identifier)
    found = session.scalars(query.order_by(RuleRevision.revision.desc())).all()
    writing = {each.identifier: each for each in found if each.state is RevisionState.DRAFT}
    latest: dict[str, RuleRevision] = {}
    for each in reversed(found):
        if each.state is not RevisionState.DRAFT:
            latest[identifier] = each
    delivered = {rule.identifier: rule for rule in catalogue.rules}.get(identifier)
    if not found and delivered is None:
        raise Refused(Message("There is no such rule."), Reason.NOT_FOUND)
    line = _line(catalogue, identifier, delivered, latest, writing)
    return RulePage(line, found, writing.get(identifier))


def _line(
    catalogue: Catalogue,
    identifier: str,
    delivered: QualityRule | None,
    latest: Mapping[str, RuleRevision],
    writing: Mapping[str, RuleRevision],
) -> RuleLine:
    last, draft = latest.get(identifier), writing.get(identifier)
    shown = last or (draft if delivered is None else None)
    rule = delivered if shown is None else readable_rule(shown)
    state = RevisionState.PUBLISHED if shown is None else shown.state
    table = shown.table_identifier if shown is not None else rule.table if rule else ""
    return RuleLine(
        identifier=identifier,
        rule=rule,
        table=table,
        revision=0 if shown is None else shown.revision,
        state=state,
        is_delivered=delivered is not None,
        has_draft=draft is not None,
        fault=_fault(catalogue, identifier, rule, table, state),
    )


def _fault(
    catalogue: Catalogue,
    identifier: str,
    rule: QualityRule | None,
    table: str,
    state: RevisionState,
) -> Message | None:
    """Why the rule, though in force, is asked of nobody."""
    if rule is None:
        return UNREADABLE
    if state is not RevisionState.PUBLISHED:
        return None
    if table not in catalogue.tables:
        return NO_TABLE
    faults = rule_book(catalogue).of(table).faults.get(identifier, ())
    return faults[0].message if faults else None
