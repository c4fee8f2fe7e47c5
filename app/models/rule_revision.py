"""The college's own rules, revision by revision (第五条); what comes along is revision 0."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule
from app.catalogue.rule_records import read_rule
from app.domain.rule import RevisionState
from app.models.audit_log import LONGEST_REASON
from app.models.database import TABLE_OPTIONS, Base, BigKey, Timestamp
from app.models.enumeration import stored
from app.models.setting import RULE_VERSION, Setting
from app.rules.rule_book import rule_book, use_rules

# As findings keep it: a table of up to 48 and a field of up to 64 characters and what joins them.
LONGEST_IDENTIFIER = 120
# The mark of a rule that has no revision yet.
NO_MARK = ""


class RuleRevision(Base):
    """One revision of a rule; ``content`` is the rule as a record of a file has it.

    Only a draft is ever changed; what was published or retired stays as it was.
    """

    __tablename__ = "sd_rule_revision"
    __table_args__ = (UniqueConstraint("identifier", "revision"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    identifier: Mapped[str] = mapped_column(String(LONGEST_IDENTIFIER))
    revision: Mapped[int]
    table_identifier: Mapped[str] = mapped_column(String(48), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[RevisionState] = mapped_column(stored(RevisionState))
    reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON), default=None)
    person_number: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Timestamp())

    @property
    def rule(self) -> QualityRule:
        """The rule it holds. Raises KeyError, TypeError or ValueError for one of other times."""
        return read_rule({**self.content, "id": self.identifier})

    @property
    def mark(self) -> str:
        """A short text that tells the revision as it is from what it was or becomes.

        The number alone does not: a draft is written over and published under the one it has.
        """
        said = (self.revision, self.state.value, self.person_number, self.at.isoformat())
        text = json.dumps([*said, self.content], sort_keys=True)
        return sha256(text.encode()).hexdigest()[:16]


def latest_revisions(session: Session) -> Mapping[str, RuleRevision]:
    """Identifier → its last revision that is no draft."""
    query = (
        select(RuleRevision)
        .where(RuleRevision.state != RevisionState.DRAFT)
        .order_by(RuleRevision.identifier, RuleRevision.revision)
    )
    return {found.identifier: found for found in session.scalars(query)}


def drafts(session: Session) -> Mapping[str, RuleRevision]:
    """Identifier → what somebody is still writing."""
    query = select(RuleRevision).where(RuleRevision.state == RevisionState.DRAFT)
    return {found.identifier: found for found in session.scalars(query)}


def rules_in_force(
    delivered: Sequence[QualityRule], latest: Mapping[str, RuleRevision]
) -> list[QualityRule]:
    """The rules that are asked: the college's own in place of those that come along.

    A revision that can no longer be read leaves no rule; the list of rules tells it.
    """
    rules = [rule for rule in delivered if rule.identifier not in latest]
    for revision in latest.values():
        rule = readable_rule(revision)
        if rule is not None and revision.state is RevisionState.PUBLISHED:
            rules.append(rule)
    return rules


def readable_rule(revision: RuleRevision) -> QualityRule | None:
    """The rule of a revision, None where the words of today no longer fit it."""
    try:
        return revision.rule
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def follow_rules(session: Session, catalogue: Catalogue, version: str | None) -> None:
    """Let the rules of this ``version`` be in force in this process from now on.

    Costs nothing as long as it is the one already.
    """
    if rule_book(catalogue).version == version:
        return
    latest = {} if version is None else latest_revisions(session)
    use_rules(catalogue, rules_in_force(catalogue.rules, latest), version)


def rule_version(session: Session) -> str | None:
    """The version of the college's own rules, None where it has none."""
    return session.scalar(select(Setting.value).where(Setting.name == RULE_VERSION))
