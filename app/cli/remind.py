"""``remind``: reminding by the rules, for operators who schedule it themselves."""

import click

from app.actions.reminder import remind_by_rules
from app.cli.command import Platform, now, operator, with_platform
from app.cli.texts import _


@click.command("remind", help=_("Remind people of what is due; repeated runs remind nobody twice."))
@with_platform
def remind(platform: Platform) -> None:
    """Does nothing in quiet hours: what falls into them is done by the next run after them."""
    found = remind_by_rules(platform.session, platform.store, by=operator(), now=now())
    if found.is_quiet:
        click.echo(_("It is quiet now; nobody was reminded. Run it again afterwards."))
        return
    told = {"people": found.people, "tables": found.tables, "thanked": found.thanked}
    text = _("Reminded %(people)s people of %(tables)s tables; thanked %(thanked)s departments.")
    click.echo(text % told)
