"""What buttons and lines about submissions say beyond the names of the verbs."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.submission import Status, Verb
from app.web.labels import label

# What the one button of a to-do says: by status where the same verb is another work.
TODO_BUTTONS: Mapping[Status, LazyString] = {
    Status.NOT_STARTED: _("Begin to fill in"),
    Status.ENTERING: _("Go on filling in"),
    Status.RETURNED: _("Correct it"),
    Status.UNDER_REVIEW: _("Review it"),
    Status.AWAITING_CONFIRMATION: _("Confirm it"),
    Status.SUBMITTED: _("Take it up"),
    Status.UNDER_QA_REVIEW: _("Check it"),
}
# Reasons that are given again and again when a table is sent back.
PHRASES: Mapping[str, LazyString] = {
    "format": _("The format is not kept"),
    "missing": _("Something is missing"),
    "differs": _("It differs too much from last year"),
    "unsupported": _("It does not agree with the evidence"),
}
_PREFIX = "submission."
_REFUSED_FINISH = "submission.finish_refused"
_ASSIGNED = "submission.assign"
_BOUND = "submission.bind_materials"


def deed_text(tag: str, reason: str | None) -> tuple[str, str]:
    """What the audit log calls ``submission.finish``, and why, in words.

    A refused attempt keeps the number of errors where others keep their reason, and what is handed
    over the number of its materials.
    """
    if tag == _REFUSED_FINISH:
        return gettext("Tried to finish; %(count)s errors were left", count=reason), ""
    if tag == _BOUND:
        return gettext("Handed over with %(count)s supporting materials", count=reason), ""
    if tag == _ASSIGNED:
        return gettext("Given to another department"), reason or ""
    verb = tag.removeprefix(_PREFIX)
    return label(Verb(verb)) if verb in set(Verb) else tag, reason or ""


def status_text(status: str | None) -> str:
    """A status as the audit log keeps it, in words."""
    return label(Status(status)) if status in set(Status) else (status or "")
