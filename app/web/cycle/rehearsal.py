"""The page of the rehearsal: what would go wrong in the year, with links to where it is mended."""

from flask import render_template, url_for

from app.access.rehearsal import may_mend, why_not_rehearse, why_not_rehearsed
from app.domain.rehearsal import Mending, RemarkKind
from app.models.cycle import Cycle
from app.reports.rehearsal import read_rehearsal
from app.web.current import (
    current_actor,
    current_scheme,
    current_session,
    current_store,
    local_time,
)


def rehearsal_page(number: int) -> str:
    """Rehearse the year and show what was found."""
    actor = current_actor()
    found = read_rehearsal(
        current_session(), current_store(), current_scheme(), actor, number, now=local_time()
    )
    return render_template(
        "cycle/rehearsal.html",
        page=found,
        cycle=found.cycle,
        kinds=list(RemarkKind),
        mend={
            mending: address
            for mending, address in _addresses(found.cycle).items()
            if may_mend(actor, mending)
        },
        now=local_time(),
    )


def may_rehearse(cycle: Cycle) -> bool:
    """Whether the person is shown the way to the rehearsal of the year."""
    return why_not_rehearse(current_actor()) is None and why_not_rehearsed(cycle) is None


def _addresses(cycle: Cycle) -> dict[Mending, str]:
    """Where each kind of remark is mended."""
    year = cycle.academic_year
    return {
        Mending.IN_PEOPLE: url_for("PersonView.people"),
        Mending.IN_ASSIGNMENTS: url_for("AssignmentView.assignments", cycle=year),
        Mending.IN_PREPARATION: url_for("PreparationView.preparation", cycle=year),
        Mending.IN_PERMISSIONS: url_for("PermissionView.permissions"),
    }
