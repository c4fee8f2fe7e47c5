"""How a form that was sent is read and answered: led back when done, shown again when refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, Request, flash, redirect, session
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict

from app.domain.message import Reason, Refused
from app.web.current import current_session
from app.web.errors import STATUSES

SEE_OTHER = 303
# Who may not, or asks for what is not there, is shown no form again.
PASSED_ON = frozenset({Reason.NOT_FOUND, Reason.FORBIDDEN})
# Nobody can type it and no page can show it, and not every database can keep it.
NUL = "\x00"
KEPT_DONE = "kept_done"


class PostedFields(ImmutableMultiDict[str, Any]):
    """What an address or a form says, and the files that came along, without NUL characters."""

    def __init__(self, given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        super().__init__(_cleaned(given))


class PostedRequest(Request):
    """A request whose fields can be kept as they are read, whoever reads them."""

    parameter_storage_class = PostedFields


def install(application: Flask) -> None:
    """Read what is sent to ``application`` without what cannot be kept."""
    application.request_class = PostedRequest


def remember_kept(name: str) -> None:
    """The form that browsers keep under this name has been saved: the next page says so."""
    session[KEPT_DONE] = name


def forget_kept() -> str | None:
    """The name of the kept form that has just been saved, told once to the browser."""
    name: str | None = session.pop(KEPT_DONE, None)
    return name


def _cleaned(
    given: Mapping[str, Any] | Iterable[tuple[str, Any]] | None,
) -> Iterator[tuple[str, Any]]:
    for name, value in MultiDict(given).items(multi=True):
        if isinstance(value, FileStorage):
            value.filename = value.filename and value.filename.replace(NUL, "")
        yield name.replace(NUL, ""), value.replace(NUL, "") if isinstance(value, str) else value


def answer_posted(
    act: Callable[[], str], page: Callable[[Refused], str], address: str
) -> ResponseReturnValue:
    """Do what was asked for and lead to the address with what ``act`` says has been done.

    A refusal shows the ``page`` with everything that was typed; nothing is kept of it.
    """
    try:
        done = act()
    except Refused as refusal:
        return refused_page(refusal, page)
    flash(done, "success")
    return redirect(address, SEE_OTHER)


def refused_page(refusal: Refused, page: Callable[[Refused], str]) -> ResponseReturnValue:
    """The page that tells the refusal, with its status. Raises it again where none is shown."""
    if refusal.reason in PASSED_ON:
        raise refusal
    current_session().rollback()
    return page(refusal), STATUSES[refusal.reason]
