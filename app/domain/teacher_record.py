"""A teacher's own record: what one teacher says in one table of a year (第十条第二款).

``RECORD_STEPS`` is the single table from which policies, buttons, audit tags, the diagram in the
docs and the exhaustive test are made. A record is stored only once somebody has taken a step about
it; until then ``standing`` tells where it is by whether there are rows about the teacher.
"""

from dataclasses import dataclass
from enum import StrEnum


class TeacherSection(StrEnum):
    """The three kinds of data that teachers fill in themselves."""

    BASIC = "basic"
    TEACHING = "teaching"
    OTHER = "other"


class RecordStatus(StrEnum):
    """Where a teacher's record stands."""

    EMPTY = "empty"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    RETURNED = "returned"
    MISSING = "missing"

    @property
    def is_settled(self) -> bool:
        """Whether the department need wait for it no longer."""
        return self in SETTLED

    @property
    def is_open(self) -> bool:
        """Whether the teacher may change rows about himself."""
        return self in OPEN_RECORDS


SETTLED = frozenset({RecordStatus.ADOPTED, RecordStatus.MISSING})
OPEN_RECORDS = frozenset({RecordStatus.EMPTY, RecordStatus.DRAFT, RecordStatus.RETURNED})


class RecordVerb(StrEnum):
    """What is done with a teacher's record."""

    SUBMIT = "submit"
    DECLARE = "declare"
    WITHDRAW = "withdraw"
    ADOPT = "adopt"
    SEND_BACK = "send_back"
    MARK_MISSING = "mark_missing"
    CONFIRM = "confirm"
    OBJECT = "object"


class RecordHolder(StrEnum):
    """Who may take a step: the teacher about himself, or the department's data steward."""

    TEACHER = "teacher"
    STEWARD = "steward"


class Declaration(StrEnum):
    """What a teacher declares instead of typing rows: none this year, or all as last year."""

    NOTHING = "nothing"
    UNCHANGED = "unchanged"


class MissingCause(StrEnum):
    """Why nothing comes from a teacher."""

    LEFT = "left"
    UNREACHABLE = "unreachable"
    ELSE = "else"


@dataclass(frozen=True)
class RecordStep:
    """One permitted change of status; ``article`` is that of the regulation it follows from."""

    source: RecordStatus
    verb: RecordVerb
    target: RecordStatus
    holder: RecordHolder
    article: int
    needs_reason: bool = False


def _steps() -> tuple[RecordStep, ...]:
    s, v = RecordStatus, RecordVerb
    teacher, steward = RecordHolder.TEACHER, RecordHolder.STEWARD
    return (
        RecordStep(s.DRAFT, v.SUBMIT, s.SUBMITTED, teacher, 10),
        RecordStep(s.RETURNED, v.SUBMIT, s.SUBMITTED, teacher, 11),
        RecordStep(s.EMPTY, v.DECLARE, s.SUBMITTED, teacher, 10),
        RecordStep(s.DRAFT, v.DECLARE, s.SUBMITTED, teacher, 10),
        RecordStep(s.RETURNED, v.DECLARE, s.SUBMITTED, teacher, 11),
        RecordStep(s.SUBMITTED, v.WITHDRAW, s.DRAFT, teacher, 10),
        *(
            RecordStep(source, v.ADOPT, s.ADOPTED, steward, 10)
            for source in s
            if source is not s.ADOPTED
        ),
        RecordStep(s.SUBMITTED, v.SEND_BACK, s.RETURNED, steward, 11, True),
        RecordStep(s.ADOPTED, v.SEND_BACK, s.RETURNED, steward, 11, True),
        RecordStep(s.MISSING, v.SEND_BACK, s.RETURNED, steward, 11, True),
        RecordStep(s.EMPTY, v.MARK_MISSING, s.MISSING, steward, 10, True),
        RecordStep(s.DRAFT, v.MARK_MISSING, s.MISSING, steward, 10, True),
        RecordStep(s.RETURNED, v.MARK_MISSING, s.MISSING, steward, 10, True),
        RecordStep(s.ADOPTED, v.CONFIRM, s.ADOPTED, teacher, 10),
        RecordStep(s.ADOPTED, v.OBJECT, s.RETURNED, teacher, 10, True),
    )


RECORD_STEPS: tuple[RecordStep, ...] = _steps()
# Steps that need neither an open table nor an open year: nothing of the data changes by them.
AFTERWARDS = frozenset({RecordVerb.CONFIRM})
LONGEST_BASIS = 500


def record_step_for(source: RecordStatus, verb: RecordVerb) -> RecordStep | None:
    """The step that ``verb`` takes from ``source``; None when there is none."""
    for step in RECORD_STEPS:
        if (step.source, step.verb) == (source, verb):
            return step
    return None


def verbs_of(holder: RecordHolder) -> tuple[RecordVerb, ...]:
    """What the holder ever does with a record, in the order of the verbs."""
    own = {step.verb for step in RECORD_STEPS if step.holder is holder}
    return tuple(verb for verb in RecordVerb if verb in own)


def standing(stored: RecordStatus | None, *, has_rows: bool) -> RecordStatus:
    """Where a record stands: rows come and go before it is handed over."""
    if stored in (None, RecordStatus.EMPTY, RecordStatus.DRAFT):
        return RecordStatus.DRAFT if has_rows else RecordStatus.EMPTY
    return stored


def declaration_of(*, has_rows: bool) -> Declaration:
    """What is declared as the rows stand: that nothing changed, or that there is nothing."""
    return Declaration.UNCHANGED if has_rows else Declaration.NOTHING


def is_delegated(source: RecordStatus) -> bool:
    """Whether adopting from here stands for a teacher who has not handed anything over himself."""
    return source is not RecordStatus.SUBMITTED
