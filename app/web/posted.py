"""How a form that was sent is answered: led back when it is done, shown again when refused."""

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.domain.message import Reason, Refused
from app.web.current import current_session
from app.web.errors import STATUSES

SEE_OTHER = 303
# Who may not, or asks for what is not there, is shown no form again.
PASSED_ON = frozenset({Reason.NOT_FOUND, Reason.FORBIDDEN})


def answer_posted(
    act: Callable[[], str], page: Callable[[Refused], str], address: str
) -> ResponseReturnValue:
    """Do what was asked for and lead to the address with what ``act`` says has been done.

    A refusal shows the ``page`` with everything that was typed; nothing is kept of it.
    """
    try:
        done = act()
    except Refused as refusal:
        return refused_page(refusal, page)
    flash(done, "success")
    return redirect(address, SEE_OTHER)


def refused_page(refusal: Refused, page: Callable[[Refused], str]) -> ResponseReturnValue:
    """The page that tells the refusal, with its status. Raises it again where none is shown."""
    if refusal.reason in PASSED_ON:
        raise refusal
    current_session().rollback()
    return page(refusal), STATUSES[refusal.reason]
