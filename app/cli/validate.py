"""``validate``: what the rules say of a table, place by place, as it is stored now."""

import click
from sqlalchemy import select

from app.cli.command import Platform, with_platform
from app.cli.texts import _, translated
from app.domain.finding import Severity
from app.domain.labels import label
from app.domain.message import Message, Reason, Refused
from app.models.base_table import Store, StoredTable
from app.models.cycle import Cycle
from app.models.judged_place import JudgedPlace, PlaceFinding, judge_place, judge_table
from app.models.submission import Submission
from app.reports.cycle import all_cycles
from app.reports.place import find_cycle_of


@click.command("validate", help=_("Ask all rules of TABLE and print what they find."))
@click.argument("table")
@click.option("--period", help=_("The period, by default that of the present year."))
@click.option("--department", help=_("The code of one department, by default all that report it."))
@with_platform
def validate(platform: Platform, table: str, period: str | None, department: str | None) -> None:
    """Ends with exit code 1 where an error is open; masked values are not printed."""
    session, store = platform.session, platform.store
    stored = _stored(store, table)
    cycle = find_cycle_of(all_cycles(session), stored, period)
    departments = [department] if department else _reporting(platform, cycle, table)
    judged = judge_table(session, store, table, cycle)
    errors = 0
    for code in departments:
        place = judge_place(session, store, table, cycle, code, judged)
        _print(stored, code, place)
        errors += len(place.open_errors)
    for broken in sorted({each.rule for each in judged.broken}):
        click.echo(_("The rule %s failed itself.") % broken)
    if errors:
        raise click.ClickException(_("%(count)s errors are open.") % {"count": errors})


def _stored(store: Store, table: str) -> StoredTable:
    stored = store.reported.get(table)
    if stored is None:
        message = Message("There is no base table %(table)s.", {"table": table})
        raise Refused(message, Reason.NOT_FOUND)
    return stored


def _reporting(platform: Platform, cycle: Cycle, table: str) -> list[str]:
    query = select(Submission.department_code).where(
        Submission.cycle_id == cycle.id, Submission.table_identifier == table
    )
    return sorted(platform.session.scalars(query))


def _print(stored: StoredTable, department: str, place: JudgedPlace) -> None:
    counts = {
        severity: sum(each.finding.severity is severity for each in place.found)
        for severity in Severity
    }
    click.echo(
        _("%(department)s: %(rows)s rows, %(errors)s errors, %(warnings)s warnings")
        % {
            "department": department,
            "rows": len(place.check.rows),
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
        }
    )
    for each in place.found:
        click.echo(f"  {_line(stored, each)}")


def _line(stored: StoredTable, each: PlaceFinding) -> str:
    finding = each.finding
    row = "-" if finding.row is None else str(finding.row + 1)
    field = stored.spec.by_code[finding.field].label if finding.field else "-"
    told = translated(finding.told(stored.spec.masked))
    states = " ".join(translated(label(word)) for word in (finding.severity, each.state))
    return f"{row}\t{field}\t{states}\t{finding.rule}\t{told}"
