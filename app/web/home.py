"""The workbench (S2): where everybody arrives after signing in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.web.current import current_actor, current_time
from app.web.fab.page_view import PageView, expose
from app.web.formats import part_of_day


class HomeView(PageView):
    """The start page."""

    route_base = ""
    default_view = "home"

    @expose("/")
    def home(self) -> ResponseReturnValue:
        """Greet the person and show what can be done next."""
        return render_template(
            "home.html", actor=current_actor(), part_of_day=part_of_day(current_time())
        )
