"""Functions people hold and the kinds of teacher (第五条, 第十条)."""

from enum import StrEnum


class Function(StrEnum):
    """What a person is appointed to; gives scope, while FAB roles give verbs."""

    ADMINISTRATOR = "administrator"
    QA_OFFICE = "qa_office"
    HEAD = "head"
    DATA_STEWARD = "data_steward"
    TEACHER = "teacher"
    LEADER = "leader"
    ARCHIVE = "archive"
    READER = "reader"


class TeacherKind(StrEnum):
    """The four kinds of teacher named in 第十条."""

    FULL_TIME = "full_time"
    IN_HOUSE = "in_house"
    EXTERNAL_PART_TIME = "external_part_time"
    EXTERNAL_VISITING = "external_visiting"


# Functions that act for the whole college rather than for one department.
COLLEGE_WIDE = frozenset(
    {
        Function.ADMINISTRATOR,
        Function.QA_OFFICE,
        Function.LEADER,
        Function.ARCHIVE,
        Function.READER,
    }
)
