"""``init`` and ``permissions sync``: making a database ready to serve."""

from collections.abc import Callable

import click
from sqlalchemy import inspect, select
from werkzeug.security import generate_password_hash

from app.actions.department import add_departments
from app.actions.permission import grant_picks as add_picks
from app.actions.permission import sync_permissions
from app.catalogue.revision import pack_catalogue
from app.cli.command import Platform, now, operator, with_platform
from app.cli.demo import tell_demo
from app.cli.migration import upgrade
from app.cli.texts import _
from app.domain.message import Message, Reason, Refused
from app.models.base_table import create_missing
from app.models.person import Person
from app.models.setting import Setting
from app.reports.permission import missing_picks

# A college that was interrupted while it was made looks complete to nobody.
DEMO_MARK = "demo_college"
DONE = "done"


@click.command("init", help=_("Create or upgrade the database; nothing that exists is lost."))
@click.option("--demo", is_flag=True, help=_("Also make the demo college, if nobody is there yet."))
@with_platform
def init(platform: Platform, *, demo: bool) -> None:
    """Make the tables, departments and permissions that are missing."""
    install(platform, demo=demo, say=click.echo)


@click.group("permissions", help=_("Rights of roles on base tables."))
def permissions() -> None:
    """Group of commands."""


@permissions.command(
    "sync", help=_("Add the rights that new base tables, roles and assignments need.")
)
@click.option(
    "--grant-picks",
    is_flag=True,
    help=_("Also let roles pick rows of the tables that the tables they may view refer to."),
)
@with_platform
def sync(platform: Platform, *, grant_picks: bool) -> None:
    """Add missing permission rows, roles and first grants; nothing is taken away."""
    synced = sync_permissions(platform.session, platform.store)
    platform.session.commit()
    click.echo(
        _("Permissions: %(permissions)s, roles: %(roles)s, grants: %(grants)s added.")
        % vars(synced)
    )
    _tell_picks(platform, is_granted=grant_picks)


def _tell_picks(platform: Platform, *, is_granted: bool) -> None:
    """Which roles see keys where they could see names, or that they see names from now on."""
    session, store = platform.session, platform.store
    missing = missing_picks(session, store)
    for each in missing:
        told = {"role": each.role, "target": each.target, "tables": ", ".join(each.tables)}
        click.echo(
            _("Role %(role)s may not pick rows of %(target)s, which %(tables)s refers to.") % told
        )
    if not missing:
        return
    if not is_granted:
        click.echo(
            _(
                "These roles choose no rows and see keys without names there. Grant it in the"
                " matrix of rights, or to all of them by: statedata permissions sync --grant-picks"
            )
        )
        return
    wanted = [(each.role, each.target) for each in missing]
    count = add_picks(session, wanted, by=operator(), now=now())
    session.commit()
    click.echo(_("Rights to pick added: %s.") % count)


def install(platform: Platform, *, demo: bool, say: Callable[[str], object]) -> None:
    """Bring the database to the state this release needs; safe to run again.

    ``demo`` fills a database without people with the demo college.
    """
    session, store = platform.session, platform.store
    upgrade(platform.engine, platform.root / "migrations")
    with platform.engine.begin() as connection:
        tables = create_missing(connection, list(store.tables.values()))
    say(_("Base tables made: %s.") % len(tables))
    added = add_departments(session, store.catalogue.departments)
    synced = sync_permissions(session, store)
    session.commit()
    say(_("Departments added: %s, permissions added: %s.") % (len(added), synced.permissions))
    if demo:
        _make_demo(platform, say)
    say(_("The database is ready."))


def refuse_half_made_demo(platform: Platform) -> None:
    """Raise Refused where making the demo college was interrupted; part of it is no college."""
    if not inspect(platform.engine).has_table(Setting.__tablename__):
        return
    value = platform.session.scalar(select(Setting.value).where(Setting.name == DEMO_MARK))
    if value in (None, DONE):
        return
    raise Refused(
        Message(
            "Making the demo college was interrupted, so the database %(database)s holds only a"
            " part of it. Delete this database (of SQLite the file, and those beside it that end"
            " in -wal and -shm) and start again.",
            {"database": platform.engine.url.render_as_string(hide_password=True)},
        ),
        Reason.LOCKED,
    )


def _make_demo(platform: Platform, say: Callable[[str], object]) -> None:
    """Fill a database without people; one that was left half done is refused."""
    refuse_half_made_demo(platform)
    session = platform.session
    if session.scalar(select(Person.id).limit(1)) is not None:
        return
    say(_("Making the demo college, which takes a while…"))
    session.add(Setting(name=DEMO_MARK, value="begun"))
    session.commit()
    tell_demo(
        session,
        platform.store,
        platform.root / "seed" / "demo",
        revision=pack_catalogue(platform.catalogue_folder),
        hash_password=generate_password_hash,
        now=now(),
    )
    session.get_one(Setting, DEMO_MARK).value = DONE
    session.commit()
