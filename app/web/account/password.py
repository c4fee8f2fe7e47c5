"""``/password/``: setting another password; nobody with an initial one gets past this page."""

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.security import generate_password_hash

from app.actions.account import change_password
from app.domain.message import Message, Refused
from app.domain.password import LONGEST, SHORTEST, SHORTEST_MIXED, faults_of
from app.web.account.sign_in import STATUSES, prove
from app.web.current import (
    current_actor,
    current_session,
    current_sign_in,
    current_time,
)
from app.web.fab.page_view import PageView, expose
from app.web.redirects import safe_path
from app.web.translation import translated

ACCOUNT = "/account/"
OWN_PATH = "/password/"


@dataclass(frozen=True)
class PasswordForm:
    """What was typed; never shown again and never kept."""

    present: str
    new: str
    repeated: str


class PasswordView(PageView):
    """Changing one's own password."""

    route_base = "/password"
    default_view = "password"

    @expose("/", methods=["GET", "POST"])
    def password(self) -> ResponseReturnValue:
        """Show the form; on POST change the password, or name everything that is missing."""
        if request.method == "GET":
            return _page({})
        typed = request.form.get
        form = PasswordForm(typed("present", ""), typed("new", ""), typed("repeated", ""))
        faults = _faults(form)
        status = 422
        if form.present and not faults.get("present"):
            try:
                prove(form.present)
            except Refused as refusal:
                status = STATUSES[refusal.reason] if not faults else status
                faults["present"] = [refusal.message]
        if any(faults.values()):
            return _page(faults), 422 if status == 401 else status
        return _changed(form)


def _faults(form: PasswordForm) -> dict[str, list[Message]]:
    """What is wrong with each field, apart from whether the present password is right."""
    actor = current_actor()
    faults: dict[str, list[Message]] = {}
    if not form.present:
        faults["present"] = [Message("Enter the password you have signed in with.")]
    if not form.new:
        faults["new"] = [Message("Enter the new password.")]
    else:
        names = [actor.number, actor.username, actor.name]
        if found := faults_of(form.new, names, form.present):
            faults["new"] = found
    if form.new and form.repeated != form.new:
        faults["repeated"] = [Message("This is not the same as the new password; type both again.")]
    return faults


def _changed(form: PasswordForm) -> ResponseReturnValue:
    settings = current_app.config
    hashed = generate_password_hash(
        form.new, method=settings.get("FAB_PASSWORD_HASH_METHOD", "scrypt")
    )
    ended = change_password(
        current_session(),
        hashed,
        by=current_actor(),
        keep=current_sign_in().id,
        now=current_time(),
    )
    told = _("Your password is changed.")
    if ended:
        told += _(" %(count)s other sessions of yours were ended.", count=ended)
    flash(told, "success")
    return redirect(_target())


def _target() -> str:
    """Where to go on: the page that was asked for, else one's own account or the workbench."""
    asked = safe_path(request.args.get("next"))
    if asked != "/" and not asked.startswith(OWN_PATH):
        return asked
    return "/" if current_sign_in().must_change_password else ACCOUNT


def _page(faults: dict[str, list[Message]]) -> str:
    labels = {
        "present": _("Present password"),
        "new": _("New password"),
        "repeated": _("New password, once more"),
    }
    return render_template(
        "account/password.html",
        is_forced=current_sign_in().must_change_password,
        labels=labels,
        faults={name: [translated(fault) for fault in found] for name, found in faults.items()},
        errors=[
            (name, labels[name], translated(fault))
            for name in labels
            for fault in faults.get(name, [])
        ],
        username=current_sign_in().username,
        shortest=SHORTEST,
        shortest_mixed=SHORTEST_MIXED,
        longest=LONGEST,
    )
