"""The command ``statedata`` and everything it can do."""

import click

from app.cli.administrator import administrator
from app.cli.adopt import adopt
from app.cli.audit_log import audit
from app.cli.catalogue import catalogue
from app.cli.command import Start
from app.cli.cycle import cycle
from app.cli.doctor import doctor
from app.cli.drift import drift
from app.cli.feed import feed
from app.cli.installation import init, permissions
from app.cli.job import jobs
from app.cli.policy import policy
from app.cli.remind import remind
from app.cli.rules import rules
from app.cli.texts import _, speak_chinese
from app.cli.validate import validate


@click.group("statedata", help=_("Commands of the state data platform for its operators."))
def statedata() -> None:
    """Group of commands."""


COMMANDS = (
    init,
    administrator,
    permissions,
    policy,
    catalogue,
    rules,
    cycle,
    doctor,
    adopt,
    drift,
    audit,
    feed,
    jobs,
    remind,
    validate,
)
for command in COMMANDS:
    statedata.add_command(command)


def run(start: Start, arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process: 0 done, 1 refused with reasons, 2 wrong usage."""
    speak_chinese()
    statedata.main(arguments, "statedata", obj=start)
