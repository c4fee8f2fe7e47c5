"""The rehearsal of a collection year over JSON."""

from flask_babel import lazy_gettext

from app.domain.rehearsal import Remark
from app.reports.rehearsal import read_rehearsal
from app.reports.rehearsed_score import Spread
from app.web.addresses import NUMBER
from app.web.api.endpoint import Call, Endpoint
from app.web.api.shapes import Json
from app.web.current import (
    current_actor,
    current_scheme,
    current_session,
    current_store,
    local_time,
)
from app.web.labels import label
from app.web.translation import translated


def rehearse_cycle(_call: Call, number: int) -> Json:
    """What would go wrong in the year, the worst first, and the scores under assumptions."""
    actor, store = current_actor(), current_store()
    found = read_rehearsal(
        current_session(), store, current_scheme(), actor, number, now=local_time()
    )
    return {
        "cycle": found.cycle.academic_year,
        "days": [day.isoformat() for day in found.days],
        "departments": found.departments,
        "tables": found.tables,
        "remarks": [_remark(remark) for remark in found.remarks],
        "assumptions": [_spread(spread) for spread in found.spreads],
    }


def _remark(remark: Remark) -> Json:
    return {
        "kind": remark.kind.value,
        "kind_label": label(remark.kind),
        "mending": remark.mending.value,
        "text": translated(remark.text),
        "tables": remark.tables,
    }


def _spread(spread: Spread) -> Json:
    return {
        "scenario": spread.scenario.value,
        "scenario_label": label(spread.scenario),
        "late": spread.late,
        "lowest": str(spread.lowest),
        "median": str(spread.median),
        "highest": str(spread.highest),
        "grades": dict(spread.grades),
    }


REHEARSAL_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET",
        f"cycles/{NUMBER}/rehearsal",
        rehearse_cycle,
        lazy_gettext("What would go wrong in a collection year"),
    ),
)
