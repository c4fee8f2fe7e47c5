"""``catalogue check``: are the catalogue files sound."""

import click

from app.catalogue.base_table import Tier
from app.catalogue.catalogue import Catalogue
from app.cli.command import with_catalogue
from app.cli.texts import _


@click.group("catalogue", help=_("The files that describe base tables."))
def catalogue() -> None:
    """Group of commands."""


@catalogue.command("check", help=_("Read the catalogue files in FOLDER and name every fault."))
@with_catalogue
def check(found: Catalogue) -> None:
    """Needs no database."""
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
