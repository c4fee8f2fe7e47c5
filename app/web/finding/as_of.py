"""As of when a large place's findings are, in words, and where all of them are listed."""

from urllib.parse import urlencode

from flask_babel import gettext as _

from app.models.cycle import Cycle
from app.models.place_size import MOST_LIVE
from app.reports.finding import PlaceFindings
from app.reports.finding_count import total
from app.web.formats import moment_text


def as_of_texts(told: PlaceFindings) -> list[str]:
    """Sentences about findings that are told from the register; none about what is judged now."""
    if told.as_of is None:
        return []
    if told.as_of.looked_at is None:
        return [
            _(
                "This table has more than %(most)s rows, so the rules are asked of it in the"
                " background. They have not been looked through yet.",
                most=MOST_LIVE,
            )
        ]
    texts = [
        _(
            "This table has more than %(most)s rows. What the rules say of it is as of %(moment)s;"
            " when the table is finished, every row is judged once more.",
            most=MOST_LIVE,
            moment=moment_text(told.as_of.looked_at),
        )
    ]
    if told.as_of.is_outdated:
        texts.append(
            _(
                "Out of date: data that the rules look at have changed since. They are looked"
                " through again in the background."
            )
        )
    if total(told.counts) > len(told.lines):
        texts.append(_("The first %(count)s are listed.", count=len(told.lines)))
    return texts


def list_path(cycle: Cycle, table: str, department: str) -> str:
    """The list of all findings of a table of a department."""
    asked = {"cycle": cycle.academic_year, "table": table, "department": department}
    return f"/findings/?{urlencode(asked)}"
