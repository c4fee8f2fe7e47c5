"""``/permissions/<role>/access/<table>``: the rows a role opens of a table, and its masks."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.labels import CURRENT_WORDS, MASKS, REACHES, rule_text
from app.access.permission import why_not_edit_role, why_not_read_roles
from app.access.row_rule import Table, why_broken, written_rule
from app.access.table_access import field_labels, rule_labels, why_not_rows, why_not_set
from app.actions.table_access import set_table_access
from app.domain.message import Message, Reason, Refused, refuse
from app.domain.table_access import AccessSetting, RowReach
from app.models.role_rights import roles_held
from app.reports.assignment import department_names
from app.reports.permission import RoleLine, find_role
from app.reports.table_access import KeptAccess, read_table_access
from app.web.addresses import NUMBER
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    current_time,
)
from app.web.errors import STATUSES
from app.web.fab.page_view import PageView, expose
from app.web.formats import whole_number
from app.web.permission.access_form import (
    BLANK_LINES,
    AccessForm,
    RuleLine,
    carried,
    carried_setting,
    choices_of,
    form_of,
    rule_in,
    setting_of,
    typed_form,
)
from app.web.permission.labels import role_text
from app.web.permission.rule_builder import builder_fields, to_builder
from app.web.translation import translated


@dataclass(frozen=True)
class Opened:
    """The role and the table of the address, with what is set and why it may not be changed."""

    line: RoleLine
    table: str
    kept: KeptAccess
    why_not_edit: Message | None


class TableAccessView(PageView):
    """One form: first shown, then compared with what is kept, then saved."""

    route_base = "/permissions"
    default_view = "access"

    @expose(f"/{NUMBER}/access/<table>", methods=["GET", "POST"])
    def access(self, number: int, table: str) -> ResponseReturnValue:
        """The form; on POST what would change, and once that has been confirmed the change."""
        opened = _open(number, table)
        if request.method == "GET":
            return _page(opened, form_of(opened.kept.setting))
        refuse(opened.why_not_edit)
        form: AccessForm | None = None
        try:
            if "setting" in request.form:
                setting = carried_setting(request.form["setting"])
                form = form_of(setting)
                return _page(opened, form) if "back" in request.form else _save(opened, setting)
            form = typed_form(request.form)
            setting = setting_of(form, opened.kept.table)
            _refuse_unfit(opened.kept.table, setting)
            return _page(opened, form, after=setting)
        except Refused as refusal:
            shown = form or form_of(opened.kept.setting)
            return _page(opened, shown, refusal=refusal), STATUSES[refusal.reason]


def _open(number: int, table: str) -> Opened:
    session, actor = current_session(), current_actor()
    refuse(why_not_read_roles(actor))
    line = find_role(session, number)
    kept = read_table_access(session, current_store(), line.name, table)
    refusal = why_not_edit_role(actor, line.name, roles_held(session, actor.user_id))
    return Opened(line, table, kept, refusal)


def _refuse_unfit(table: Table, setting: AccessSetting) -> None:
    refusals = tuple(why_not_set(table, setting))
    if refusals:
        raise Refused(refusals[0], Reason.INVALID, refusals[1:])


def _save(opened: Opened, setting: AccessSetting) -> ResponseReturnValue:
    changes = set_table_access(
        current_session(),
        current_store(),
        opened.line.id,
        opened.table,
        setting,
        whole_number(request.form.get("version", "")) or 0,
        by=current_actor(),
        now=current_time(),
    )
    told = _("Saved. It holds from the next request on.") if changes else _("Nothing was changed.")
    flash(told, "success" if changes else "info")
    return redirect(url_for("PermissionView.permissions", role=opened.line.id), 303)


def _page(
    opened: Opened,
    form: AccessForm,
    *,
    after: AccessSetting | None = None,
    refusal: Refused | None = None,
) -> str:
    table, setting = opened.kept.table, opened.kept.setting
    blank = (RuleLine(),) * BLANK_LINES
    return render_template(
        "permission/table_access.html",
        opened=opened,
        table=table,
        role_title=role_text(opened.line, department_names(current_session())),
        form=form,
        lines=(*form.lines, *blank),
        choices=choices_of(table),
        builder_fields=builder_fields(current_catalogue(), table),
        builder_tree=to_builder(rule_in(form, table)),
        reaches=[(reach, translated(text)) for reach, text in REACHES.items()],
        why_not_rows={reach: why_not_rows(table, reach) for reach in REACHES},
        masks=[(mask, translated(text)) for mask, text in MASKS.items()],
        current=[(who, translated(text)) for who, text in CURRENT_WORDS.items()],
        kept_words=_words(table, setting),
        fault=_fault(table, setting),
        changes=None if after is None else _changes(table, setting, after),
        carried="" if after is None else carried(after),
        refusal=refusal,
    )


def _words(table: Table, setting: AccessSetting) -> str:
    """The rows in words."""
    if setting.rows is RowReach.RULE:
        return translated(rule_text(rule_labels(table), written_rule(setting.rule)))
    return translated(REACHES[setting.rows])


def _fault(table: Table, setting: AccessSetting) -> str | None:
    """Why the kept rule lets nothing in."""
    fault = None
    if setting.rows is RowReach.RULE:
        fault = why_broken(table, written_rule(setting.rule))
    return None if fault is None else translated(fault)


def _changes(
    table: Table, before: AccessSetting, after: AccessSetting
) -> list[tuple[str, str, str]]:
    """What changes, what it was and what it becomes."""
    changes = []
    if (before.rows, before.rule) != (after.rows, after.rule):
        changes.append((str(_("Rows")), _words(table, before), _words(table, after)))
    labels = field_labels(table)
    for code in sorted({*before.masks, *after.masks}):
        was, becomes = before.masks.get(code), after.masks.get(code)
        if was is not becomes:
            words = translated(MASKS[was]), translated(MASKS[becomes])
            changes.append((labels.get(code, code), *words))
    return changes
