"""``/requests/``: what one person asks for and another decides (第四条, 第七条, 第十二条)."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from app.web.addresses import NUMBER
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.request.ask import ask_for, ask_page, ask_to_unlock, unlock_page
from app.web.request.form import read_form
from app.web.request.queue import decide_chosen, decide_one, queue_page


class RequestView(PageView):
    """The queue, asking, deciding."""

    route_base = "/requests"
    default_view = "requests"

    @expose("/")
    def requests(self) -> ResponseReturnValue:
        """What waits for the reader, and what else was asked for in the year."""
        return queue_page()

    @expose("/decide/<verb>", methods=["POST"])
    def decide(self, verb: str) -> ResponseReturnValue:
        """Grant or refuse the ticked ones."""
        return decide_chosen(verb, read_form(request.form))

    @expose(f"/{NUMBER}/<verb>", methods=["POST"])
    def decide_one(self, number: int, verb: str) -> ResponseReturnValue:
        """Grant, refuse or take back one request."""
        form = read_form(request.form)
        pair = (number, whole_number(request.form.get("version", "")))
        return decide_one(number, verb, replace(form, chosen=(pair,)))

    @expose(f"/submissions/{NUMBER}")
    def submission(self, number: int) -> ResponseReturnValue:
        """What was asked for about a submission, and the forms to ask."""
        return ask_page(number)

    @expose(f"/submissions/{NUMBER}/<kind>", methods=["POST"])
    def ask(self, number: int, kind: str) -> ResponseReturnValue:
        """Ask for something about a submission."""
        return ask_for(number, kind, read_form(request.form))

    @expose(f"/cycles/{NUMBER}", methods=["GET", "POST"])
    def unlock(self, number: int) -> ResponseReturnValue:
        """Ask to unlock a year; on GET the form."""
        if request.method == "POST":
            return ask_to_unlock(number, read_form(request.form))
        return unlock_page(number)
