"""``catalogue check``: are the catalogue files sound."""

from pathlib import Path

import click

from app.catalogue.base_table import Tier
from app.catalogue.loader import load_catalogue
from app.cli.command import Start, ending_in_words
from app.cli.texts import _


@click.group("catalogue", help=_("The files that describe base tables."))
def catalogue() -> None:
    """Group of commands."""


@catalogue.command("check", help=_("Read the catalogue files in FOLDER and name every fault."))
@click.argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="STATEDATA_CATALOGUE",
    required=False,
)
@click.pass_obj
def check(start: Start, folder: Path | None) -> None:
    """Needs no database."""
    with ending_in_words():
        found = load_catalogue(folder or start.catalogue_folder)
    core = sum(table.tier is Tier.CORE for table in found.tables.values())
    click.echo(
        _("%(tables)s base tables (%(core)s core), %(fields)s fields, %(lists)s code lists: sound.")
        % {
            "tables": len(found.tables),
            "core": core,
            "fields": sum(len(table.fields) for table in found.tables.values()),
            "lists": len(found.code_lists),
        }
    )
