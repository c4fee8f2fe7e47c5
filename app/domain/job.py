"""Jobs (任务): work too long for a request, and where it stands."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class JobKind(StrEnum):
    """What is done: a file is imported, rows are exported, feeds run whose hour has come.

    Rules are asked of the whole year; people are reminded, and notices sent outside; a large year
    is opened; a long audit log is verified.
    """

    IMPORT = "import"
    EXPORT = "export"
    FEED = "feed"
    CHECK = "check"
    NOTICE = "notice"
    OPENING = "opening"
    VERIFICATION = "verification"


class JobState(StrEnum):
    """Where a job stands; the last three are its end."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of the job."""
        return self not in UNDER_WAY


UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
# Files that came in and go out are kept for a day, the line in the list for a week.
FILES_KEPT = timedelta(days=1)
JOBS_KEPT = timedelta(days=7)
# A job whose process vanished is begun once more, not again and again.
MOST_ATTEMPTS = 2


@dataclass(frozen=True)
class Progress:
    """How many of how many rows are through; ``total`` is 0 while nobody knows."""

    done: int = 0
    total: int = 0
