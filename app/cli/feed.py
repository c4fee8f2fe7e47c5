"""``feed``: looking at data feeds and running them, by hand or when their hour has come."""

import click
from sqlalchemy import select

from app.cli.command import Platform, now, with_platform
from app.cli.texts import _, translated
from app.domain.message import Refused
from app.domain.period import LOCAL_ZONE
from app.exchange.feed import run_feed
from app.exchange.feed_open import note_refusal, open_feed
from app.exchange.feed_result import DepartmentResult, FeedResult
from app.exchange.feed_schedule import run_due
from app.models.feed import Feed

FEED = click.argument("feed", metavar="FEED")
PERIOD = click.option("--period", help=_("The period, e.g. 2025-2026; by default the present."))
DEPARTMENT = click.option(
    "--department", help=_("The code of one department; by default all of the account's.")
)
BY = click.option("--by", required=True, help=_("The account in whose name this is done."))


@click.group("feed", help=_("Feeds from adopted tables into base tables."))
def feed() -> None:
    """Group of commands."""


@feed.command("list", help=_("List the feeds with their tables."))
@with_platform
def list_of_feeds(platform: Platform) -> None:
    """One line per feed."""
    for found in platform.session.scalars(select(Feed).order_by(Feed.name)):
        state = "" if found.is_active else "  " + _("(switched off)")
        tables = f"{found.source_identifier} → {found.target_identifier}"
        click.echo(f"{found.id}  {found.name}  {tables}{state}")


@feed.command("preview", help=_("Show what the feed FEED (number or name) would write."))
@FEED
@PERIOD
@DEPARTMENT
@BY
@with_platform
def preview(
    platform: Platform, feed: str, period: str | None, department: str | None, by: str
) -> None:
    """Writes nothing."""
    _told(_run(platform, feed, period, department, by, dry_run=True))


@feed.command("run", help=_("Run the feed FEED (number or name); conflicts stay as they are."))
@FEED
@PERIOD
@DEPARTMENT
@BY
@with_platform
def run(platform: Platform, feed: str, period: str | None, department: str | None, by: str) -> None:
    """Writes what is not in conflict with what people have typed; exit code 1 where refused."""
    _told(_run(platform, feed, period, department, by, dry_run=False))


@feed.command("due", help=_("Run the feeds whose hour has come; meant for cron every hour."))
@with_platform
def due(platform: Platform) -> None:
    """Each runs for the person who scheduled it; exit code 1 where any was refused."""
    moment = now().astimezone(LOCAL_ZONE)
    refused = False
    for done in run_due(platform.session, platform.store, now=moment, translate=translated):
        click.echo(f"{done.feed} ({done.person})")
        if done.result is not None:
            refused |= _lines(done.result)
        if done.refusal is not None:
            refused = True
            lines = (done.refusal.message, *done.refusal.details)
            click.echo("\n".join(f"  ✗ {translated(line)}" for line in lines))
    if refused:
        raise click.exceptions.Exit(1)


def _run(
    platform: Platform,
    name: str,
    period: str | None,
    department: str | None,
    by: str,
    *,
    dry_run: bool,
) -> FeedResult:
    session, store, moment = platform.session, platform.store, now().astimezone(LOCAL_ZONE)
    actor, number = platform.person(by), _number_of(platform, name)
    try:
        opened = open_feed(session, store, number, by=actor, period=period, department=department)
        return run_feed(
            session,
            store,
            opened,
            by=actor,
            now=moment,
            dry_run=dry_run,
            translate=translated,
        )
    except Refused as refusal:
        session.rollback()
        if not dry_run:
            note_refusal(session, number, refusal, by=actor, now=moment, translate=translated)
        raise


def _number_of(platform: Platform, name: str) -> int:
    """The feed of this number or name; the command ends where there is none."""
    for found in platform.session.scalars(select(Feed)):
        if name in (str(found.id), found.name):
            return found.id
    raise click.ClickException(_("There is no feed %s.") % name)


def _told(result: FeedResult) -> None:
    if _lines(result):
        raise click.exceptions.Exit(1)


def _lines(result: FeedResult) -> bool:
    """Print the counts of every department; whether any was refused."""
    for each in result.departments:
        click.echo(_line(each))
    for code, count in sorted(result.unplaced.items()):
        click.echo(
            _("  rows of the unknown department “%(code)s”: %(count)s")
            % {"code": code, "count": count}
        )
    return any(each.refusal is not None for each in result.departments)


def _line(each: DepartmentResult) -> str:
    if each.refusal is not None:
        return f"  ✗ {each.department}  {translated(each.refusal)}"
    text = _(
        "  %(department)s  created %(created)s, changed %(changed)s, unchanged %(unchanged)s,"
        " conflicts %(conflicts)s, vanished %(vanished)s, rejected %(rejected)s"
    )
    return text % {"department": each.department, **each.counts}
