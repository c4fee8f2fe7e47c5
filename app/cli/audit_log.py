"""``audit``: whether the audit log is as it was written."""

import click

from app.cli.command import Platform, with_platform
from app.cli.texts import _, translated
from app.domain.audit_log import FAULTS
from app.reports.audit_log import follow_chain, last_fingerprint


@click.group("audit", help=_("The audit log."))
def audit() -> None:
    """Group of commands."""


@audit.command("verify", help=_("Follow the chain of the audit log and say where it is broken."))
@with_platform
def verify(platform: Platform) -> None:
    """Ends with exit code 1 where an entry was changed, removed or slipped in."""
    found = follow_chain(platform.session)
    for each in found.faults:
        click.echo(f"✗ #{each.number}: {translated(FAULTS[each.fault])}")
    if found.faults:
        told = {"count": len(found.faults)}
        raise click.ClickException(_("%(count)s places are not as they were written.") % told)
    told = {"chained": found.chained, "count": found.entries}
    click.echo(
        _("The log is as it was written: %(chained)s of %(count)s entries are chained.") % told
    )
    latest = last_fingerprint(platform.session) or "-"
    click.echo(_("Fingerprint of the latest entry: %s") % latest)
