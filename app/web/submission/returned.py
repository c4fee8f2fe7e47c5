"""What came back of a submission: its page, answering items and judging the answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from app.actions.return_item import take_item_step
from app.domain.message import Message, Reason, Refused
from app.domain.return_item import MOST_ITEMS, ItemVerb
from app.reports.return_item import read_items_page
from app.web.current import current_actor, current_session, current_store, current_time
from app.web.errors import STATUSES
from app.web.formats import whole_number
from app.web.redirects import safe_path

LONGEST_SAID = 500
DONE: Mapping[ItemVerb, LazyString] = {
    ItemVerb.CHANGE: lazy_gettext("Marked as changed."),
    ItemVerb.EXPLAIN: lazy_gettext("The explanation is kept."),
    ItemVerb.CLOSE: lazy_gettext("Closed."),
    ItemVerb.REOPEN: lazy_gettext("Opened again."),
}


@dataclass(frozen=True)
class ItemForm:
    """What was ticked and typed; ``back`` is the page it was typed on."""

    act: str = ""
    numbers: tuple[int, ...] = ()
    text: str = ""
    back: str = ""


def read_form(typed: MultiDict[str, str]) -> ItemForm:
    """The form as it was sent; nothing is judged yet."""
    return ItemForm(
        act=typed.get("act", ""),
        numbers=tuple(map(whole_number, typed.getlist("item")[: MOST_ITEMS + 1])),
        text=typed.get("text", "").strip(),
        back=typed.get("back", ""),
    )


def items_page(
    number: int, form: ItemForm | None = None, refusal: Refused | None = None
) -> ResponseReturnValue:
    """The items that the reader sees; after a refusal with the reason and what was typed."""
    session, store, actor = current_session(), current_store(), current_actor()
    page = read_items_page(session, store, actor, number, now=current_time())
    text = render_template(
        "submission/items.html",
        page=page,
        submission=page.submission,
        returned=page.returned,
        sees_submission=page.sees_submission,
        typed=form,
        refusal=refusal,
        longest=LONGEST_SAID,
    )
    return text, 200 if refusal is None else STATUSES[refusal.reason]


def act_on_items(number: int) -> ResponseReturnValue:
    """Answer or judge what was chosen and go back to where that was done."""
    form = read_form(request.form)
    try:
        count = _perform(number, form)
    except Refused as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise
        return items_page(number, form, refusal)
    flash(
        _("Return items: %(count)s. %(done)s", count=count, done=DONE[ItemVerb(form.act)]),
        "success",
    )
    back = safe_path(form.back)
    return redirect(f"/submissions/{number}/items" if back == "/" else back, 303)


def _perform(number: int, form: ItemForm) -> int:
    if form.act not in set(ItemVerb) or not form.numbers:
        raise Refused(
            Message("Choose the return items first; nothing was changed."), Reason.INVALID
        )
    session, store = current_session(), current_store()
    step = (number, form.numbers, ItemVerb(form.act), form.text)
    return take_item_step(session, store, *step, by=current_actor(), now=current_time())
