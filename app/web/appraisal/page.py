"""The pages of an appraisal: the panel, a department, an item, the reason for a score."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from flask import render_template, request

from app.access.appraisal import (
    APPRAISABLE,
    why_not_appraise,
    why_not_draft,
    why_not_publish,
)
from app.catalogue.appraisal import CriterionSpec, ItemSpec
from app.domain.appraisal import ItemMode
from app.domain.measurement import Event, plain_number
from app.domain.message import Message, Reason, Refused
from app.domain.scoring import CriterionTotal
from app.models.appraisal import AppraisalScore
from app.reports.appraisal import (
    DepartmentLine,
    Explanation,
    Panel,
    appraisal_years,
    explain,
    find_year,
    read_panel,
    read_panel_evidence,
    usual_year,
    why_missed,
)
from app.web.appraisal.score_form import (
    LONGEST_COMMENT,
    AdjustmentForm,
    CellForm,
    ScoreForm,
    key_of,
    stored_form,
)
from app.web.current import (
    current_actor,
    current_catalogue,
    current_scheme,
    current_session,
    current_time,
)
from app.web.translation import translated


def open_panel(number: int) -> Panel:
    """The panel of a year as the reader may see it; Refused where there is none."""
    session, actor = current_session(), current_actor()
    year = find_year(appraisal_years(session, actor), number)
    return read_panel(session, actor, year, current_scheme(), now=current_time())


def render_panel(
    number: int | None = None, refusal: Refused | None = None, reason: str = ""
) -> str:
    """Departments × items; after a refused step with the reason and what was typed."""
    session, actor = current_session(), current_actor()
    years = appraisal_years(session, actor)
    year = usual_year(years) if number is None else find_year(years, number)
    if year is None:
        return render_template("appraisal/panel.html", years=years, panel=None, refusal=None)
    panel = read_panel(session, actor, year, current_scheme(), now=current_time())
    groups = [group.name for group in panel.scheme.groups]
    group = request.args.get("group", "")
    group = group if group in groups else ""
    appraisal = year.appraisal
    return render_template(
        "appraisal/panel.html",
        years=years,
        panel=panel,
        appraisal=None if panel.is_preview else appraisal,
        lines=[line for line in panel.lines if group in {"", line.result.group_name}],
        groups=[name for name in groups if any(x.result.group_name == name for x in panel.lines)],
        group=group,
        why_not_draft=why_not_draft(actor, year.cycle),
        is_running=year.cycle.status not in APPRAISABLE,
        why_not_appraise=None if appraisal is None else why_not_appraise(actor, appraisal),
        why_not_publish=(
            None if appraisal is None else why_not_publish(actor, appraisal, panel.pending)
        ),
        cell_text=cell_text,
        number_text=number_text,
        why_missed=why_missed,
        refusal=refusal,
        reason=reason,
        longest=LONGEST_COMMENT,
    )


def render_department(
    number: int,
    department: str,
    typed: ScoreForm | None = None,
    adjusting: AdjustmentForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Every item of one department with its reason, and the forms of those who score."""
    panel = open_panel(number)
    line = panel.line(department)
    evidence = read_panel_evidence(
        current_session(), panel, now=current_time(), departments=[department]
    )
    return render_template(
        "appraisal/department.html",
        panel=panel,
        line=line,
        explained={
            name: explain(evidence, line, item)
            for name, item in panel.scheme.items.items()
            if name in line.cells
        },
        adjusting=adjusting or _stored_adjustment(line),
        criteria=list(zip(panel.scheme.criteria, line.standing.sum.criteria, strict=True)),
        sharing_text=sharing_text,
        why_missed=why_missed,
        **_of_forms(panel, typed, refusal),
    )


def render_item(
    number: int, item: str, typed: ScoreForm | None = None, refusal: Refused | None = None
) -> str:
    """One item of all departments: the column, to be entered at once."""
    panel = open_panel(number)
    spec = item_of(panel, item)
    lines = [line for line in panel.lines if item in line.cells]
    return render_template(
        "appraisal/item.html",
        panel=panel,
        item=spec,
        criterion=next(one for one in panel.scheme.criteria if spec in one.items),
        lines=lines,
        has_empty=any(is_enterable(spec, line.cells[item]) for line in lines),
        **_of_forms(panel, typed, refusal),
    )


def render_why(number: int, department: str, item: str) -> str:
    """Why a department has this score for an item: what was counted, event by event."""
    panel = open_panel(number)
    line, spec = panel.line(department), item_of(panel, item)
    if item not in line.cells:
        raise Refused(Message("There is no such item or department here."), Reason.NOT_FOUND)
    evidence = read_panel_evidence(
        current_session(), panel, now=current_time(), departments=[department]
    )
    explained = explain(evidence, line, spec)
    events = explained.measured.events if explained.measured else ()
    appraisal = panel.year.appraisal
    taken_at = appraisal.evidence_at if appraisal and not panel.is_preview else current_time()
    return render_template(
        "appraisal/why.html",
        panel=panel,
        line=line,
        item=spec,
        explained=explained,
        events=sorted(events, key=lambda event: not event.is_fault),
        faults=sum(event.is_fault for event in events),
        event_title=event_title,
        taken_at=taken_at,
        sentence=sentence,
        cell_text=cell_text,
        number_text=number_text,
    )


def item_of(panel: Panel, item: str) -> ItemSpec:
    """An item of the panel's scheme; Refused as not found when it has none of that name."""
    found = panel.scheme.items.get(item)
    if found is None:
        raise Refused(Message("There is no such item or department here."), Reason.NOT_FOUND)
    return found


def may_enter(panel: Panel) -> bool:
    """Whether the reader enters scores here."""
    appraisal = panel.year.appraisal
    if appraisal is None or panel.is_preview:
        return False
    return why_not_appraise(current_actor(), appraisal) is None


def cell_text(item: ItemSpec, cell: AppraisalScore) -> str:
    """The points of a cell; a dash where the item does not apply, a word where it is open."""
    if cell.is_pending:
        return translated(Message("awaits a score"))
    return number_text(cell.points(item))


def number_text(value: Decimal | None) -> str:
    """A number without idle zeros, a dash for none."""
    return "—" if value is None else plain_number(value)


def sentence(explained: Explanation) -> str:
    """What was counted and what it costs, in one sentence."""
    item, measured = explained.item, explained.measured
    if measured is None:
        return ""
    told: dict[str, object] = {"summary": measured.summary, "weight": number_text(item.weight)}
    points = explained.cell.automatic_score
    if points is None:
        return translated(Message("%(summary)s The item does not apply.", told))
    told["points"] = number_text(points)
    if points == item.weight:
        return translated(Message("%(summary)s → full score, %(points)s points", told))
    told["lost"] = number_text(item.weight - points)
    return translated(
        Message("%(summary)s → minus %(lost)s, %(points)s of %(weight)s points", told)
    )


def sharing_text(criterion: CriterionSpec, total: CriterionTotal) -> str:
    """How the weight of items that do not apply is shared out; empty where all apply."""
    if total.total is None or total.factor == 1:
        return ""
    applying = Fraction(criterion.weight) / total.factor
    told = {
        "weight": number_text(criterion.weight),
        "applying": number_text(Decimal(applying.numerator) / Decimal(applying.denominator)),
    }
    return translated(
        Message("Some items do not apply; the others count × %(weight)s ÷ %(applying)s.", told)
    )


def event_title(event: Event) -> str:
    """The table an event is about; empty where it is about none."""
    if event.table is None:
        return ""
    spec = current_catalogue().reported.get(event.table)
    return event.table if spec is None else spec.title


def is_enterable(item: ItemSpec, cell: AppraisalScore) -> bool:
    """Whether the quality office settles the cell, or may settle it in place of the count."""
    return not cell.is_counted or item.mode is ItemMode.MIXED


def _of_forms(panel: Panel, typed: ScoreForm | None, refusal: Refused | None) -> dict[str, object]:
    """What both pages with forms need: may the reader enter, and what stands in the fields."""

    def form(cell: AppraisalScore) -> CellForm:
        key = key_of(cell.department_code, cell.item)
        known = typed.cells.get(key) if typed is not None else None
        # After a conflict the stored version goes along, or nobody could ever answer it.
        return stored_form(cell) if known is None else replace(known, version=cell.version)

    return {
        "may_enter": may_enter(panel),
        "is_enterable": is_enterable,
        "form_of": form,
        "key_of": key_of,
        "typed": typed,
        "refusal": refusal,
        "sentence": sentence,
        "cell_text": cell_text,
        "number_text": number_text,
        "longest": LONGEST_COMMENT,
    }


def _stored_adjustment(line: DepartmentLine) -> AdjustmentForm:
    result = line.result
    return AdjustmentForm(
        bonus=number_text(result.bonus) if result.bonus else "",
        is_vetoed=result.is_vetoed,
        comment=result.comment or "",
        version=result.version or 0,
    )
