"""``cycle``: preparing, opening, closing and looking at collection years."""

import click

from app.actions.cycle import CycleRequest, take_cycle_step
from app.catalogue.revision import pack_catalogue
from app.cli.command import Platform, now, with_platform
from app.cli.texts import _, translated
from app.domain.cycle import CycleStatus, CycleVerb
from app.domain.labels import label
from app.domain.period import LOCAL_ZONE
from app.models.cycle import Cycle
from app.reports.cycle import all_cycles

YEAR = click.argument("year", metavar="YEAR")
BY = click.option("--by", required=True, help=_("The account in whose name this is done."))


@click.group("cycle", help=_("Collection years."))
def cycle() -> None:
    """Group of commands."""


@cycle.command("status", help=_("Show every collection year and where it stands."))
@with_platform
def status(platform: Platform) -> None:
    """One line per year, the latest first."""
    for found in all_cycles(platform.session):
        due = found.due_at.astimezone(LOCAL_ZONE)
        click.echo(
            _("%(year)s  %(status)s  due %(due)s")
            % {
                "year": found.academic_year,
                "status": translated(label(found.status)),
                "due": f"{due:%Y-%m-%d %H:%M}",
            }
        )


@cycle.command("open", help=_("Open the collection year YEAR, e.g. 2025-2026."))
@YEAR
@BY
@with_platform
def open_cycle(platform: Platform, year: str, by: str) -> None:
    """Submissions are made and the catalogue's revision is kept."""
    _step(platform, year, by, CycleVerb.OPEN)


@cycle.command("close", help=_("Close the collection year YEAR; late entries are marked."))
@YEAR
@BY
@with_platform
def close_cycle(platform: Platform, year: str, by: str) -> None:
    """What is reported afterwards counts as late."""
    _step(platform, year, by, CycleVerb.CLOSE)


@cycle.command(
    "lock",
    help=_("Lock and consolidate the collection year YEAR; it takes two persons within 24 hours."),
)
@YEAR
@BY
@with_platform
def lock_cycle(platform: Platform, year: str, by: str) -> None:
    """The first person asks for it, the second one's command locks the year."""
    _step(platform, year, by, CycleVerb.LOCK)


def _step(platform: Platform, year: str, by: str, verb: CycleVerb) -> None:
    found = _cycle_of(platform, year)
    request = CycleRequest(verb, found.version, revision=pack_catalogue(platform.catalogue_folder))
    changed = take_cycle_step(
        platform.session,
        platform.store,
        found.id,
        request,
        by=platform.person(by),
        # The day of the college decides who is in office.
        now=now().astimezone(LOCAL_ZONE),
    )
    click.echo(f"{changed.academic_year}  {translated(label(changed.status))}")
    if verb is CycleVerb.LOCK and changed.status is CycleStatus.CLOSED:
        click.echo(_("Asked for; a second person of the quality office has to confirm it."))


def _cycle_of(platform: Platform, year: str) -> Cycle:
    for found in all_cycles(platform.session):
        if found.academic_year == year:
            return found
    raise click.ClickException(_("There is no collection year %s.") % year)
