"""What the words of the domain are called: an English msgid for each member.

Pages, messages and workbooks translate these; a test proves that every member
has one.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.account import AccountEvent, Way
from app.domain.appraisal import AppraisalStatus, AppraisalVerb
from app.domain.assignment import AssignmentKind
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.department import DepartmentKind
from app.domain.feed import Rhythm, RunResult
from app.domain.finding import Dimension, Severity
from app.domain.finding_state import FindingState, FindingVerb, Ruling
from app.domain.hand_out import Division, PartState
from app.domain.job import JobKind, JobState
from app.domain.message import Message
from app.domain.period import PeriodKind
from app.domain.person import Function, LoginState, TeacherKind
from app.domain.question import QuestionStatus, QuestionVerb
from app.domain.rule import RevisionState
from app.domain.saved_view import Audience
from app.domain.spot_check import CheckResult
from app.domain.submission import Holder, Status, Verb
from app.domain.training import Attendance, AttendanceVerb, SessionStatus, SessionVerb
from app.domain.work_plan import Phase

# Pairs, not a mapping: members of two enumerations may be the same word.
LABELS: tuple[tuple[StrEnum, str], ...] = (
    (Status.NOT_STARTED, "not started"),
    (Status.ENTERING, "being filled in"),
    (Status.UNDER_REVIEW, "under review by the department"),
    (Status.AWAITING_CONFIRMATION, "awaiting the head's confirmation"),
    (Status.SUBMITTED, "reported"),
    (Status.UNDER_QA_REVIEW, "under review by the quality office"),
    (Status.RETURNED, "sent back"),
    (Status.ACCEPTED, "accepted"),
    (Status.LOCKED, "consolidated"),
    (Status.EXEMPT, "not applicable"),
    (Verb.ENTER, "Begin to fill in"),
    (Verb.FINISH, "Finish and hand to review"),
    (Verb.EXEMPT, "Set as not applicable"),
    (Verb.WITHDRAW, "Withdraw"),
    (Verb.SEND_BACK, "Send back"),
    (Verb.REVIEW, "Pass the review"),
    (Verb.CONFIRM, "Confirm and report"),
    (Verb.RECEIVE, "Take up for review"),
    (Verb.ACCEPT, "Accept"),
    (Verb.REOPEN, "Open again"),
    (Verb.LOCK, "Lock the table"),
    (Verb.UNLOCK, "Unlock the table"),
    (Holder.FILLER, "those who fill in"),
    (Holder.STEWARD, "data steward"),
    (Holder.HEAD, "head of department"),
    (Holder.QA_OFFICE, "quality office"),
    (Holder.CYCLE, "the collection year as a whole"),
    (Holder.NOBODY, "nobody"),
    (CycleStatus.PREPARING, "in preparation"),
    (CycleStatus.OPEN, "open for collection"),
    (CycleStatus.CLOSED, "past its due date"),
    (CycleStatus.LOCKED, "locked and consolidated"),
    (CycleStatus.ARCHIVED, "archived"),
    (CycleVerb.OPEN, "Open the collection year"),
    (CycleVerb.CLOSE, "Close the collection year"),
    (CycleVerb.EXTEND, "Extend the collection year"),
    (CycleVerb.LOCK, "Lock and consolidate"),
    (CycleVerb.UNLOCK, "Unlock for correction"),
    (CycleVerb.ARCHIVE, "Archive the collection year"),
    (Function.ADMINISTRATOR, "system administrator"),
    (Function.QA_OFFICE, "member of the quality office"),
    (Function.HEAD, "accountable head of department"),
    (Function.DATA_STEWARD, "appointed data steward"),
    (Function.TEACHER, "teacher"),
    (Function.LEADER, "leader of the college"),
    (Function.ARCHIVE, "archive office"),
    (Function.READER, "reader"),
    (TeacherKind.FULL_TIME, "full-time teacher"),
    (TeacherKind.IN_HOUSE, "in-house adjunct teacher"),
    (TeacherKind.EXTERNAL_PART_TIME, "external part-time teacher"),
    (TeacherKind.EXTERNAL_VISITING, "external visiting teacher"),
    (LoginState.WITHOUT_LOGIN, "no login yet"),
    (LoginState.FIRST_SIGN_IN, "initial password not changed yet"),
    (LoginState.ACTIVE, "signs in normally"),
    (LoginState.LOCKED_OUT, "locked out for now"),
    (LoginState.DISABLED, "disabled"),
    (Way.FORM, "in a browser"),
    (Way.API, "by a program"),
    (Way.STEP, "while taking a step"),
    (AccountEvent.SIGNED_IN, "signed in"),
    (AccountEvent.FAILED, "wrong password"),
    (AccountEvent.LOCKED_OUT, "locked after wrong passwords"),
    (AccountEvent.UNLOCKED, "account unlocked"),
    (AccountEvent.SIGNED_OUT, "signed out"),
    (AccountEvent.SESSION_ENDED, "session ended"),
    (AccountEvent.PASSWORD_CHANGED, "password changed"),
    (AccountEvent.PASSWORD_ISSUED, "initial password handed out"),
    (PeriodKind.ACADEMIC_YEAR, "academic year"),
    (PeriodKind.CALENDAR_YEAR, "calendar year"),
    (PeriodKind.POINT_IN_TIME, "point in time"),
    (AssignmentKind.RESPONSIBLE, "responsible for the table"),
    (AssignmentKind.OWN_STAFF, "each for its own unit"),
    (AssignmentKind.GUIDANCE, "guidance only"),
    (DepartmentKind.OFFICE, "offices"),
    (DepartmentKind.TEACHING, "teaching units"),
    (DepartmentKind.AFFILIATED, "affiliated units"),
    (Severity.ERROR, "error"),
    (Severity.WARNING, "warning"),
    (Dimension.CONFORMITY, "conformity of format"),
    (Dimension.COMPLETENESS, "completeness of data and fields"),
    (Dimension.TIMELINESS, "timeliness"),
    (Dimension.ACCURACY, "accuracy"),
    (Dimension.CREDIBILITY, "credibility"),
    (Dimension.CONSISTENCY, "consistency"),
    (FindingState.OPEN, "to be mended or explained"),
    (FindingState.WAITING, "waiting for a table of another department"),
    (FindingState.EXPLAINED, "explained, not ruled on yet"),
    (FindingState.ADOPTED, "explanation adopted"),
    (FindingState.REJECTED, "explanation rejected"),
    (FindingState.WAIVED, "waived"),
    (FindingState.MENDED, "mended"),
    (Ruling.PENDING, "not ruled on yet"),
    (Ruling.ADOPTED, "adopted"),
    (Ruling.REJECTED, "not adopted"),
    (FindingVerb.EXPLAIN, "Explain"),
    (FindingVerb.ADOPT, "Adopt the explanation"),
    (FindingVerb.REJECT, "Reject the explanation"),
    (FindingVerb.WAIVE, "Waive the rule"),
    (FindingVerb.END_WAIVER, "End the waiver"),
    (FindingVerb.MEND, "Mended by itself"),
    (FindingVerb.CHANGE, "Values changed"),
    (FindingVerb.FIND, "Found again"),
    (Audience.PRIVATE, "for oneself"),
    (Audience.DEPARTMENT, "for one's department"),
    (Audience.EVERYONE, "for everybody"),
    (AppraisalStatus.DRAFT, "being scored"),
    (AppraisalStatus.PUBLISHED, "published and final"),
    (AppraisalVerb.DRAFT, "Begin the appraisal"),
    (AppraisalVerb.APPRAISE, "Count again"),
    (AppraisalVerb.PUBLISH, "Publish the scores"),
    (Rhythm.DAILY, "every day"),
    (Rhythm.WEEKLY, "every week"),
    (JobKind.IMPORT, "import of a file"),
    (JobKind.EXPORT, "export of rows"),
    (JobKind.CHECK, "check of the whole year by the rules"),
    (JobKind.FEED, "run of due data feeds"),
    (JobState.QUEUED, "waiting its turn"),
    (JobState.RUNNING, "being carried out"),
    (JobState.DONE, "ended well"),
    (JobState.FAILED, "came to nothing"),
    (JobState.CANCELLED, "given up"),
    (RevisionState.DRAFT, "draft"),
    (RevisionState.PUBLISHED, "in force"),
    (RevisionState.RETIRED, "switched off"),
    (RunResult.DONE, "done"),
    (RunResult.REFUSED, "refused"),
    (Division.PERSON, "by person"),
    (Division.FIELD, "by the values of a field"),
    (Division.DEPARTMENT, "by department"),
    (PartState.HANDED_OUT, "handed out, not returned yet"),
    (PartState.COLLECTED, "returned, not merged yet"),
    (PartState.MERGED, "merged"),
    (PartState.CONFLICTING, "merged in part, rows left"),
    (PartState.MISSING, "overdue, nothing returned"),
    (CheckResult.MATCHING, "matching"),
    (CheckResult.MISMATCHING, "not matching"),
    (CheckResult.UNSUPPORTED, "without evidence"),
    (Phase.BASIC_DATA, "checking basic data of persons"),
    (Phase.TEACHING_DATA, "lessons and other data of persons"),
    (Phase.DEPARTMENT_DATA, "tables of the departments"),
    (SessionStatus.PLANNED, "planned"),
    (SessionStatus.HELD, "was held"),
    (SessionStatus.CALLED_OFF, "called off"),
    (SessionVerb.HOLD, "Close the list"),
    (SessionVerb.CALL_OFF, "Call it off"),
    (Attendance.EXPECTED, "expected"),
    (Attendance.PRESENT, "present"),
    (Attendance.ON_LEAVE, "on leave"),
    (Attendance.ABSENT, "absent"),
    (AttendanceVerb.SIGN_IN, "Sign in"),
    (AttendanceVerb.NOTE_PRESENT, "was present"),
    (AttendanceVerb.NOTE_LEAVE, "was on leave"),
    (AttendanceVerb.NOTE_ABSENT, "was absent"),
    (QuestionStatus.ASKED, "asked, not answered yet"),
    (QuestionStatus.ANSWERED, "answered"),
    (QuestionStatus.WITHDRAWN, "withdrawn"),
    (QuestionStatus.RETIRED, "no longer in force"),
    (QuestionVerb.ANSWER, "Answer officially"),
    (QuestionVerb.WITHDRAW, "Withdraw the question"),
    (QuestionVerb.RETIRE, "The answer holds no longer"),
)
_BY_MEMBER: Mapping[tuple[type[StrEnum], str], str] = {
    (type(member), member.value): msgid for member, msgid in LABELS
}


def label(member: StrEnum) -> Message:
    """The member as a message; KeyError when a member has no label yet."""
    return Message(_BY_MEMBER[type(member), member.value])
