"""Asking that the rules be looked through again in the background."""

from typing import Any

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions.job import Asked, ask_for_job
from app.domain.job import JobKind
from app.domain.message import Refused
from app.jobs.keeper import CHECK_PLACE
from app.jobs.queue import QueueUnreachableError
from app.web.current import current_actor, current_queue, current_session, current_time
from app.web.finding.line import may_rule
from app.web.finding.list_filter import read_filter
from app.web.finding.page import refuse_unless_reader


def check_again(values: dict[str, str]) -> ResponseReturnValue:
    """What has changed is checked again; all of the year where the quality office asks.

    While a check is under way already, the page shows how far that one is.
    """
    actor = current_actor()
    refuse_unless_reader(actor)
    asked = Asked(JobKind.CHECK, {"whole": may_rule(actor)}, CHECK_PLACE)
    try:
        key = ask_for_job(current_session(), asked, by=actor, now=current_time())
    except Refused:
        flash(_("The rules are being looked through already."), "info")
    else:
        try:
            current_queue().send(key)
        except QueueUnreachableError:
            # It stands in the database: a worker finds it there.
            current_app.logger.warning("the job %s could not be put into the queue", key)
    place: dict[str, Any] = {"cycle": values["cycle"]} if values.get("cycle") else {}
    place |= read_filter(values).pairs()
    return redirect(url_for("FindingView.findings", **place), 303)
