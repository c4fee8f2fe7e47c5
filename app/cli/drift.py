"""``drift``: how the database differs from what was adopted of it."""

import click

from app.catalogue.adopted_file import override_faults
from app.catalogue.drift import differences_between
from app.cli.adopt import SCHEMA, Adopted, inspect, read_files, reading
from app.cli.command import Platform, with_bare_platform
from app.cli.texts import _, translated
from app.domain.message import Message, Reason, Refused
from app.models.inspection.reader import Inspected


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
    lines += _faults(before, found)
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


def _faults(before: Adopted, found: list[Inspected]) -> list[str]:
    """What overrides.yaml names that would be gone after adopting again."""
    read = {each.schema for each in found}
    tables = [table for table in before.tables if table.schema not in read]
    tables += [table for each in found for table in each.tables]
    faults = override_faults(before.folder, {table.identifier: table for table in tables})
    text = _("After adopting again the platform would not start: %s")
    return [f"✗ {text % fault}" for fault in faults]
