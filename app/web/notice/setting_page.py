"""The page on which the quality office sets when people are reminded."""

import re
from collections.abc import Mapping
from datetime import date, time

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.reminder import why_not_read_reminders, why_not_set_reminders
from app.actions.reminder_setting import set_reminders
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.reminder import SWITCHES, QuietHours, ReminderSettings
from app.models.reminder_setting import read_reminder_settings
from app.reports.delivery import read_deliveries
from app.web.current import (
    current_actor,
    current_channels,
    current_session,
    local_time,
)
from app.web.notice.labels import switch_text
from app.web.posted import answer_posted

LONGEST_DAYS = 800


def setting_page(refusal: Refused | None = None) -> str:
    """What is set, with what was typed instead where it was refused."""
    actor, session = current_actor(), current_session()
    refuse(why_not_read_reminders(actor))
    settings = read_reminder_settings(session)
    typed = request.form if refusal is not None else _as_typed(settings)
    off = settings.off
    if refusal is not None:
        off = frozenset(SWITCHES) - set(request.form.getlist("on"))
    return render_template(
        "notice/settings.html",
        switches=[(name, switch_text(name), name not in off) for name in SWITCHES],
        typed=typed,
        weekends=typed.get("weekends") == "yes",
        refusal=refusal,
        may_set=why_not_set_reminders(actor) is None,
        is_quiet=settings.quiet.is_quiet(local_time()),
        deliveries=read_deliveries(session, actor),
        channels=current_channels(),
        longest=LONGEST_DAYS,
    )


def keep_settings() -> ResponseReturnValue:
    """Keep what was typed."""

    def act() -> str:
        refuse(why_not_set_reminders(current_actor()))
        settings = _read_form()
        set_reminders(current_session(), settings, by=current_actor(), now=local_time())
        return str(_("The reminders are set."))

    return answer_posted(act, setting_page, url_for("NoticeView.settings"))


def _as_typed(settings: ReminderSettings) -> Mapping[str, str]:
    quiet = settings.quiet
    return {
        "begins": f"{quiet.begins:%H:%M}",
        "ends": f"{quiet.ends:%H:%M}",
        "weekends": "yes" if quiet.weekends else "",
        "days_off": "\n".join(day.isoformat() for day in sorted(quiet.days_off)),
    }


def _read_form() -> ReminderSettings:
    form = request.form
    on = set(form.getlist("on"))
    quiet = QuietHours(
        _clock(form.get("begins", "")),
        _clock(form.get("ends", "")),
        form.get("weekends") == "yes",
        frozenset(_day(text) for text in form.get("days_off", "").split()),
    )
    return ReminderSettings(frozenset(name for name in SWITCHES if name not in on), quiet)


def _clock(text: str) -> time:
    if re.fullmatch(r"[0-2][0-9]:[0-5][0-9]", text, re.ASCII) and text < "24:00":
        return time.fromisoformat(text)
    message = Message("Write quiet hours as hours and minutes, such as 22:00.")
    raise Refused(message, Reason.INVALID)


def _day(text: str) -> date:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused(
        Message("“%(text)s” is no day. Write days off as 2026-10-01.", {"text": text[:20]}),
        Reason.INVALID,
    )
