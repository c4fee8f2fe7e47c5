"""``adopt``: read the tables of the database that was there before us, and write what was found."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from app.access.adopted_table import LIMITED
from app.access.roles import RESERVED
from app.catalogue.adopted_file import override_faults, read_chosen, read_found, write_adopted
from app.catalogue.adopted_table import AdoptedTable, Verdict, VerdictReason
from app.cli.command import Platform, now, with_bare_platform
from app.cli.texts import N_, _, translated
from app.domain.message import Message, Reason, Refused
from app.domain.period import LOCAL_ZONE
from app.models.inspection.problem import reason_of
from app.models.inspection.reader import Inspected, inspect_tables

FOLDER = "adopted"
SCHEMA = click.option(
    "--schema", help=_("The schema to read; by default the one of STATEDATA_DATABASE_URL.")
)
VERDICTS: Mapping[Verdict, str] = {
    Verdict.EDITABLE: N_("rows can be edited"),
    Verdict.INSERT_ONLY: N_("rows can be added only"),
    Verdict.READ_ONLY: N_("rows can be read only"),
}


@dataclass(frozen=True)
class Adopted:
    """What the files in ``folder`` say: all tables, and which of each schema were chosen."""

    folder: Path
    tables: tuple[AdoptedTable, ...]
    chosen: Mapping[str | None, tuple[str, ...]]


@click.command(
    "adopt",
    help=_("Read the tables and views of an existing database; nothing is changed in it."),
)
@SCHEMA
@click.option(
    "--tables",
    help=_(
        "Which tables, e.g. student,course_*; remembered for the next time. By default all, or"
        " those chosen the last time."
    ),
)
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("The folder to write to; by default the one the platform reads at its start."),
)
@with_bare_platform
def adopt(platform: Platform, schema: str | None, tables: str | None, folder: Path | None) -> None:
    """Says what may be done with each table; exit code 1 where people's words name what is gone."""
    before = read_files(platform, folder)
    patterns = _patterns(tables)
    with reading(platform.engine) as connection:
        found = inspect(connection, platform, before, schema, patterns)
    for table in found.tables:
        click.echo(_told(table))
    for problem in found.problems:
        click.echo(f"✗ {translated(problem)}")
    if not found.tables:
        raise Refused(
            Message("There is nothing to adopt in this database; no file was written."),
            Reason.NOT_FOUND,
        )
    _write(before, found, _remembered(before, found.schema, patterns))


def read_files(platform: Platform, folder: Path | None = None) -> Adopted:
    """What was adopted before, without people's words."""
    place = folder or Path(platform.application.config["STATEDATA_INSTANCE"]) / FOLDER
    return Adopted(place, tuple(read_found(place).values()), read_chosen(place))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads; whatever the database refuses ends as Refused."""
    _refuse_missing_file(engine)
    try:
        with engine.connect() as connection:
            yield connection
            connection.rollback()
    except SQLAlchemyError as error:
        raise Refused(
            Message(
                "The database could not be read: %(reason)s. Look at STATEDATA_DATABASE_URL,"
                " whether the database runs, and whether its account may read the tables.",
                {"reason": reason_of(error)},
            )
        ) from error


def _refuse_missing_file(engine: Engine) -> None:
    """SQLite would make an empty file of a name that was mistyped."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    if name and not name.startswith((":memory:", "file:")) and not Path(name).is_file():
        raise Refused(Message("There is no file %(file)s.", {"file": name}), Reason.NOT_FOUND)


def inspect(
    connection: Connection,
    platform: Platform,
    before: Adopted,
    schema: str | None,
    patterns: tuple[str, ...] = (),
) -> Inspected:
    """The tables of a schema now; by default those that were chosen the last time."""
    return inspect_tables(
        connection,
        schema,
        lambda found: patterns or before.chosen.get(found, ()),
        known=before.tables,
        taken={*platform.store.catalogue.tables, *RESERVED},
    )


def _patterns(given: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in (given or "").split(","))))


def _remembered(
    before: Adopted, schema: str | None, patterns: tuple[str, ...]
) -> dict[str | None, tuple[str, ...]]:
    chosen = dict(before.chosen)
    if patterns:
        chosen[schema] = patterns
    return {schema: patterns for schema, patterns in chosen.items() if patterns != ("*",)}


def _told(table: AdoptedTable) -> str:
    line = _("%(identifier)s  %(label)s (%(name)s), %(columns)s columns: %(verdict)s") % {
        "identifier": table.identifier,
        "label": table.label,
        "name": table.name if table.schema is None else f"{table.schema}.{table.name}",
        "columns": len(table.columns),
        "verdict": _(VERDICTS[table.verdict]),
    }
    if not table.transactional:
        line += "\n    " + _(
            "What is saved in it cannot be taken back: its engine knows no transactions."
        )
    if table.why_limited is VerdictReason.NONE:
        return line
    return f"{line}\n    {translated(LIMITED[table.why_limited])}"


def _write(before: Adopted, found: Inspected, chosen: Mapping[str | None, tuple[str, ...]]) -> None:
    others = [table for table in before.tables if table.schema != found.schema]
    tables = [*others, *found.tables]
    present = {table.identifier for table in tables}
    head = _("Written by statedata adopt on %s; changes by hand are lost, overrides.yaml is yours.")
    day = f"{now().astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
    path = write_adopted(before.folder, tables, f"# {head % day}\n", chosen)
    click.echo(
        _("%(count)s tables written to %(path)s; %(own)s tables of the platform left out.")
        % {"count": len(found.tables), "path": path, "own": len(found.own)}
    )
    for table in before.tables:
        if table.identifier not in present:
            click.echo(_("No longer adopted: %s") % table.identifier)
    faults = override_faults(before.folder, {table.identifier: table for table in tables})
    if faults:
        click.echo("\n".join(f"✗ {translated(fault)}" for fault in faults))
        raise Refused(
            Message(
                "The tables were written, but overrides.yaml names what is gone. The platform does"
                " not start until these lines are mended."
            )
        )
