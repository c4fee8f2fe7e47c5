"""``drift``: how the database differs from what was adopted of it."""

import click
import sqlalchemy

from app.access.table_access import key_fields
from app.catalogue.adopted_file import override_faults, with_overrides
from app.catalogue.adopted_table import AdoptedTable
from app.catalogue.drift import differences_between
from app.cli.adopt import SCHEMA, Adopted, inspect, read_files, reading
from app.cli.command import Platform, with_bare_platform
from app.cli.texts import _, translated
from app.domain.message import Message, Reason, Refused
from app.models.adopted_table import live_tables
from app.models.inspection.reader import Inspected
from app.models.table_access import TableAccess, settings_of_roles


@click.command("drift", help=_("Say how the database differs from the adopted tables."))
@SCHEMA
@with_bare_platform
def drift(platform: Platform, schema: str | None) -> None:
    """Compares every adopted schema, or one; exit code 1 where anything differs."""
    before = read_files(platform)
    if not before.tables:
        raise Refused(
            Message("No tables were adopted yet. Run statedata adopt first."), Reason.NOT_FOUND
        )
    schemas = [schema] if schema else list(dict.fromkeys(each.schema for each in before.tables))
    with reading(platform.engine) as connection:
        found = [inspect(connection, platform, before, each) for each in schemas]
    lines = [line for each in found for line in _lines(before, each)]
    tables = _again(before, found)
    lines += _faults(before, tables)
    lines += _masked_keys(platform, with_overrides(before.folder, tables))
    if lines:
        click.echo("\n".join(lines))
        raise click.exceptions.Exit(1)
    click.echo(
        _("The database is as it was adopted: %s tables.") % sum(len(each.tables) for each in found)
    )


def _lines(before: Adopted, found: Inspected) -> list[str]:
    """Two lines for each difference of one schema, and one for each table that cannot be read."""
    old = [table for table in before.tables if table.schema == found.schema]
    known = {table.name for table in old}
    lines = []
    for difference in differences_between(old, found.tables):
        lines += [
            f"✗ {difference.place}: {translated(difference.what)}",
            f"    {translated(difference.effect)}",
        ]
    # What could not be read when it was adopted is no news.
    lines += [
        f"✗ {translated(problem)}"
        for problem in found.problems
        if problem.parameters.get("table") in known
    ]
    return lines


def _again(before: Adopted, found: list[Inspected]) -> dict[str, AdoptedTable]:
    """The tables that adopting again would write, by identifier."""
    read = {each.schema for each in found}
    tables = [table for table in before.tables if table.schema not in read]
    tables += [table for each in found for table in each.tables]
    return {table.identifier: table for table in tables}


def _faults(before: Adopted, tables: dict[str, AdoptedTable]) -> list[str]:
    """What overrides.yaml names that would be gone after adopting again."""
    text = _("After adopting again the platform would not start: %s")
    faults = override_faults(before.folder, tables)
    return [f"✗ {text % translated(fault)}" for fault in faults]


def _masked_keys(platform: Platform, tables: dict[str, AdoptedTable]) -> list[str]:
    """The roles to which tables are closed, since they mask what is part of the key by now."""
    if not sqlalchemy.inspect(platform.engine).has_table(TableAccess.__tablename__):
        return []
    lines, known = [], live_tables(tables)
    for role, settings in sorted(settings_of_roles(platform.session).items()):
        for name in sorted(settings.keys() & known.keys()):
            for code in sorted(settings[name].masks.keys() & key_fields(known[name])):
                text = _(
                    "%(field)s is masked for the role %(role)s and is part of the key now: the"
                    " table is closed to the role. Take the mask away or choose another key."
                )
                lines.append(f"✗ {name}: {text % {'field': code, 'role': role}}")
    return lines
