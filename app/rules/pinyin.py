"""Chinese words by the first letters of their pinyin: ``qcx`` is what people type for 汽车系.

The letters of a person only choose among classes of characters that lie in a file of ours
(``tools/pinyin.py`` writes it): nothing a person types ever becomes part of a pattern.
"""

from functools import cache, lru_cache
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase

FILE = Path(__file__).with_name("pinyin_initials.txt")
# From here on nobody types initials only, and the pattern would grow without end.
LONGEST_INITIALS = 8
# A word of characters with several readings each has more spellings than anybody looks for.
MOST_SPELLINGS = 16


def initials_in(text: str) -> str | None:
    """The letters of a search in small ones; None where it cannot be meant as initials."""
    letters = text.strip().lower()
    is_meant = letters.isascii() and letters.isalpha() and len(letters) <= LONGEST_INITIALS
    return letters if is_meant else None


def initials_pattern(letters: str, *, anywhere: bool = False) -> str:
    """A regular expression for words read with these initials, in any of their readings.

    The letters themselves stand in their classes too: ``ajs`` is A教室. The form is one that all
    databases and Python read alike.
    """
    return ("" if anywhere else "^") + "".join(_class(letter) for letter in letters)


@lru_cache(maxsize=4096)
def spellings(label: str) -> str:
    """The initials by which a label may be looked for, with blanks between; empty without any."""
    readings = _readings()
    parts = [readings.get(sign, sign.lower()) for sign in label[:LONGEST_INITIALS]]
    if not any(sign in readings for sign in label):
        return ""
    return " ".join("".join(each) for each in islice(product(*parts), MOST_SPELLINGS))


@cache
def _classes() -> dict[str, str]:
    """Letter → its characters; read when somebody first looks for something."""
    lines = FILE.read_text(encoding="utf-8").split("\n")
    return dict(zip(ascii_lowercase, lines, strict=False))


@cache
def _readings() -> dict[str, str]:
    """Character → the letters of its readings."""
    readings: dict[str, str] = {}
    for letter, characters in _classes().items():
        for character in characters:
            readings[character] = readings.get(character, "") + letter
    return readings


@cache
def _class(letter: str) -> str:
    return f"[{letter}{letter.upper()}{_ranges(_classes()[letter])}]"


def _ranges(characters: str) -> str:
    """The characters, neighbours joined, which makes the class faster to go through."""
    parts: list[str] = []
    first = last = ""
    for character in characters:
        if last and ord(character) == ord(last) + 1:
            last = character
            continue
        parts.append(_range(first, last))
        first = last = character
    return "".join([*parts, _range(first, last)])


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"
