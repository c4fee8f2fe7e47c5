"""The form of a step: what was typed, to be carried out or to be shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from app.actions.submission_step import StepRequest
from app.domain.finding import REVIEW_POINTS
from app.domain.message import Message, Reason, Refused
from app.domain.return_item import RETURNING
from app.domain.submission import Verb
from app.web.current import current_actor
from app.web.fab.password import proves_password
from app.web.formats import whole_number
from app.web.labels import label
from app.web.request.form import read_cause
from app.web.submission.labels import PHRASES
from app.web.submission.returning import (
    NOTHING_TYPED,
    ReturningForm,
    read_returning,
    returning_items,
)

# What the fields of the page take; the action refuses reasons that are too long as a whole.
LONGEST_POINT_REASON = 200
YES, NO = "yes", "no"


@dataclass(frozen=True)
class StepForm:
    """What a person typed into the form of ``verb``.

    ``version`` is 0 when the form carried none that can be read; ``points`` and
    ``point_reasons`` go by the names of the four points of the review. The
    password is never kept. ``cause`` is why accepted data are opened again, as it was chosen.
    """

    verb: Verb
    version: int = 0
    reason: str = ""
    returning: ReturningForm = NOTHING_TYPED
    phrases: tuple[str, ...] = ()
    points: Mapping[str, str] = field(default_factory=dict)
    point_reasons: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""

    @property
    def text(self) -> str:
        """Everything that was written, for a page that has no field for it any more."""
        return _whole_reason(self) or ""


def read_form(verb: Verb, typed: MultiDict[str, str]) -> StepForm:
    """The form as it was sent; nothing is judged yet."""
    names = [point.value for point in REVIEW_POINTS]
    return StepForm(
        verb=verb,
        version=whole_number(typed.get("version", "")),
        reason=typed.get("reason", "").strip(),
        returning=read_returning(typed) if verb in RETURNING else NOTHING_TYPED,
        phrases=tuple(phrase for phrase in typed.getlist("phrase") if phrase in PHRASES),
        points={name: typed[name] for name in names if typed.get(name) in {YES, NO}},
        point_reasons={
            name: text for name in names if (text := typed.get(f"{name}_reason", "").strip())
        },
        cause=typed.get("cause", "")[:32],
    )


def request_of(form: StepForm, password: str, number: int | None = None) -> StepRequest:
    """What the action is asked for of submission ``number``; Refused where the form is at fault.

    Several submissions at once take a reason, no items.
    """
    if form.verb is Verb.REVIEW:
        _refuse_unexplained(form)
    return StepRequest(
        form.verb,
        form.version,
        reason=_whole_reason(form),
        points={name: answer == YES for name, answer in form.points.items()},
        reauthenticated=_is_reauthenticated(form, password),
        cause=read_cause(form.cause),
        items=() if number is None else returning_items(number, form.returning),
        due_on=form.returning.due_on,
    )


def _whole_reason(form: StepForm) -> str | None:
    """The chosen phrases, the reasons of single points and the typed text as one."""
    parts = ["、".join(str(PHRASES[phrase]) for phrase in form.phrases)]
    parts += [
        f"{label(point)}：{form.point_reasons[point.value]}"
        for point in REVIEW_POINTS
        if form.points.get(point.value) == NO and point.value in form.point_reasons
    ]
    return "；".join(part for part in [*parts, form.reason] if part) or None


def _refuse_unexplained(form: StepForm) -> None:
    for point in REVIEW_POINTS:
        name = point.value
        if form.points.get(name) == NO and not (form.point_reasons.get(name) or form.reason):
            raise Refused(
                Message("Say why this point is not met: %(point)s.", {"point": label(point)}),
                Reason.INVALID,
            )


def _is_reauthenticated(form: StepForm, password: str) -> bool:
    """Whether the head has just proved who he is; a wrong password is refused at once."""
    return form.verb is Verb.CONFIRM and proves_password(current_actor(), password)
