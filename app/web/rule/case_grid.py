"""The cases of a rule as small grids: a grid for every table and year that the rule looks at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.catalogue.catalogue import Catalogue
from app.catalogue.quality_rule import QualityRule, RuleCase, Year
from app.rules.expression.naming import names_in
from app.rules.reading import text_of
from app.rules.rule_draft import RuleDraft
from app.web.rule.form import FAIL, MOST_ROWS, PASS, fields_looked_at

Place = tuple[str, Year]
Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Grid:
    """Rows of one table and year: ``start`` begins the names of its cells."""

    title: str
    start: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]

    @property
    def filled(self) -> list[Sequence[str]]:
        """The rows in which something stands."""
        return [row for row in self.rows if any(row)]


@dataclass(frozen=True)
class ShownCase:
    """One case with its number in the form, from 0."""

    number: int
    kind: str
    grids: Sequence[Grid]


def shown_cases(draft: RuleDraft, rule: QualityRule, catalogue: Catalogue) -> list[ShownCase]:
    """Every case, at least one of each kind."""
    blank = (RuleCase(()),)
    cases = [(PASS, case) for case in draft.passing or blank]
    cases += [(FAIL, case) for case in draft.failing or blank]
    looked_at = _looked_at(rule, catalogue)
    return [
        ShownCase(number, kind, list(_grids(number, case, rule, looked_at, catalogue)))
        for number, (kind, case) in enumerate(cases)
    ]


def _looked_at(rule: QualityRule, catalogue: Catalogue) -> dict[Place, set[str]]:
    """Table and year → the fields the rule looks at, its own table first."""
    found: dict[Place, set[str]] = {(rule.table, Year.THIS): fields_looked_at(rule, catalogue)}
    for term in rule.terms.values():
        chosen_by = {*term.by, *names_in(term.where)}
        for source in term.sources:
            if (target := catalogue.tables.get(source.table)) is not None:
                named = ({source.column} | chosen_by) & target.by_code.keys()
                codes = found.setdefault((source.table, source.year), set())
                # A table that is only counted still needs a cell to say that there is a row.
                codes |= named or {target.fields[0].code}
            # Further lists are of one field only.
            chosen_by = set()
    return found


def _grids(
    number: int,
    case: RuleCase,
    rule: QualityRule,
    looked_at: Mapping[Place, set[str]],
    catalogue: Catalogue,
) -> Iterator[Grid]:
    told: dict[Place, Rows] = {(rule.table, Year.THIS): case.rows}
    told |= {(table, Year.THIS): rows for table, rows in case.others.items()}
    told |= {(table, Year.PREVIOUS): rows for table, rows in case.previous.items()}
    spare = 1 if rule.terms or rule.once_by else 0
    for table, year in dict.fromkeys((*looked_at, *told)):
        spec, rows = catalogue.tables.get(table), told.get((table, year), ())
        used = {code for row in rows for code in row} | looked_at.get((table, year), set())
        if spec is None or not used:
            continue
        columns = [(code, field.label) for code, field in spec.by_code.items() if code in used]
        title = spec.title
        if year is Year.PREVIOUS:
            title = str(_("%(table)s, the year before", table=title))
        count = min(max(len(rows) + spare, 1), MOST_ROWS)
        filled = [*rows, *[{}] * count][:count]
        cells = [[text_of(row.get(code)) or "" for code, _label in columns] for row in filled]
        yield Grid(title, f"cell:{number}:{table}:{year.value}", columns, cells)
