"""``rules check``: can every quality rule be asked, and does it do what its cases say."""

import click

from app.catalogue.catalogue import Catalogue
from app.cli.command import with_catalogue
from app.cli.texts import _, translated
from app.rules.compiled_rule import RuleError, RuleFault, compile_rule
from app.rules.rule_case import case_faults


@click.group("rules", help=_("The quality rules that compare values."))
def rules() -> None:
    """Group of commands."""


@rules.command("check", help=_("Read the rules beside FOLDER, try their cases, name every fault."))
@with_catalogue
def check(found: Catalogue) -> None:
    """Needs no database."""
    faults = []
    for rule in found.rules:
        try:
            compiled = compile_rule(rule, found)
        except RuleError as error:
            faults += [f"{rule.identifier}: {_told(fault)}" for fault in error.rule_faults]
            continue
        told = case_faults(compiled, found)
        faults += [f"{rule.identifier}: {translated(message)}" for message in told]
    if faults:
        raise click.ClickException("\n".join(faults))
    click.echo(_("%(count)s rules: sound.") % {"count": len(found.rules)})


def _told(fault: RuleFault) -> str:
    """The fault with the place in the text where it stands."""
    text = translated(fault.message)
    if fault.end <= fault.start:
        return text
    return f"{text}\n    {fault.text}\n    {'^':>{fault.start + 1}}"
