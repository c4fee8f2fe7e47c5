"""Reading a code by code or by label, and what was probably meant."""

from difflib import get_close_matches

from app.catalogue.code_list import CodeList
from app.rules.raw_text import UNREADABLE
from app.rules.reading import (
    LABEL_ENDINGS,
    NOT_READ,
    PLACEHOLDERS,
    Fault,
    Read,
    Reader,
    half_width,
    nothing,
)

LONGEST_SUGGESTION = 50
LEAST_CONTAINED = 2


def code_reader(codes: CodeList) -> Reader:
    """A reader of the codes of one list.

    A code goes before a label, the exact spelling before one that differs in
    case or width. A label may lack its common ending; ``1`` is read as ``01``
    where only that can be meant, since spreadsheets drop leading zeros.
    """
    exact = {**codes.codes, **{code: code for code in codes.labels}}
    folded: dict[str, str] = {}
    for name, code in [*((code, code) for code in codes.labels), *codes.codes.items()]:
        folded.setdefault(half_width(name).casefold(), code)
    shortened: dict[str, str] = {}
    for label, code in codes.codes.items():
        if label.endswith(LABEL_ENDINGS):
            shortened.setdefault(half_width(label[:-1]), code)
    unpadded: dict[str, list[str]] = {}
    for code in codes.labels:
        unpadded.setdefault(code.lstrip("0"), []).append(code)

    def read(text: str) -> Read:
        if UNREADABLE in text:
            return NOT_READ
        name = half_width(text)
        code = exact.get(text.strip()) or folded.get(name.casefold())
        if code is not None:
            return Read(code)
        if not name or name in PLACEHOLDERS:
            return nothing(text)
        if name in shortened:
            return Read(shortened[name], tidied=True)
        padded = unpadded.get(name.lstrip("0"), []) if name.isdecimal() else []
        return Read(padded[0], tidied=True) if len(padded) == 1 else Read(fault=Fault.CODE)

    return read


def suggestion(codes: CodeList, text: str) -> str | None:
    """The label that comes closest to ``text``, None when none is near.

    One that contains its characters in their order goes first, then one of
    the same length: that is how labels are shortened and mistyped. One alone
    that contains the text is near, however much longer it is.
    """
    if len(text) > LONGEST_SUGGESTION:
        return None
    name = half_width(text)
    near = get_close_matches(name, list(codes.codes), n=3, cutoff=0.5)
    near.sort(key=lambda label: (not _leaves_out(name, label), len(name) != len(label)))
    if near:
        return near[0]
    containing = [label for label in codes.codes if len(name) >= LEAST_CONTAINED and name in label]
    return containing[0] if len(containing) == 1 else None


def _leaves_out(name: str, label: str) -> bool:
    """Whether ``name`` is the label with characters left out."""
    rest = iter(label)
    return all(character in rest for character in name)
