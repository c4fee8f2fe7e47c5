"""Explained and accepted warnings as rows of the ministry's table 11.1 (数据补充与异常说明).

One row per table and field, with what was said by every department. The rows go through the one
write path: rights, lock, rules, log. Written again without anything new, nothing changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app.access.person import Actor
from app.actions.base_table import apply_changes
from app.actions.row_change import UPSERT, Change, Outcome
from app.domain.finding_state import Ruling
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.department import Department
from app.models.finding import Explanation, RegisteredFinding

TABLE = "supplementary_note"
# Of the fields of table 11.1.
LONGEST_TABLE, LONGEST_FIELD, LONGEST_ISSUE = 20, 60, 300
# What a rule is called: its table and identifier.
TitleOfRule = Callable[[str, str], str]


@dataclass(frozen=True)
class Words:
    """What the rows say beside what people wrote: rules, the whole table, how often."""

    title: TitleOfRule
    whole_table: str
    said: Callable[[str, int, str], str]


@dataclass
class _Note:
    """What was said of one field: rules in order, and department → text → how often."""

    rules: dict[tuple[str, str], None] = field(default_factory=dict)
    said: dict[str, dict[str, int]] = field(default_factory=dict)


def noted_rows(
    session: Session, store: Store, cycle: Cycle, words: Words
) -> Sequence[Mapping[str, str]]:
    """The rows that the adopted explanations of the year make, in printed order.

    Of explanations whose values have changed since, or that are of a table that is gone, none.
    """
    notes: dict[tuple[str, str], _Note] = {}
    for finding, text in session.execute(_adopted(cycle)):
        if finding.table_identifier == TABLE or finding.table_identifier not in store.reported:
            continue
        note = notes.setdefault((finding.table_identifier, finding.field_code), _Note())
        note.rules[finding.table_identifier, finding.rule] = None
        texts = note.said.setdefault(finding.department_code, {})
        texts[text] = texts.get(text, 0) + 1
    names = dict(session.execute(select(Department.code, Department.name)).all())
    return [
        _row(store, place, notes[place], names, words)
        for place in sorted(notes, key=lambda place: _printed(store, *place))
    ]


def write_notes(
    session: Session,
    store: Store,
    cycle: Cycle,
    department: str,
    rows: Sequence[Mapping[str, str]],
    *,
    by: Actor,
    now: datetime,
    dry_run: bool = False,
) -> Outcome:
    """Write the rows into table 11.1 of the department that reports it, or only try to.

    Rows there of other tables and fields stay as they are. Raises Refused.
    """
    period = store.tables[TABLE].spec.period_in(cycle.year).code
    changes = [Change(UPSERT, row) for row in rows]
    return apply_changes(
        session,
        store,
        TABLE,
        changes,
        by=by,
        now=now,
        period=period,
        department=department,
        way="explanation",
        dry_run=dry_run,
    )


def _adopted(cycle: Cycle) -> Select[RegisteredFinding, str]:
    """Present findings with the adopted explanation of exactly their values."""
    same = and_(
        Explanation.mark == RegisteredFinding.mark,
        Explanation.values_digest == RegisteredFinding.values_digest,
    )
    return (
        select(RegisteredFinding, Explanation.text)
        .join(Explanation, same)
        .where(
            RegisteredFinding.cycle_id == cycle.id,
            RegisteredFinding.mended_at.is_(None),
            Explanation.ruling == Ruling.ADOPTED,
        )
        .order_by(RegisteredFinding.department_code, RegisteredFinding.rule, Explanation.id)
    )


def _printed(store: Store, table: str, code: str) -> tuple[object, int]:
    """Where the field stands in print; before its fields what is of the whole table."""
    spec = store.reported[table].spec
    codes = [field.code for field in spec.fields]
    return spec.sort_key, codes.index(code) if code in codes else -1


def _row(
    store: Store, place: tuple[str, str], note: _Note, names: Mapping[str, str], words: Words
) -> Mapping[str, str]:
    table, code = place
    spec = store.reported[table].spec
    label = spec.by_code[code].label if code in spec.by_code else words.whole_table
    issues = "；".join(dict.fromkeys(words.title(*rule) for rule in note.rules))
    said = [
        words.said(names.get(department, department), count, text.replace("\n", " "))
        for department, texts in note.said.items()
        for text, count in texts.items()
    ]
    return {
        "target_table": (spec.number or table)[:LONGEST_TABLE],
        "target_field": label[:LONGEST_FIELD],
        "issue": issues[:LONGEST_ISSUE],
        "explanation": "；".join(said),
    }
