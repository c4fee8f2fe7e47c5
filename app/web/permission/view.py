"""``/permissions/``: what roles may do, as a matrix in place of the framework's tags."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.labels import ACTIONS
from app.access.permission import (
    every_right,
    why_not_edit_role,
    why_not_edit_roles,
    why_not_read_roles,
)
from app.access.roles import TABLE_ACTIONS, Pair
from app.actions.role import (
    LONGEST_NAME,
    RightsRequest,
    add_role,
    edit_rights,
    give_role,
    remove_role,
    take_role,
)
from app.domain.message import Message, Reason, Refused
from app.models.role_rights import roles_held
from app.reports.assignment import department_names
from app.reports.permission import RoleLine, find_role, holders_of, list_roles, read_roles
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
from app.web.permission.labels import role_text
from app.web.permission.matrix import (
    Shown,
    adopted_chapter,
    chapters_of,
    platform_lines,
    rights_of_form,
)
from app.web.translation import translated


class PermissionView(PageView):
    """The matrix of one role, its holders, and roles made by hand."""

    route_base = "/permissions"
    default_view = "permissions"

    @expose("/")
    def permissions(self) -> ResponseReturnValue:
        """The matrix of the role that was chosen, perhaps beside another."""
        lines = _readable_roles()
        chosen = _chosen(lines, request.args.get("role")) or lines[0]
        return _page(lines, chosen, other=_chosen(lines, request.args.get("other")))

    @expose(f"/{NUMBER}/edit", methods=["POST"])
    def edit(self, number: int) -> ResponseReturnValue:
        """Save the matrix; a refused one is shown again with everything ticked as it was."""
        lines = _readable_roles()
        line = find_role(current_session(), number)
        typed: frozenset[Pair] | None = None
        try:
            typed = rights_of_form(request.form, current_store())
            asked = RightsRequest(
                request.form.get("digest", "")[:64],
                give=typed,
                take=every_right(current_store()) - typed,
            )
            done = edit_rights(
                current_session(), number, asked, by=current_actor(), now=current_time()
            )
        except Refused as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            return _page(lines, line, typed=typed, refusal=refusal), STATUSES[refusal.reason]
        flash(_told(done.given, done.taken), "success")
        return redirect(url_for("PermissionView.permissions", role=number))

    @expose("/add", methods=["POST"])
    def add(self) -> ResponseReturnValue:
        """Add a role by hand, with the rights of another if one is named."""
        lines = _readable_roles()
        like = _chosen(lines, request.form.get("like"))
        name = request.form.get("name", "")
        try:
            number = add_role(
                current_session(),
                name,
                like=like.id if like else None,
                by=current_actor(),
                now=current_time(),
            )
        except Refused as refusal:
            page = _page(lines, lines[0], refusal=refusal, typed_name=name[: LONGEST_NAME * 4])
            return page, STATUSES[refusal.reason]
        flash(_("The role is there. Tick what it may do and name who has it."), "success")
        return redirect(url_for("PermissionView.permissions", role=number))

    @expose(f"/{NUMBER}/remove", methods=["POST"])
    def remove(self, number: int) -> ResponseReturnValue:
        """Remove a role made by hand that nobody has."""
        lines, line = _readable_roles(), find_role(current_session(), number)
        try:
            name = remove_role(current_session(), number, by=current_actor(), now=current_time())
        except Refused as refusal:
            return _page(lines, line, refusal=refusal), STATUSES[refusal.reason]
        flash(_("The role %(name)s was removed.", name=name), "success")
        return redirect(url_for("PermissionView.permissions"))

    @expose(f"/{NUMBER}/holders", methods=["POST"])
    def holders(self, number: int) -> ResponseReturnValue:
        """Give a role made by hand to somebody, or take it from him."""
        lines, line = _readable_roles(), find_role(current_session(), number)
        username = request.form.get("username", "").strip()
        act = take_role if "take" in request.form else give_role
        try:
            act(current_session(), number, username, by=current_actor(), now=current_time())
        except Refused as refusal:
            page = _page(lines, line, refusal=refusal, typed_username=username[:64])
            return page, STATUSES[refusal.reason]
        flash(_("Saved: who has the role."), "success")
        return redirect(url_for("PermissionView.permissions", role=number))


def _readable_roles() -> list[RoleLine]:
    refusal = why_not_read_roles(current_actor())
    if refusal is not None:
        raise Refused(refusal)
    return list_roles(current_session())


def _chosen(lines: Sequence[RoleLine], text: str | None) -> RoleLine | None:
    """The role whose id was chosen; Refused as not found when there is none."""
    if not text:
        return None
    number = whole_number(text)
    found = next((line for line in lines if line.id == number), None)
    if found is None:
        raise Refused(Message("There is no such role."), Reason.NOT_FOUND)
    return found


def _told(given: int, taken: int) -> str:
    if not given and not taken:
        return str(_("Nothing was changed."))
    return str(_("Saved: %(given)s rights given, %(taken)s taken away.", given=given, taken=taken))


def _page(
    lines: Sequence[RoleLine],
    chosen: RoleLine,
    *,
    other: RoleLine | None = None,
    typed: frozenset[Pair] | None = None,
    refusal: Refused | None = None,
    typed_name: str = "",
    typed_username: str = "",
) -> str:
    actor, session, catalogue = current_actor(), current_session(), current_catalogue()
    wanted = [chosen] if other is None else [chosen, other]
    rights = read_roles(session, current_store(), wanted)
    shown = Shown(rights[chosen.id], rights[other.id] if other else None, typed)
    names = department_names(session)
    held = roles_held(session, actor.user_id)
    chapters = [*chapters_of(catalogue, shown), adopted_chapter(current_store(), shown)]
    return render_template(
        "permission/page.html",
        groups=_groups(lines),
        chosen=chosen,
        other=other,
        shown=shown,
        chapters=[chapter for chapter in chapters if chapter.lines],
        platform=platform_lines(shown),
        actions=[translated(ACTIONS[action]) for action in TABLE_ACTIONS],
        action_codes=TABLE_ACTIONS,
        holders=holders_of(session, chosen.id),
        why_not_edit=why_not_edit_role(actor, chosen.name, held),
        why_not_add=why_not_edit_roles(actor),
        role_text=lambda line: role_text(line, names),
        refusal=refusal,
        typed_name=typed_name,
        typed_username=typed_username,
        longest_name=LONGEST_NAME,
    )


def _groups(lines: Sequence[RoleLine]) -> list[tuple[str, list[RoleLine]]]:
    """The roles as the lists of a drop-down."""
    groups = [
        (str(_("Functions")), [n for n in lines if not n.is_by_hand and n.department is None]),
        (str(_("Departments")), [n for n in lines if n.department is not None]),
        (str(_("Made by hand")), [n for n in lines if n.is_by_hand]),
    ]
    return [(title, group) for title, group in groups if group]
