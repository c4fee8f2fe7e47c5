"""What is open between departments holds the finishing of a table up (第十条第三款, T4)."""

from sqlalchemy.orm import Session

from app.access.cooperation import why_open_cooperation
from app.domain.message import Reason, refuse
from app.models.cooperation import open_cooperation_of
from app.models.submission import Submission


def refuse_open_cooperation(session: Session, submission: Submission) -> None:
    """Refuse finishing while another department's part is not settled."""
    count = session.scalar(open_cooperation_of(submission.id)) or 0
    refuse(why_open_cooperation(count), Reason.INVALID)
