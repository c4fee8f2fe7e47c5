"""``/cooperation/``: what departments ask of each other for tables of several (第十条第三款)."""

from flask import request
from flask.typing import ResponseReturnValue

from app.web.addresses import NUMBER
from app.web.cooperation.ask import ask_department, ask_page, revise_page, revise_request
from app.web.cooperation.form import read_form
from app.web.cooperation.page import cooperation_page, take_step
from app.web.cooperation.queue import queue_page
from app.web.fab.page_view import PageView, expose


class CooperationView(PageView):
    """The list, one request and its steps, asking."""

    route_base = "/cooperation"
    default_view = "cooperations"

    @expose("/")
    def cooperations(self) -> ResponseReturnValue:
        """The requests of a year: one's own to answer, one's own asked, all for the office."""
        return queue_page()

    @expose(f"/{NUMBER}")
    def cooperation(self, number: int) -> ResponseReturnValue:
        """One request with its history and what can be done next."""
        return cooperation_page(number)

    @expose(f"/{NUMBER}/<verb>", methods=["POST"])
    def step(self, number: int, verb: str) -> ResponseReturnValue:
        """Take a step with a request."""
        return take_step(number, verb, read_form(request.form))

    @expose(f"/{NUMBER}/revise", methods=["GET", "POST"])
    def revise(self, number: int) -> ResponseReturnValue:
        """Change what is not sent yet; on GET the form."""
        if request.method == "POST":
            return revise_request(number, read_form(request.form))
        return revise_page(number)

    @expose(f"/submissions/{NUMBER}", methods=["GET", "POST"])
    def ask(self, number: int) -> ResponseReturnValue:
        """Ask a department for its part in the table of a submission; on GET the form."""
        if request.method == "POST":
            return ask_department(number, read_form(request.form))
        return ask_page(number)
