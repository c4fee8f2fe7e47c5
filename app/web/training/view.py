"""``/training/``: sessions, signing in, attendance, mobilisation meetings (第八条, 第九条)."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.training import why_not_read_training
from app.actions.mobilisation_meeting import record_meeting
from app.actions.training import (
    add_training_file,
    decide_no_training,
    note_attendance,
    plan_session,
    take_session_step,
)
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.training import AttendanceVerb, SessionVerb
from app.models.cycle import Cycle
from app.models.training import LONGEST_CONTENT, LONGEST_NAMES, LONGEST_PLACE, LONGEST_TITLE
from app.reports.assignment_plan import choose_year
from app.reports.cycle import collected_cycles
from app.reports.training import read_training, read_training_file, session_in, year_of_session
from app.web.addresses import NUMBER
from app.web.attached_file import file_answer, sent_file
from app.web.current import current_actor, current_session, local_time
from app.web.cycle.addresses import wanted_cycle
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.posted import answer_posted
from app.web.training.form import read_attendance, read_meeting, read_session

LIMITS = {
    "longest_title": LONGEST_TITLE,
    "longest_place": LONGEST_PLACE,
    "longest_names": LONGEST_NAMES,
    "longest_content": LONGEST_CONTENT,
}


class TrainingView(PageView):
    """The page of a year and the page of one session."""

    route_base = "/training"
    default_view = "training"

    @expose("/")
    def training(self) -> ResponseReturnValue:
        """The year's sessions, who was trained, which departments held their meeting."""
        refuse(why_not_read_training(current_actor()))
        return _year_page(wanted_cycle(collected_cycles(current_session())))

    @expose(f"/{NUMBER}/sessions", methods=["POST"])
    def plan(self, number: int) -> ResponseReturnValue:
        """Plan a session of the year with this number."""
        return _answer_year(number, lambda: _plan(number))

    @expose(f"/{NUMBER}/waive", methods=["POST"])
    def waive(self, number: int) -> ResponseReturnValue:
        """Record that the year needs no training."""
        return _answer_year(number, lambda: _waive(number))

    @expose(f"/{NUMBER}/meetings", methods=["POST"])
    def meeting(self, number: int) -> ResponseReturnValue:
        """Record a meeting of one's department."""
        return _answer_year(number, lambda: _meet(number))

    @expose(f"/sessions/{NUMBER}")
    def session(self, number: int) -> ResponseReturnValue:
        """One session: its materials and who attended."""
        refuse(why_not_read_training(current_actor()))
        return _session_page(number)

    @expose(f"/sessions/{NUMBER}/sign_in", methods=["POST"])
    def sign_in(self, number: int) -> ResponseReturnValue:
        """Sign in for oneself."""
        said = {current_actor().number: AttendanceVerb.SIGN_IN}
        return _answer_session(number, lambda: _note(number, said))

    @expose(f"/sessions/{NUMBER}/attendance", methods=["POST"])
    def attendance(self, number: int) -> ResponseReturnValue:
        """Note who attended, as the quality office does."""
        return _answer_session(number, lambda: _note(number, read_attendance(request.form)))

    @expose(f"/sessions/{NUMBER}/files", methods=["POST"])
    def attach(self, number: int) -> ResponseReturnValue:
        """Add a material."""
        return _answer_session(number, lambda: _attach(number))

    @expose(f"/sessions/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Note that the session was held, or call it off."""
        if verb not in set(SessionVerb):
            abort(404)
        return _answer_session(number, lambda: _step(number, SessionVerb(verb)))

    @expose(f"/files/{NUMBER}")
    def file(self, number: int) -> ResponseReturnValue:
        """A material, or a file of a meeting, to be saved."""
        return file_answer(read_training_file(current_session(), current_actor(), number))


def _how() -> dict[str, Any]:
    return {"by": current_actor(), "now": local_time()}


def _plan(number: int) -> str:
    draft = read_session(request.form, sent_file())
    planned = plan_session(current_session(), number, draft, **_how())
    return str(_("The training “%(title)s” is planned.", title=planned.title))


def _waive(number: int) -> str:
    decide_no_training(current_session(), number, request.form.get("reason", ""), **_how())
    return str(_("It is recorded that this year needs no training."))


def _meet(number: int) -> str:
    draft = read_meeting(request.form, sent_file())
    record_meeting(current_session(), number, draft, **_how())
    return str(_("The meeting is recorded."))


def _note(number: int, said: dict[str, AttendanceVerb]) -> str:
    if not said:
        raise Refused(Message("Nothing was noted: choose for somebody first."), Reason.INVALID)
    version = whole_number(request.form.get("version", ""))
    count = note_attendance(current_session(), number, said, version=version, **_how())
    if AttendanceVerb.SIGN_IN in said.values():
        return str(_("You are signed in."))
    return str(_("The attendance of %(count)s persons is noted.", count=count))


def _attach(number: int) -> str:
    add_training_file(current_session(), number, sent_file(), **_how())
    return str(_("The material is added."))


def _step(number: int, verb: SessionVerb) -> str:
    take_session_step(
        current_session(),
        number,
        verb,
        version=whole_number(request.form.get("version", "")),
        reason=request.form.get("reason"),
        **_how(),
    )
    if verb is SessionVerb.HOLD:
        return str(_("The training was held; whoever did not sign in is noted as absent."))
    return str(_("The training is called off."))


def _answer_year(number: int, act: Callable[[], str]) -> ResponseReturnValue:
    refuse(why_not_read_training(current_actor()))
    cycle = choose_year(collected_cycles(current_session()), number)
    year = cycle.academic_year if cycle else None
    address = url_for("TrainingView.training", cycle=year)
    return answer_posted(act, lambda refusal: _year_page(cycle, refusal), address)


def _answer_session(number: int, act: Callable[[], str]) -> ResponseReturnValue:
    refuse(why_not_read_training(current_actor()))
    address = url_for("TrainingView.session", number=number)
    return answer_posted(act, lambda refusal: _session_page(number, refusal), address)


def _year_page(cycle: Cycle | None, refusal: Refused | None = None) -> str:
    session, actor, now = current_session(), current_actor(), local_time()
    return render_template(
        "training/page.html",
        cycle=cycle,
        cycles=collected_cycles(session),
        page=None if cycle is None else read_training(session, actor, cycle, now=now),
        typed=request.form,
        refusal=refusal,
        today=now.date().isoformat(),
        **LIMITS,
    )


def _session_page(number: int, refusal: Refused | None = None) -> str:
    session, actor = current_session(), current_actor()
    page = read_training(session, actor, year_of_session(session, number), now=local_time())
    return render_template(
        "training/session.html",
        page=page,
        line=session_in(page, number),
        verbs=[verb for verb in AttendanceVerb if verb is not AttendanceVerb.SIGN_IN],
        typed=request.form,
        refusal=refusal,
        **LIMITS,
    )
