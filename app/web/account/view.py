"""``/account/``: what one's own account is, where it is signed in, what happened to it."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.sign_in_session import end_other_sessions, end_session
from app.domain.message import Reason, Refused
from app.models.account import Account
from app.reports.account import list_entries, list_sessions
from app.web.account.client import client_text
from app.web.account.sign_in import session_limits
from app.web.addresses import NUMBER
from app.web.current import current_actor, current_session, current_sign_in, current_time
from app.web.fab.page_view import PageView, expose
from app.web.translation import translated

HOME = "/account/"
SHOWN_ENTRIES = 10


class AccountView(PageView):
    """One's own account and sessions."""

    route_base = "/account"
    default_view = "account"

    @expose("/")
    def account(self) -> ResponseReturnValue:
        """The person, the sessions of the account and the last lines of its sign-in log."""
        session, own = current_session(), current_sign_in()
        return render_template(
            "account/page.html",
            actor=current_actor(),
            current=own,
            account=session.get(Account, own.username),
            sessions=list_sessions(session, own.username, session_limits(), current_time()),
            entries=list_entries(session, own.username, SHOWN_ENTRIES),
            client_text=client_text,
        )

    @expose(f"/sessions/{NUMBER}/end", methods=["POST"])
    def end(self, number: int) -> ResponseReturnValue:
        """End one session of one's own."""
        own = current_sign_in()
        try:
            end_session(current_session(), number, username=own.username, now=current_time())
        except Refused as refusal:
            if refusal.reason is not Reason.CONFLICT:
                raise
            flash(translated(refusal.message), "info")
        else:
            flash(_("The session is ended. Whoever uses it has to sign in again."), "success")
        return redirect(HOME)

    @expose("/sessions/end", methods=["POST"])
    def end_others(self) -> ResponseReturnValue:
        """End all sessions of one's own but this one."""
        own = current_sign_in()
        ended = end_other_sessions(
            current_session(), username=own.username, keep=own.id, now=current_time()
        )
        flash(_("%(count)s other sessions are ended.", count=ended), "success")
        return redirect(HOME)
