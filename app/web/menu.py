"""The menu on the left: one small record per entry, shown to whom it serves."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.access.person import Actor
from app.access.roles import (
    APPRAISAL,
    ASSIGNMENT,
    AUDIT_LOG,
    BOARD,
    CONSOLIDATION,
    COOPERATION,
    CYCLE,
    FEED,
    FINDING,
    GUIDANCE,
    PERMISSION,
    PERSON,
    REGULATION,
    RELEASE,
    REQUEST,
    RULE,
    SPOT_CHECK,
    SUBMISSION,
    TEACHER_RECORD,
    TRAINING,
    WORK_PLAN,
)


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: the page it opens and the right it takes.

    ``permission`` is a pair of verb and resource as ``Actor.may`` takes it, with None for any
    resource at all; it is None for pages that everybody who is signed in may open. ``icon`` names
    a symbol in ``icons.svg``. Entries with the same ``heading`` stand together below it; those of
    every day have none.
    """

    endpoint: str
    label: LazyString
    icon: str
    permission: tuple[str, str | None] | None = None
    heading: LazyString | None = None

    @property
    def is_current(self) -> bool:
        """Whether the page on the screen belongs to this entry."""
        if (request.endpoint or "").split(".")[0] == self.endpoint.split(".")[0]:
            return True
        # Pages further down the same path may belong to another group of views.
        address = url_for(self.endpoint)
        return address != "/" and request.path.startswith(address)

    def serves(self, actor: Actor) -> bool:
        """Whether the person has the right that the page takes."""
        if self.permission is None:
            return True
        verb, resource = self.permission
        if resource is not None:
            return actor.may(verb, resource)
        return any(granted == f"can_{verb}" for granted, _resource in actor.permissions)


ORGANISATION = _("Organising the collection")
RESULTS = _("Results")
ADMINISTRATION = _("People and rights")

MENU: tuple[MenuEntry, ...] = (
    MenuEntry("HomeView.home", _("Workbench"), "home"),
    MenuEntry("OwnDataView.own_data", _("My data"), "user", ("submit", TEACHER_RECORD)),
    MenuEntry("DataView.tables", _("Data entry"), "table", ("list", None)),
    MenuEntry(
        "SubmissionView.submissions",
        _("Reporting and review"),
        "clipboard-check",
        ("read", SUBMISSION),
    ),
    MenuEntry("RequestView.requests", _("Requests"), "message-circle", ("read", REQUEST)),
    MenuEntry(
        "CooperationView.cooperations",
        _("Co-operation requests"),
        "arrows-exchange",
        ("read", COOPERATION),
    ),
    MenuEntry("FindingView.findings", _("Findings"), "alert-triangle", ("read", FINDING)),
    MenuEntry("BoardView.board", _("Progress board"), "layout-list", ("read", BOARD)),
    MenuEntry(
        "GuidanceView.chapters",
        _("Notes on the tables"),
        "bookmark",
        ("read", GUIDANCE),
    ),
    MenuEntry(
        "RegulationView.regulation",
        _("Regulation and questions"),
        "help-circle",
        ("read", REGULATION),
    ),
    MenuEntry("CycleView.cycles", _("Collection years"), "calendar", ("read", CYCLE), ORGANISATION),
    MenuEntry(
        "PreparationView.preparation",
        _("Preparing the collection"),
        "clipboard-list",
        ("read", WORK_PLAN),
        ORGANISATION,
    ),
    MenuEntry(
        "TrainingView.training",
        _("Training and mobilisation"),
        "school",
        ("read", TRAINING),
        ORGANISATION,
    ),
    MenuEntry(
        "AssignmentView.assignments",
        _("Assignments"),
        "list-check",
        ("read", ASSIGNMENT),
        ORGANISATION,
    ),
    MenuEntry("FeedView.feeds", _("Data feeds"), "refresh", ("read", FEED), ORGANISATION),
    MenuEntry("RuleView.rules", _("Quality rules"), "circle-check", ("read", RULE), ORGANISATION),
    MenuEntry(
        "ConsolidationView.consolidation",
        _("Consolidated data"),
        "database",
        ("read", CONSOLIDATION),
        RESULTS,
    ),
    MenuEntry("ReleaseView.releases", _("Released data"), "send", ("read", RELEASE), RESULTS),
    MenuEntry(
        "SpotCheckView.spot_checks",
        _("Spot checks"),
        "search",
        ("read", SPOT_CHECK),
        RESULTS,
    ),
    MenuEntry("AppraisalView.panel", _("Appraisal"), "chart-bar", ("read", APPRAISAL), RESULTS),
    MenuEntry("AuditLogView.entries", _("Audit log"), "history", ("read", AUDIT_LOG), RESULTS),
    MenuEntry("PersonView.people", _("People"), "users", ("read", PERSON), ADMINISTRATION),
    MenuEntry(
        "PermissionView.permissions",
        _("Roles and permissions"),
        "shield-lock",
        ("read", PERMISSION),
        ADMINISTRATION,
    ),
)


def menu_for(actor: Actor) -> list[MenuEntry]:
    """The entries that ``actor`` may open, in their fixed order."""
    return [
        entry
        for entry in MENU
        if entry.endpoint in current_app.view_functions and entry.serves(actor)
    ]
