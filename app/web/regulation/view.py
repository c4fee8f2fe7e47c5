"""``/regulation/``: the text by articles, questions about tables, answers (第十八条)."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.question import why_not_ask, why_not_read_regulation
from app.actions.question import QuestionStepRequest, ask, take_question_step
from app.domain.message import Refused, refuse
from app.domain.question import QuestionStatus, QuestionVerb
from app.models.question import LONGEST_ANSWER, LONGEST_QUESTION
from app.reports.question import list_questions, read_question
from app.web.addresses import NUMBER
from app.web.current import (
    current_actor,
    current_catalogue,
    current_regulation,
    current_session,
    local_time,
)
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.posted import SEE_OTHER, answer_posted, refused_page


class RegulationView(PageView):
    """The regulation and the library of answers."""

    route_base = "/regulation"
    default_view = "regulation"

    @expose("/")
    def regulation(self) -> ResponseReturnValue:
        """The text, article by article, and the questions."""
        actor = current_actor()
        refuse(why_not_read_regulation(actor))
        return render_template(
            "regulation/page.html",
            regulation=current_regulation(),
            questions=list_questions(current_session(), current_catalogue(), actor),
            statuses=list(QuestionStatus),
            may_ask=why_not_ask(actor) is None,
        )

    @expose("/ask", methods=["GET", "POST"])
    def ask(self) -> ResponseReturnValue:
        """Asking about a table or a field."""
        refuse(why_not_ask(current_actor()))
        if request.method == "GET":
            return _ask_page()
        form = request.form
        table, _dot, field = form.get("place", "").partition(".")
        session, catalogue, by = current_session(), current_catalogue(), current_actor()
        try:
            asked = ask(
                session, catalogue, table, field, form.get("text", ""), by=by, now=local_time()
            )
        except Refused as refusal:
            return refused_page(refusal, _ask_page)
        flash(_("The question is with the quality office; its answer appears here."), "success")
        return redirect(url_for("RegulationView.question", number=asked.id), SEE_OTHER)

    @expose(f"/questions/{NUMBER}")
    def question(self, number: int) -> ResponseReturnValue:
        """One question with its answer."""
        return _question_page(number)

    @expose(f"/questions/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Answer, withdraw or retire a question."""
        if verb not in set(QuestionVerb):
            abort(404)
        wanted = QuestionStepRequest(
            QuestionVerb(verb),
            whole_number(request.form.get("version", "")),
            request.form.get("answer", "").replace("\r\n", "\n"),
            defines=request.form.get("defines") == "yes",
        )

        def act() -> str:
            by, now = current_actor(), local_time()
            take_question_step(current_session(), number, wanted, by=by, now=now)
            return str(_("Done."))

        address = url_for("RegulationView.question", number=number)
        return answer_posted(act, lambda told: _question_page(number, told), address)


def _ask_page(refusal: Refused | None = None) -> str:
    catalogue = current_catalogue()
    wanted = request.values.get("table") or request.form.get("place", "").partition(".")[0]
    return render_template(
        "regulation/ask.html",
        tables=catalogue.reported.values(),
        table=catalogue.reported.get(wanted),
        typed=request.form,
        refusal=refusal,
        longest=LONGEST_QUESTION,
    )


def _question_page(number: int, refusal: Refused | None = None) -> str:
    session, catalogue, actor = current_session(), current_catalogue(), current_actor()
    return render_template(
        "regulation/question.html",
        line=read_question(session, catalogue, actor, number),
        typed=request.form,
        refusal=refusal,
        longest=LONGEST_ANSWER,
    )
