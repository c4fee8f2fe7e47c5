"""Codes and identifiers of what was adopted: short names that stand in addresses and never change.

A name that is a plain identifier is its own code; any other is told by its checksum, so that the
same name gets the same code wherever it is read.
"""

from collections.abc import Collection, Iterable, Mapping
from zlib import crc32

# What the platform's own tables keep of a table's identifier.
LONGEST_CODE = 48
_CHECKSUM_LENGTH = 8


def codes_for(
    names: Iterable[str], word: str, *, known: Mapping[str, str], taken: Collection[str] = ()
) -> dict[str, str]:
    """A code for each of ``names``, all different and none of them in ``taken``.

    ``known`` (name → code) are those given before; they stay, also where a new name would have
    had the better claim. ``word`` begins the code of a name that cannot be one.
    """
    ordered = list(names)
    codes = {name: known[name] for name in ordered if name in known}
    used = {*taken, *known.values()}
    # Names that are codes as they stand come first: "upper" is upper, beside it "Upper" is upper_2.
    for name in sorted(ordered, key=lambda name: _code_of(name, word) != name):
        if name not in codes:
            codes[name] = _free(_code_of(name, word), used)
            used.add(codes[name])
    return {name: codes[name] for name in ordered}


def _code_of(name: str, word: str) -> str:
    checksum = f"{crc32(name.encode()):0{_CHECKSUM_LENGTH}x}"
    if not (name.isascii() and name.isidentifier()):
        return f"{word}_{checksum}"
    if len(name) > LONGEST_CODE:
        return f"{name[: LONGEST_CODE - _CHECKSUM_LENGTH - 1]}_{checksum}".lower()
    return name.lower()


def _free(code: str, used: Collection[str]) -> str:
    """The code itself or, where another has it, with the first free number behind."""
    number, free = 1, code
    while free in used:
        number += 1
        ending = f"_{number}"
        free = code[: LONGEST_CODE - len(ending)] + ending
    return free
