"""``/my/``: a teacher's own data, section by section (第十条第二款)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app.access.policies import WORKING
from app.access.teacher_record import why_not_own_data
from app.actions.carry_forward import carry_forward
from app.actions.record_effect import RecordRequest
from app.actions.teacher_record import take_record_step
from app.catalogue.base_table import FieldSpec, FieldType
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.teacher_record import (
    Declaration,
    RecordHolder,
    RecordStatus,
    RecordVerb,
    TeacherSection,
    declaration_of,
    verbs_of,
)
from app.models.cycle import Cycle
from app.models.teacher_record import LONGEST_REASON
from app.reports.cycle import all_cycles
from app.reports.own_data import OwnData, OwnRow, OwnSection, read_own_data
from app.web.addresses import NUMBER
from app.web.base_table.cell_text import shown_text
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.cycle.addresses import wanted_cycle
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.posted import answer_posted

OWN_VERBS = verbs_of(RecordHolder.TEACHER)
# So many rows of a section are listed; the table has them all.
MOST_ROWS = 12
# What handing over many at once names: submission and version.
CHOSEN = "section"
MOST_SECTIONS = 100
DONE: Mapping[RecordVerb, LazyString] = {
    RecordVerb.SUBMIT: lazy_gettext("Handed over. The data steward of your department checks it."),
    RecordVerb.DECLARE: lazy_gettext("Declared and handed over."),
    RecordVerb.WITHDRAW: lazy_gettext("Taken back. You can change it again."),
    RecordVerb.CONFIRM: lazy_gettext("Thank you. You have confirmed what was entered for you."),
    RecordVerb.OBJECT: lazy_gettext("Your objection has gone to the data steward."),
}


@dataclass(frozen=True)
class Typed:
    """What was typed in the form of a section that was refused."""

    number: int = 0
    verb: str = ""
    reason: str = ""


class OwnDataView(PageView):
    """The page of the teacher who is signed in, and the steps about his own records."""

    route_base = "/my"
    default_view = "own_data"

    @expose("/")
    def own_data(self) -> ResponseReturnValue:
        """All sections of the year with what is wrong, what came back, what to do."""
        refuse(why_not_own_data(current_actor()))
        return _page()

    @expose("/submit", methods=["POST"])
    def submit_all(self) -> ResponseReturnValue:
        """Hand over all sections that are ready."""
        return _answer(_submit_all, Typed())

    @expose(f"/{NUMBER}/carry_forward", methods=["POST"])
    def carry(self, number: int) -> ResponseReturnValue:
        """Take over what was accepted of the teacher last year in one table."""
        return _answer(lambda: _carry(number), Typed(number))

    @expose(f"/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Take a step with one's own record in the table of this submission."""
        if verb not in {each.value for each in OWN_VERBS}:
            abort(404)
        reason = request.form.get("reason", "")
        return _answer(lambda: _step(number, RecordVerb(verb), reason), Typed(number, verb, reason))


def _answer(act: Callable[[], str], typed: Typed) -> ResponseReturnValue:
    refuse(why_not_own_data(current_actor()))
    at = f"section-{typed.number}" if typed.number else None
    address = url_for("OwnDataView.own_data", cycle=request.form.get("cycle") or None, _anchor=at)
    return answer_posted(act, lambda refusal: _page(refusal, typed), address)


def _step(number: int, verb: RecordVerb, reason: str) -> str:
    declared = request.form.get("declaration", "")
    # What the button said is declared, not what the rows have come to meanwhile.
    asked = RecordRequest(
        verb, reason, declaration=Declaration(declared) if declared in set(Declaration) else None
    )
    _take(number, whole_number(request.form.get("version", "")), asked)
    return str(DONE[verb])


def _take(number: int, version: int, asked: RecordRequest) -> None:
    actor = current_actor()
    place = (current_session(), current_store(), number, actor.number, version, asked)
    take_record_step(*place, by=actor, now=current_time())


def _submit_all() -> str:
    """Each section for itself: what is refused is told by its name, the others are done."""
    chosen = [text.partition("-") for text in request.form.getlist(CHOSEN)[:MOST_SECTIONS]]
    if not chosen:
        raise Refused(Message("There is nothing to hand over."), Reason.INVALID)
    refused = []
    for number, _dash, version in chosen:
        try:
            _take(whole_number(number), whole_number(version), RecordRequest(RecordVerb.SUBMIT))
        except Refused as refusal:
            current_session().rollback()
            refused.append((whole_number(number), refusal))
    if refused:
        raise _not_all(len(chosen) - len(refused), refused)
    return str(_("%(count)s tables are handed over.", count=len(chosen)))


def _not_all(done: int, refused: Sequence[tuple[int, Refused]]) -> Refused:
    """What to tell where some sections were refused: which of them, and why."""
    names = {each.submission.id: each.spec.name for each in _read_own().sections}
    told = tuple(
        Message("%(table)s: %(reason)s", {"table": names[number], "reason": refusal.message})
        for number, refusal in refused
        if number in names
    )
    first = refused[0][1]
    if not told:
        return first
    counts = {"done": done, "refused": len(told)}
    words = Message("%(done)s tables are handed over, %(refused)s are not:", counts)
    return Refused(words, first.reason, told)


def _carry(number: int) -> str:
    section = next(
        (each for each in _read_own().sections if each.submission.id == number),
        None,
    )
    if section is None:
        raise Refused(Message("There is no such submission."), Reason.NOT_FOUND)
    done = carry_forward(
        current_session(),
        current_store(),
        section.spec.identifier,
        by=current_actor(),
        now=current_time(),
        period=section.submission.period,
        department=section.submission.department_code,
        dry_run=False,
    )
    if not done.created:
        return str(_("Nothing about you was reported in this table last year."))
    return str(
        _(
            "%(count)s rows of last year were taken over. Look at them, then declare that nothing"
            " has changed, or correct them.",
            count=done.created,
        )
    )


def _read_own() -> OwnData:
    return _read(all_cycles(current_session()))


def _read(cycles: Sequence[Cycle]) -> OwnData:
    wanted = wanted_cycle([each for each in cycles if not each.is_history])
    if wanted is None:
        raise Refused(
            Message("There is no collection year yet. Ask the quality office to open one."),
            Reason.NOT_FOUND,
        )
    place = (current_session(), current_store(), current_actor(), wanted)
    return read_own_data(*place, all_cycles=cycles)


def _page(refusal: Refused | None = None, typed: Typed = Typed()) -> str:
    cycles = all_cycles(current_session())
    own = _read(cycles)
    # Years in which something may still be done; the others are what was reported before.
    working = [each for each in cycles if each.status in WORKING or each.id == own.cycle.id]
    return render_template(
        "teacher_record/own_data.html",
        data=own,
        cycle=own.cycle,
        cycles=working,
        groups=[(kind, own.of(kind)) for kind in TeacherSection if own.of(kind)],
        # What was sent back is handed over by itself, once it has been looked at.
        ready=[
            each
            for each in own.sections
            if each.is_ready and each.teacher.status is RecordStatus.DRAFT
        ],
        several=len({each.submission.department_code for each in own.sections}) > 1,
        most_rows=MOST_ROWS,
        refusal=refusal,
        typed=typed,
        longest=LONGEST_REASON,
        title_of=title_of,
        declare_text=declare_text,
        declared=declared,
        refused=next((each for each in own.sections if each.submission.id == typed.number), None),
        row_address=row_address,
    )


def title_of(section: OwnSection, row: OwnRow) -> str:
    """What the teacher calls a row: its key without himself; of basic data his name.

    A mere number says nothing to him, so the first name in the row comes before it.
    """
    spec = section.spec
    own = [each for each in spec.fields if each is not spec.person_field]
    keys = [each for each in own if each in spec.key_fields]
    if not keys:
        return section.teacher.person_name
    name = next((each for each in own if each.type is FieldType.STRING), keys[0])
    shown = keys if name in keys else [name, *keys]
    return " · ".join(text for each in shown if (text := _text(row, each)))


def _text(row: OwnRow, field: FieldSpec) -> str:
    value = row.values[field.code]
    is_hidden = field.code in row.hidden
    called = "" if is_hidden else row.labels.get(field.code, {}).get(str(value), "")
    return called or shown_text(current_catalogue(), field, value, hidden=is_hidden)


def declared(section: OwnSection) -> Declaration:
    """What the button to declare stands for."""
    return declaration_of(has_rows=bool(section.rows))


def declare_text(section: OwnSection) -> str:
    """What is declared: no change where all rows are last year's, else that there is nothing."""
    if section.rows:
        return str(_("As last year, nothing has changed"))
    if section.spec.section is TeacherSection.TEACHING:
        return str(_("No lessons this year"))
    return str(_("Nothing of this kind this year"))


def row_address(section: OwnSection, row: str | None = None, field: str | None = None) -> str:
    """The form of a row, at a field if named; an empty one for a new row."""
    place: dict[str, Any] = {
        "table": section.spec.identifier,
        "period": section.submission.period,
        "department": section.submission.department_code,
    }
    if row is None:
        return url_for("DataView.new_row", **place)
    return url_for("DataView.row", row=row, _anchor=f"field-{field}" if field else None, **place)
