"""Writes ``app/rules/pinyin_initials.txt``: for every letter the characters read with it first.

``python -m tools.pinyin`` after a new release of pypinyin; the platform itself reads the file only,
so that no start pays for a dictionary of readings. One line a letter, from a to z; a character with
several readings stands in several lines.
"""

import sys
import unicodedata
from pathlib import Path
from string import ascii_lowercase

from pypinyin.pinyin_dict import pinyin_dict

FILE = Path(__file__).resolve().parent.parent / "app" / "rules" / "pinyin_initials.txt"
# The characters of the first plane; what lies beyond is too rare to be looked for by its initial.
FIRST, LAST = 0x4E00, 0x9FFF
ZERO = 0x3007


def initials() -> dict[str, list[str]]:
    """Letter → the characters one of whose readings begins with it, in the order of Unicode."""
    found: dict[str, list[str]] = {letter: [] for letter in ascii_lowercase}
    for number, readings in sorted(pinyin_dict.items()):
        if FIRST <= number <= LAST or number == ZERO:
            for letter in sorted({_initial(reading) for reading in readings.split(",")}):
                found.get(letter, []).append(chr(number))
    return found


def content() -> str:
    """What the file holds."""
    return "".join("".join(characters) + "\n" for characters in initials().values())


def _initial(reading: str) -> str:
    """The first letter without its tone."""
    return unicodedata.normalize("NFD", reading)[:1].lower()


def main() -> int:
    """Write the file."""
    FILE.write_text(content(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
