"""``rules check`` and ``rules export``: every rule asked for its soundness, the college's own kept.

The college's own rules are checked too where there is a database to read them from.
"""

from collections.abc import Sequence
from pathlib import Path

import click
import yaml
from sqlalchemy import inspect

from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.catalogue.quality_rule import QualityRule
from app.catalogue.rule_writing import write_rule
from app.cli.command import Platform, Start, ending_in_words, folder_argument
from app.cli.texts import _, translated
from app.domain.rule import RevisionState
from app.models.rule_revision import RuleRevision, latest_revisions, readable_rule
from app.rules.compiled_rule import RuleError, RuleFault, compile_rule
from app.rules.rule_case import case_faults

WIDTH = 100


@click.group("rules", help=_("The quality rules that compare values."))
def rules() -> None:
    """Group of commands."""


@rules.command(
    "check",
    help=_(
        "Try the cases of the rules beside FOLDER, without one of all rules, those of the college"
        " among them, and name every fault."
    ),
)
@folder_argument
@click.pass_obj
def check(start: Start, folder: Path | None) -> None:
    """Needs no database: where none is set up the college has no rules of its own."""
    with ending_in_words():
        found = load_catalogue(folder or start.catalogue_folder)
    own, faults = ([], []) if folder else _published(start)
    replaced = {rule.identifier for rule in own}
    asked = [rule for rule in found.rules if rule.identifier not in replaced]
    _tell(found, [*asked, *own], faults)


def _published(start: Start) -> tuple[list[QualityRule], list[str]]:
    """The college's own rules in force, and the ids of those that cannot be read."""
    application = start.make_app()
    with application.app_context():
        platform = Platform(application)
        if not inspect(platform.engine).has_table(RuleRevision.__tablename__):
            return [], []
        latest = latest_revisions(platform.session).values()
        published = [each for each in latest if each.state is RevisionState.PUBLISHED]
    read = [(each, readable_rule(each)) for each in published]
    gone = _("%s: this revision can no longer be read.")
    faults = [gone % each.identifier for each, rule in read if rule is None]
    return [rule for _each, rule in read if rule is not None], faults


@rules.command("export", help=_("Write the rules that the college has published to FILE, as YAML."))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(start: Start, file: Path) -> None:
    """In the form of ``seed/rules``; rules that were switched off are left out."""
    with ending_in_words():
        own, faults = _published(start)
    if faults:
        raise click.ClickException("\n".join(faults))
    file.write_text(as_yaml(own), "utf-8")
    click.echo(_("%(count)s rules: written.") % {"count": len(own)})


def as_yaml(own: Sequence[QualityRule]) -> str:
    """The rules as a file of ``seed/rules`` has them."""
    records = [write_rule(rule) for rule in own]
    return str(yaml.safe_dump({"rules": records}, allow_unicode=True, sort_keys=False, width=WIDTH))


def _tell(catalogue: Catalogue, asked: Sequence[QualityRule], known: Sequence[str] = ()) -> None:
    """Say that the rules are sound, or end with every fault."""
    faults = list(known)
    for rule in asked:
        try:
            compiled = compile_rule(rule, catalogue)
        except RuleError as error:
            faults += [f"{rule.identifier}: {_told(fault)}" for fault in error.rule_faults]
            continue
        told = case_faults(compiled, catalogue)
        faults += [f"{rule.identifier}: {translated(message)}" for message in told]
    if faults:
        raise click.ClickException("\n".join(faults))
    click.echo(_("%(count)s rules: sound.") % {"count": len(asked)})


def _told(fault: RuleFault) -> str:
    """The fault with the place in the text where it stands."""
    text = translated(fault.message)
    if fault.end <= fault.start:
        return text
    return f"{text}\n    {fault.text}\n    {'^':>{fault.start + 1}}"
