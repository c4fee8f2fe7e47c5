"""``doctor``: what is wrong with an installation and how to cure it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from app.cli.command import Platform, with_platform
from app.cli.migration import differences, newest_revision, present_revision
from app.cli.texts import _
from app.models.setting import PERMISSION_VERSION, Setting


@dataclass(frozen=True)
class Check:
    """One thing that has to be right; ``fault`` returns what is wrong, "" for nothing."""

    name: str
    fault: Callable[[Platform], str]
    cure: str


@click.command("doctor", help=_("Examine the installation and say what to do."))
@with_platform
def doctor(platform: Platform) -> None:
    """One line per check; exit code 1 where something is wrong."""
    findings = list(examine(platform))
    for check, fault in findings:
        mark = "✗" if fault else "✓"
        click.echo(f"{mark} {check.name}" + (f": {fault}\n  {check.cure}" if fault else ""))
    if any(fault for _check, fault in findings):
        raise click.exceptions.Exit(1)


def examine(platform: Platform) -> Iterator[tuple[Check, str]]:
    """Every check with its fault; stops where the database cannot be reached."""
    for check in CHECKS:
        try:
            fault = check.fault(platform)
        except SQLAlchemyError as error:
            yield check, str(getattr(error, "orig", None) or error)
            return
        yield check, fault


def _database(platform: Platform) -> str:
    with platform.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return ""


def _revision(platform: Platform) -> str:
    present = present_revision(platform.engine)
    newest = newest_revision(platform.root / "migrations")
    return "" if present == newest else f"{present} ≠ {newest}"


def _tables(platform: Platform) -> str:
    if _revision(platform):  # they differ for the reason that was just named
        return ""
    return "\n  ".join(differences(platform.engine, platform.root / "migrations"))


def _base_tables(platform: Platform) -> str:
    existing = set(inspect(platform.engine).get_table_names())
    wanted = {stored.table.name for stored in platform.store.tables.values()}
    return ", ".join(sorted(wanted - existing))


def _permissions(platform: Platform) -> str:
    statement = select(Setting.value).where(Setting.name == PERMISSION_VERSION)
    return "" if platform.session.scalar(statement) else _("never made")


def _front_end(platform: Platform) -> str:
    folder = Path(platform.application.root_path) / "web" / "static" / "vendor"
    return "" if (folder / "manifest.json").is_file() else str(folder)


def _translations(platform: Platform) -> str:
    path = platform.root / "translations" / "zh" / "LC_MESSAGES" / "messages.mo"
    return "" if path.is_file() else str(path)


def _instance(platform: Platform) -> str:
    folder = Path(platform.application.config["STATEDATA_INSTANCE"])
    probe = folder / ".doctor"
    try:
        probe.write_text("", encoding="ascii")
        probe.unlink()
    except OSError as error:
        return str(error)
    return ""


CHECKS = (
    Check(_("Folder for the platform's files"), _instance, _("Let the account write there.")),
    Check(_("Front-end files"), _front_end, _("Run make run, or install the wheel again.")),
    Check(_("Chinese texts"), _translations, _("Run make run, or install the wheel again.")),
    Check(_("Database"), _database, _("Look at STATEDATA_DATABASE_URL and whether it runs.")),
    Check(_("Revision of the tables"), _revision, _("Run statedata init.")),
    Check(_("Tables of the platform"), _tables, _("Somebody altered them; restore a backup.")),
    Check(_("Base tables"), _base_tables, _("Run statedata init.")),
    Check(_("Permissions"), _permissions, _("Run statedata permissions sync.")),
)
