"""Explaining ticked findings and ruling on ticked explanations, in one place or in several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.actions.explanation import MOST_AT_ONCE, FindingPlace, explain, rule_on
from app.domain.message import Message, Reason, Refused
from app.models.cycle import Cycle
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.retry import persistently

EXPLAIN, EXPLAIN_RULE, ADOPT, REJECT = "explain", "explain_rule", "adopt", "reject"
ACTS = (EXPLAIN, EXPLAIN_RULE, ADOPT, REJECT)
PARTS = 4
Marks = dict[str, str | None]


@dataclass(frozen=True)
class FindingForm:
    """What was ticked and typed; ``rule`` names the group of the form where there are several.

    ``seen`` stands for all open findings of a rule as they were offered to be explained together.
    """

    act: str = ""
    ticks: tuple[str, ...] = ()
    text: str = ""
    rule: str = ""
    seen: str = ""


@dataclass(frozen=True)
class WholeRule:
    """All open warnings of a rule at a place, by mark with the values that were seen."""

    place: FindingPlace
    marks: Mapping[str, str | None]

    @property
    def fingerprint(self) -> str:
        """What tells whether the same findings of the same values are meant."""
        told = sorted(f"{mark}|{seen or ''}" for mark, seen in self.marks.items())
        return sha256("\n".join(told).encode()).hexdigest()


@dataclass(frozen=True)
class Acted:
    """How many findings it was done for; ``left`` are the ticks of places that were refused."""

    done: int
    refusals: Sequence[Refused] = ()
    left: tuple[str, ...] = ()

    @property
    def refusal(self) -> Refused | None:
        """The first one."""
        return self.refusals[0] if self.refusals else None


def read_form(typed: MultiDict[str, str]) -> FindingForm:
    """The form as it was sent; nothing is judged yet."""
    act = typed.get("act", "")
    return FindingForm(
        act=act if act in ACTS else "",
        ticks=tuple(dict.fromkeys(typed.getlist("chosen")))[: MOST_AT_ONCE + 1],
        text=typed.get("text", "").strip(),
        rule=typed.get("of_rule", "")[:120],
        seen=typed.get("seen", "")[:64],
    )


def perform(cycle: Cycle, form: FindingForm, whole: WholeRule | None = None) -> Acted:
    """Do it for every place of the ticked findings: all of a place or none.

    ``whole`` is the rule of which all are to be explained, if that is what was asked. Raises
    nothing: what was refused is told, for the page to be shown again as it was.
    """
    if form.act == EXPLAIN_RULE:
        return _explain_rule(form, whole)
    places = _by_place(cycle, form.ticks)
    if not form.act or not places:
        nothing = Message("Tick the findings first; nothing was changed.")
        return Acted(0, (Refused(nothing, Reason.INVALID),), form.ticks)
    done, refusals, left = 0, [], []
    for place, marks in places.items():
        try:
            done += persistently(_act(form, place, marks))
        except Refused as refusal:
            refusals.append(refusal)
            left += [tick for tick in form.ticks if tick.startswith(_prefix(place))]
    return Acted(done, tuple(refusals), tuple(left))


def _explain_rule(form: FindingForm, whole: WholeRule | None) -> Acted:
    """One text for all open findings of a rule, as long as they are those that were seen."""
    if whole is None or not whole.marks or whole.fingerprint != form.seen:
        changed = Message(
            "The findings of this rule have changed meanwhile. Look at them again; nothing was"
            " saved."
        )
        return Acted(0, (Refused(changed, Reason.CONFLICT),), form.ticks)
    explains = replace(form, act=EXPLAIN)
    try:
        return Acted(persistently(_act(explains, whole.place, whole.marks)))
    except Refused as refusal:
        return Acted(0, (refusal,), form.ticks)


def _act(
    form: FindingForm, place: FindingPlace, marks: Mapping[str, str | None]
) -> Callable[[], int]:
    session, store, by, now = current_session(), current_store(), current_actor(), current_time()
    if form.act == EXPLAIN:
        return lambda: explain(session, store, place, marks, form.text, by=by, now=now)
    adopts = form.act == ADOPT
    return lambda: rule_on(session, store, place, marks, form.text, adopts=adopts, by=by, now=now)


def _by_place(cycle: Cycle, ticks: Sequence[str]) -> dict[FindingPlace, Marks]:
    """Place → mark → the values that were seen; what cannot be read names nothing."""
    found: dict[FindingPlace, Marks] = {}
    for tick in ticks:
        parts = tick.split("|")
        stored = current_store().reported.get(parts[0])
        if len(parts) != PARTS or stored is None:
            continue
        period = stored.spec.period_in(cycle.year).code
        place = FindingPlace(parts[0], period, parts[1])
        found.setdefault(place, {})[parts[2]] = parts[3] or None
    return found


def _prefix(place: FindingPlace) -> str:
    return f"{place.table}|{place.department}|"


def asked_form() -> FindingForm:
    """The form of this request."""
    return read_form(request.form)


def done_text(act: str, acted: Acted) -> str:
    """What was done, in words."""
    count = acted.done
    texts = {
        EXPLAIN: _("%(count)s warnings are explained.", count=count),
        EXPLAIN_RULE: _("%(count)s warnings are explained.", count=count),
        ADOPT: _("%(count)s explanations are adopted.", count=count),
        REJECT: _(
            "%(count)s explanations are rejected; the warnings have to be mended or explained"
            " again.",
            count=count,
        ),
    }
    return str(texts[act])
