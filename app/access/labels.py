"""What rights and their objects are called: English msgids that pages and commands translate."""

from collections.abc import Mapping

from app.access.roles import (
    ACCOUNT,
    APPRAISAL,
    ASSIGNMENT,
    BOARD,
    CONSOLIDATION,
    CYCLE,
    FEED,
    PERMISSION,
    PERSON,
    SUBMISSION,
    Pair,
)
from app.domain.appraisal import AppraisalVerb
from app.domain.cycle import CycleVerb
from app.domain.labels import label
from app.domain.message import Message
from app.domain.submission import Verb

# The columns of the matrix, in the order of ``TABLE_ACTIONS``.
ACTIONS: Mapping[str, Message] = {
    "list": Message("View"),
    "list_all": Message("All departments"),
    "add": Message("Add rows"),
    "edit": Message("Change rows"),
    "delete": Message("Delete rows"),
    "import": Message("Import"),
    "export": Message("Export"),
    "pick": Message("Pick from it"),
}
# Actions on pages of the platform that are no step of a submission or year.
PAGE_ACTIONS: Mapping[str, Message] = {
    "read": Message("View"),
    "edit": Message("Change"),
    "export": Message("Export"),
    "add": Message("Add"),
    "assign": Message("Assign tables"),
    "unlock": Message("Unlock"),
    "import": Message("Import"),
}
RESOURCES: Mapping[str, Message] = {
    SUBMISSION: Message("Reporting and review"),
    BOARD: Message("Progress board"),
    CYCLE: Message("Collection years"),
    ASSIGNMENT: Message("Assignments"),
    CONSOLIDATION: Message("Consolidated data"),
    APPRAISAL: Message("Appraisal"),
    PERSON: Message("People"),
    ACCOUNT: Message("Accounts"),
    FEED: Message("Data feeds"),
    PERMISSION: Message("Roles and permissions"),
}


def right_text(right: Pair) -> Message:
    """What the right on a part of the platform lets one do."""
    action, resource = right
    if resource == SUBMISSION and action in set(Verb):
        return label(Verb(action))
    if resource == CYCLE and action in set(CycleVerb):
        return label(CycleVerb(action))
    if resource == APPRAISAL and action in set(AppraisalVerb):
        return label(AppraisalVerb(action))
    if right == ("assign", PERSON):
        return Message("Appoint")
    return PAGE_ACTIONS[action]
