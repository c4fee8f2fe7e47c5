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
_COOPERATION = "/cooperation/%(cooperation)s"
_OWN_DATA = "/my/"
_PARTNER = (Concerned.STEWARDS, Concerned.HEADS)
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
        given="is_told_alone",
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
        "cooperation.send",
        NoticeKind.REQUEST,
        _PARTNER,
        Message("Your department is asked for its part of %(table)s; it is due at %(due_at)s."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.extend",
        NoticeKind.REQUEST,
        _PARTNER,
        Message("Your department has more time for its part of %(table)s: until %(due_at)s."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.send_back",
        NoticeKind.REQUEST,
        _PARTNER,
        Message("Your department's part of %(table)s was sent back."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.answer",
        NoticeKind.REQUEST,
        (Concerned.NAMED,),
        Message("Your co-operation request about %(table)s was answered; look at it and confirm."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.refuse",
        NoticeKind.REQUEST,
        (Concerned.NAMED,),
        Message("Your co-operation request about %(table)s was refused."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.confirm",
        NoticeKind.REQUEST,
        _PARTNER,
        Message("Your department's part of %(table)s was confirmed. Thank you."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.appeal",
        NoticeKind.REQUEST,
        (Concerned.QA_OFFICE,),
        Message("A co-operation request about %(table)s waits for your ruling."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.order",
        NoticeKind.REQUEST,
        (*_PARTNER, Concerned.NAMED),
        Message("The quality office ruled: the part of %(table)s is due at %(due_at)s."),
        _COOPERATION,
    ),
    NoticeRule(
        "cooperation.release",
        NoticeKind.REQUEST,
        (*_PARTNER, Concerned.NAMED),
        Message("The quality office ruled: no part of %(table)s is owed."),
        _COOPERATION,
    ),
    NoticeRule(
        "teacher_record.send_back",
        NoticeKind.RETURN,
        (Concerned.NAMED,),
        Message("Your own data in %(table)s were sent back to you; mend them and hand them over."),
        _OWN_DATA,
    ),
    NoticeRule(
        "teacher_record.adopt",
        NoticeKind.STEP,
        (Concerned.NAMED,),
        Message("Your data in %(table)s were entered on your behalf; look at them and confirm."),
        _OWN_DATA,
        given="on_behalf",
    ),
    NoticeRule(
        "teacher_record.object",
        NoticeKind.RETURN,
        (Concerned.STEWARDS,),
        Message("A teacher does not agree with what was entered for him in %(table)s."),
        "/submissions/%(submission)s/teachers",
    ),
    NoticeRule(
        "release.release",
        NoticeKind.STEP,
        _PARTNER,
        Message("Data of %(table)s were released to %(department)s."),
        "/releases/",
    ),
    NoticeRule(
        "release.withdraw",
        NoticeKind.STEP,
        _PARTNER,
        Message("Data of %(table)s are released to %(department)s no more."),
        "/releases/",
    ),
    NoticeRule(
        "rule.publish",
        NoticeKind.RULE,
        (Concerned.TABLE_STEWARDS,),
        Message(
            "A quality rule of %(table)s was published: “%(told)s” Check your data against it."
        ),
        "/rules/%(rule)s",
        is_public=True,
    ),
)


def _by_tag() -> Mapping[str, tuple[NoticeRule, ...]]:
    tags = dict.fromkeys(rule.tag for rule in NOTICE_RULES)
    return {tag: tuple(rule for rule in NOTICE_RULES if rule.tag == tag) for tag in tags}


RULES_BY_TAG = _by_tag()
# What notices said that were made before and are still shown; public too.
FORMER_TEXTS = (Message("A quality rule of %(table)s was published; check your data against it."),)
PUBLIC_TEXTS = frozenset(
    text.msgid for text in (*FORMER_TEXTS, *(r.text for r in NOTICE_RULES if r.is_public))
)


def rules_for(tag: str, facts: Mapping[str, object]) -> Iterator[NoticeRule]:
    """The rules of a deed that apply to the thing."""
    for rule in RULES_BY_TAG.get(tag, ()):
        if rule.given is None or facts.get(rule.given):
            yield rule
