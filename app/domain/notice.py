"""Who is told of what: notices inside the platform (第七条, 第十一条, 第十二条).

``NOTICE_RULES`` is the single table: what was done (the tag of the audit log) tells whom it
concerns, in which words and where to. Whoever adds a verb adds a line here; what the words and the
address speak of is read from the thing that the deed was done to.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.message import Message

LONGEST_KEY = 200


class NoticeKind(StrEnum):
    """What a notice is about, as people choose among them."""

    YEAR = "year"
    STEP = "step"
    RETURN = "return"
    REQUEST = "request"
    ANSWER = "answer"
    RULE = "rule"
    REMINDER = "reminder"
    THANKS = "thanks"


class Concerned(StrEnum):
    """Whom a deed concerns.

    ``stewards`` and ``heads`` are those of the department of the thing, ``table_stewards`` those of
    all departments that report its table, ``reporting`` everybody who reports something in the
    year, ``teachers`` those of the departments that do. ``named`` are the people whom the thing
    itself names, ``deciders`` those who may decide on it.
    """

    STEWARDS = "stewards"
    HEADS = "heads"
    QA_OFFICE = "qa_office"
    TABLE_STEWARDS = "table_stewards"
    REPORTING = "reporting"
    TEACHERS = "teachers"
    LEADERS = "leaders"
    NAMED = "named"
    DECIDERS = "deciders"


@dataclass(frozen=True)
class NoticeRule:
    """Whoever is ``concerned`` by the deed ``tag`` is told ``text``, which leads to ``path``.

    Both speak of facts of the thing by name; ``given`` names a fact without which nobody is told.
    The text names tables, departments, counts and times, no person and no value: it may be sent
    outside. What is ``public`` concerns so many that a group may be told as well.
    """

    tag: str
    kind: NoticeKind
    concerned: tuple[Concerned, ...]
    text: Message
    path: str
    given: str | None = None
    is_public: bool = False


_SUBMISSION = "/submissions/%(submission)s"
_GRID = "/data/%(table)s/?period=%(period)s&department=%(department)s"

NOTICE_RULES: tuple[NoticeRule, ...] = (
    NoticeRule(
        "cycle.open",
        NoticeKind.YEAR,
        (Concerned.REPORTING, Concerned.LEADERS),
        Message("The collection of %(year)s is open; it is due at %(due_at)s."),
        "/",
        is_public=True,
    ),
    NoticeRule(
        "cycle.open",
        NoticeKind.YEAR,
        (Concerned.TEACHERS,),
        Message(
            "The collection of %(year)s is open; check and fill in your own data by %(due_at)s."
        ),
        "/",
    ),
    NoticeRule(
        "cycle.extend",
        NoticeKind.YEAR,
        (Concerned.REPORTING,),
        Message("The collection of %(year)s is now due at %(due_at)s."),
        "/",
        is_public=True,
    ),
    NoticeRule(
        "work_plan.publish",
        NoticeKind.YEAR,
        (Concerned.REPORTING,),
        Message("The work plan of %(year)s was published anew."),
        "/preparation/",
        is_public=True,
    ),
    NoticeRule(
        "work_plan.assign",
        NoticeKind.YEAR,
        (Concerned.REPORTING,),
        Message("The phases of %(year)s have other days now; look when your tables are due."),
        "/",
        is_public=True,
    ),
    NoticeRule(
        "submission.finish",
        NoticeKind.STEP,
        (Concerned.STEWARDS,),
        Message("%(table)s of %(department)s waits for the department's review."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.review",
        NoticeKind.STEP,
        (Concerned.HEADS,),
        Message("%(table)s of %(department)s waits for you to confirm and report it."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.confirm",
        NoticeKind.STEP,
        (Concerned.QA_OFFICE,),
        Message("%(department)s has reported %(table)s."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.accept",
        NoticeKind.STEP,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s of %(department)s is accepted."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.send_back",
        NoticeKind.RETURN,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s of %(department)s was sent back; mend it by %(due_at)s."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.send_back",
        NoticeKind.RETURN,
        (Concerned.NAMED,),
        Message("What you filled in of %(table)s was sent back; mend it by %(due_at)s."),
        _GRID,
        given="due_at",
    ),
    NoticeRule(
        "submission.reopen",
        NoticeKind.RETURN,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s of %(department)s was opened again."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.reopen",
        NoticeKind.RETURN,
        (Concerned.NAMED,),
        Message("What you filled in of %(table)s was sent back; mend it by %(due_at)s."),
        _GRID,
        given="due_at",
    ),
    NoticeRule(
        "submission.exempt",
        NoticeKind.STEP,
        (Concerned.STEWARDS,),
        Message(
            "%(table)s of %(department)s was set as not applicable, yet it holds %(rows)s rows."
            " If they are to be reported, ask the quality office to open the table again."
        ),
        _SUBMISSION,
        given="rows",
    ),
    NoticeRule(
        "submission.exempt",
        NoticeKind.STEP,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s of %(department)s was set as not applicable."),
        _SUBMISSION,
    ),
    NoticeRule(
        "submission.assign",
        NoticeKind.YEAR,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s was handed over to %(department)s, which reports it from now on."),
        _SUBMISSION,
    ),
    NoticeRule(
        "request.request",
        NoticeKind.REQUEST,
        (Concerned.DECIDERS,),
        Message("A request waits for your decision: %(request)s."),
        "/requests/",
    ),
    NoticeRule(
        "request.answer",
        NoticeKind.REQUEST,
        (Concerned.NAMED,),
        Message("What you asked for was granted: %(request)s."),
        "%(of_request)s",
    ),
    NoticeRule(
        "request.answer",
        NoticeKind.YEAR,
        (Concerned.STEWARDS, Concerned.HEADS),
        Message("%(table)s of %(department)s is now due at %(until)s."),
        _SUBMISSION,
        given="until",
    ),
    NoticeRule(
        "request.refuse",
        NoticeKind.REQUEST,
        (Concerned.NAMED,),
        Message("What you asked for was refused: %(request)s."),
        "%(of_request)s",
    ),
    NoticeRule(
        "question.ask",
        NoticeKind.ANSWER,
        (Concerned.QA_OFFICE,),
        Message("A question about %(table)s waits for an official answer."),
        "/regulation/questions/%(question)s",
    ),
    NoticeRule(
        "question.answer",
        NoticeKind.ANSWER,
        (Concerned.NAMED,),
        Message("Your question about %(table)s was answered."),
        "/regulation/questions/%(question)s",
    ),
    NoticeRule(
        "question.answer",
        NoticeKind.ANSWER,
        (Concerned.TABLE_STEWARDS,),
        Message("An official answer changes the note on %(table)s; read it again."),
        "/regulation/questions/%(question)s",
        given="defines",
        is_public=True,
    ),
    NoticeRule(
        "rule.publish",
        NoticeKind.RULE,
        (Concerned.TABLE_STEWARDS,),
        Message("A quality rule of %(table)s was published; check your data against it."),
        "/rules/%(rule)s",
        is_public=True,
    ),
)


def _by_tag() -> Mapping[str, tuple[NoticeRule, ...]]:
    tags = dict.fromkeys(rule.tag for rule in NOTICE_RULES)
    return {tag: tuple(rule for rule in NOTICE_RULES if rule.tag == tag) for tag in tags}


RULES_BY_TAG = _by_tag()
PUBLIC_TEXTS = frozenset(rule.text.msgid for rule in NOTICE_RULES if rule.is_public)


def rules_for(tag: str, facts: Mapping[str, object]) -> Iterator[NoticeRule]:
    """The rules of a deed that apply to the thing."""
    for rule in RULES_BY_TAG.get(tag, ()):
        if rule.given is None or facts.get(rule.given):
            yield rule
