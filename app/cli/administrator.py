"""``administrator``: letting in the first system administrator, or the one who is locked out."""

import click
from werkzeug.security import generate_password_hash

from app.actions.administrator import appoint_administrator
from app.actions.initial_password import make_password
from app.cli.command import Platform, now, operator, with_platform
from app.cli.texts import _
from app.domain.period import LOCAL_ZONE


@click.command(
    "administrator",
    help=_("Appoint NAME with the staff number NUMBER and show a new initial password once."),
)
@click.argument("number", metavar="NUMBER")
@click.argument("name", metavar="NAME")
@with_platform
def administrator(platform: Platform, number: str, name: str) -> None:
    """Whoever runs commands on the server may do this; it stands in the audit log."""
    password = make_password()
    username = appoint_administrator(
        platform.session,
        number.strip(),
        name.strip(),
        password_hash=generate_password_hash(password),
        by=operator(),
        now=now().astimezone(LOCAL_ZONE),
    )
    click.echo(
        _("Sign-in name: %(username)s\nInitial password: %(password)s")
        % {"username": username, "password": password}
    )
    click.echo(_("It is shown only now and has to be changed at the first sign-in."))
