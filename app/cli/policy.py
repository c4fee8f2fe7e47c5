"""``policy``: the rights of all roles as a file, what it would change, and changing it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from app.access.labels import ACTIONS, RESOURCES, right_text
from app.access.permission import KEY_RIGHT
from app.access.policy import AccessPlan, PolicyPlan, RolePlan, plan_policy, policy_of, read_present
from app.access.roles import PLATFORM_RIGHTS, Pair
from app.access.table_access import told_changes
from app.actions.policy import apply_policy
from app.cli.command import Platform, now, operator, with_platform
from app.cli.texts import N_, _, translated
from app.domain.period import LOCAL_ZONE
from app.exchange.policy import read_policy, write_policy
from app.exchange.policy_access import read_access, write_access
from app.models.base_table import Store

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
HEAD = (
    N_("Roles, what they may do on which resource; see statedata policy --help."),
    N_("What is written here of a role is all it has."),
    N_("Of a department's own role only what differs from its assignments; [] takes all away."),
    N_("A role that is not written here stays as it is."),
)
ACCESS_HEAD = (
    N_("Rows a role opens of a table (all, department, person or a rule) and masks of fields."),
    N_("What is written here of a role is all that is set for it."),
)


@click.group("policy", help=_("The rights of all roles as a file that can be reviewed."))
def policy() -> None:
    """Group of commands."""


@policy.command("export", help=_("Write the rights of all roles to FILE, or show them."))
@click.argument(
    "file", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=False
)
@with_platform
def export(platform: Platform, file: Path | None) -> None:
    """Applying the same file again changes nothing."""
    present, titles = read_present(platform.session, platform.store), _titles(platform.store)
    found = policy_of(present)
    text = write_policy(found, [_(line) for line in HEAD], titles)
    text += write_access(present.access, [_(line) for line in ACCESS_HEAD], titles)
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = {"file": file, "reason": error.strerror}
        raise click.ClickException(_("%(file)s cannot be written: %(reason)s") % reason) from error
    click.echo(_("%(roles)s roles were written to %(file)s.") % {"roles": len(found), "file": file})


@policy.command("plan", help=_("Say what applying FILE would give and take; changes nothing."))
@FILE
@with_platform
def plan(platform: Platform, file: Path) -> None:
    """Does all that ``apply`` does and takes it back, so that whatever refuses is told now."""
    content = file.read_bytes()
    present = read_present(platform.session, platform.store)
    found = plan_policy(present, read_policy(content), read_access(content))
    click.echo("\n".join(_lines(found, platform.store)))
    _apply(platform, content, dry_run=True)


@policy.command("apply", help=_("Give and take rights as FILE says, all or nothing."))
@FILE
@with_platform
def apply(platform: Platform, file: Path) -> None:
    """Whoever runs commands on the server may do this; it stands in the audit log."""
    done = _apply(platform, file.read_bytes(), dry_run=False)
    click.echo("\n".join(_lines(done, platform.store)))


def _apply(platform: Platform, content: bytes, *, dry_run: bool) -> PolicyPlan:
    return apply_policy(
        platform.session,
        platform.store,
        read_policy(content),
        read_access(content),
        by=operator(KEY_RIGHT),
        now=now().astimezone(LOCAL_ZONE),
        dry_run=dry_run,
    )


def _lines(found: PolicyPlan, store: Store) -> Iterator[str]:
    titles = _titles(store)
    for change in found.changes:
        yield from _lines_of_role(change, titles)
    for plan_of_table in found.access:
        yield from _lines_of_access(plan_of_table, titles)
    if found.left:
        yield _("Not in the file, stays as it is: %s") % ", ".join(found.left)
    for resource, actions in _grouped(found.orphans):
        words = {"resource": resource, "actions": ", ".join(actions)}
        yield _("Permission rows on %(resource)s, which is gone: %(actions)s. They stay.") % words
    given = sum(len(change.give) for change in found.changes)
    taken = sum(len(change.take) for change in found.changes)
    counts = {"roles": len(found.changes), "given": given, "taken": taken}
    if found.access:
        yield _("Rows and masks to set: %s.") % len(found.access)
    if found.changes:
        yield _("%(roles)s roles; rights given: %(given)s, taken away: %(taken)s.") % counts
    elif not found.access:
        yield _("Nothing to change: all roles are as the file says.")


def _lines_of_role(change: RolePlan, titles: dict[str, str]) -> Iterator[str]:
    yield (_("New role %s:") if change.is_new else _("Role %s:")) % change.name
    for sign, rights in ((_("+ give"), change.give), (_("- take"), change.take)):
        for resource, actions in _grouped(rights):
            told = ", ".join(f"{_action_text((action, resource))} {action}" for action in actions)
            yield f"  {sign} {titles.get(resource, resource)} {resource}: {told}"


def _lines_of_access(change: AccessPlan, titles: dict[str, str]) -> Iterator[str]:
    words = {"role": change.role, "table": titles.get(change.table, change.table)}
    yield _("Role %(role)s on %(table)s:") % words
    for line in told_changes(change.before, change.after):
        yield f"  {line}"


def _grouped(rights: Iterable[Pair]) -> list[tuple[str, list[str]]]:
    """Resource and its actions, sorted."""
    grouped: dict[str, list[str]] = {}
    for action, resource in sorted(rights, key=lambda right: (right[1], right[0])):
        grouped.setdefault(resource, []).append(action)
    return list(grouped.items())


def _action_text(right: Pair) -> str:
    on_platform = right in PLATFORM_RIGHTS
    return translated(right_text(right) if on_platform else ACTIONS[right[0]])


def _titles(store: Store) -> dict[str, str]:
    """What every resource is called."""
    titles = {resource: translated(title) for resource, title in RESOURCES.items()}
    titles |= {name: live.spec.label for name, live in store.adopted.items()}
    return titles | {name: stored.spec.title for name, stored in store.tables.items()}
