"""The page of the assignments: which lines, with what typed, and what went wrong."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.policies import why_not_cycle_step
from app.actions.assignment_change import AssignmentsRefused
from app.catalogue.base_table import Tier
from app.domain.cycle import CycleVerb
from app.domain.message import Message, Reason, Refused
from app.domain.person import Function
from app.models.audit_log import LONGEST_REASON
from app.reports.assignment_plan import AssignmentLine, AssignmentPage, read_assignments
from app.reports.cooperation_part import Part, partners_by_table, parts_of_year
from app.web.assignment.choice import Choices, encoded
from app.web.current import (
    current_actor,
    current_catalogue,
    current_session,
    current_store,
    local_time,
)
from app.web.paging import Paged, paged

LONGEST_TEXT = 60
MEMBERS = (Function.DATA_STEWARD, Function.HEAD, Function.TEACHER)
UNASSIGNED, CHANGED, ABOLISHED, MINE, EXTENSION = (
    *("unassigned", "changed", "abolished", "mine"),
    Tier.EXTENSION.value,
)
# The form's fields for tables begin like this.
FIELD = "table."
# What the page showed, so that a stale page brings back only what was chosen on it.
SHOWN = "was."


@dataclass(frozen=True)
class Wanted:
    """Which lines are wanted: a chip and a text."""

    chosen: str = ""
    text: str = ""

    def pairs(self, chosen: str | None = None) -> dict[str, str]:
        """The filter, with another chip if named, as the query of an address."""
        named = {"show": self.chosen if chosen is None else chosen, "q": self.text}
        return {name: value for name, value in named.items() if value}

    def matches(self, line: AssignmentLine) -> bool:
        """Whether number or name of the table is what was typed."""
        words = self.text.casefold().split()
        said = line.spec.name.casefold()
        return all(word in said or line.spec.number.startswith(word) for word in words)

    def selects(self, line: AssignmentLine) -> bool:
        """Whether the line is behind the chosen chip."""
        return not self.chosen or self.chosen in chips_of(line)


@dataclass(frozen=True)
class Typed:
    """What was sent: choices that differ from what the page showed, marked tables, the reason.

    ``was`` is what the page showed for the tables in ``choices``.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    was: Mapping[str, str] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    marked_to: str = ""
    reason: str = ""


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """The filter an address or a form asks for."""
    chosen = given.get("show", "")
    known = {UNASSIGNED, CHANGED, ABOLISHED, MINE, EXTENSION}
    return Wanted(chosen if chosen in known else "", given.get("q", "").strip()[:LONGEST_TEXT])


def read_typed(form: MultiDict[str, str]) -> Typed:
    """What the form says; nothing is judged yet."""
    was = {n.removeprefix(SHOWN): v for n, v in form.items() if n.startswith(SHOWN)}
    typed = {n.removeprefix(FIELD): v for n, v in form.items() if n.startswith(FIELD)}
    return Typed(
        {table: value for table, value in typed.items() if value != was.get(table)},
        was,
        frozenset(form.getlist("marked")),
        form.get("marked_to", ""),
        form.get("reason", "").strip(),
    )


def chips_of(line: AssignmentLine) -> set[str]:
    """The chips a line stands behind."""
    own = current_actor().departments(*MEMBERS)
    found = {
        UNASSIGNED: line.is_lacking,
        CHANGED: line.is_changed,
        ABOLISHED: bool(line.abolished or line.last_abolished),
        MINE: not own.isdisjoint(line.plan.kinds),
        EXTENSION: line.spec.tier is Tier.EXTENSION,
    }
    return {name for name, is_so in found.items() if is_so}


def read_page(wanted: str | int | None = None) -> AssignmentPage | None:
    """The assignments of a year as they are stored."""
    return read_assignments(
        current_session(),
        current_catalogue(),
        current_actor(),
        day=local_time().date(),
        wanted=wanted,
    )


def read_year(number: int) -> AssignmentPage:
    """The assignments of the year with this id; Refused as not found when there is none."""
    page = read_page(number)
    if page is None:
        raise Refused(Message("There is no such collection year."), Reason.NOT_FOUND)
    return page


def render_assignments(
    page: AssignmentPage | None,
    wanted: Wanted,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> str:
    """The page, with everything that was typed where something was refused."""
    if page is None:
        return render_template("assignment/list.html", page=None)
    faults = refusal.faults if isinstance(refusal, AssignmentsRefused) else {}
    matching = [line for line in page.lines if wanted.matches(line)]
    pages = paged([line for line in matching if wanted.selects(line)], request.values)
    typed = typed or Typed()
    shown = _shown(page, pages, {*faults, *typed.choices, *typed.marked})
    chapters = current_catalogue().chapters
    choices = Choices(page.departments, local_time().date())
    return render_template(
        "assignment/list.html",
        page=page,
        wanted=wanted,
        pages=pages,
        chips=_chips(page, matching),
        groups=[
            (f"{chapter} {chapters[chapter]}", list(lines))
            for chapter, lines in groupby(shown, key=lambda line: line.spec.chapter)
        ],
        missing=sum(line.is_lacking for line in page.lines),
        choices=choices,
        single=choices.single(),
        encoded=encoded,
        typed=typed,
        refusal=refusal,
        faults=faults,
        partners=partners_by_table(_parts(page)),
        why_not_open=why_not_cycle_step(current_actor(), page.cycle, CycleVerb.OPEN),
        longest=LONGEST_REASON,
    )


def _parts(page: AssignmentPage) -> list[Part]:
    """Who was asked for a part of the year's tables."""
    return parts_of_year(current_session(), current_store(), current_actor(), page.cycle)


def _shown(
    page: AssignmentPage, pages: Paged[AssignmentLine], kept: Container[str]
) -> list[AssignmentLine]:
    """The lines of the page, and wherever they stand those that were refused or typed into."""
    seen = {line.spec.identifier for line in pages.lines}
    return [
        line for line in page.lines if line.spec.identifier in seen or line.spec.identifier in kept
    ]


def _chips(page: AssignmentPage, lines: Sequence[AssignmentLine]) -> list[tuple[str, str, int]]:
    """Value, words and number of each chip; those with nothing behind them are left out."""
    sets = [chips_of(line) for line in lines]
    words = {
        UNASSIGNED: _("Without a department"),
        MINE: _("My department's"),
        CHANGED: _("Changed against last year"),
        ABOLISHED: _("Department abolished"),
        EXTENSION: _("Extension tables"),
    }
    if page.before is None:
        del words[CHANGED]
    chips = [(value, str(text), sum(value in s for s in sets)) for value, text in words.items()]
    return [("", str(_("All")), len(lines)), *(chip for chip in chips if chip[2])]
