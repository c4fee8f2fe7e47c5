"""Finding a plain text in cells and putting another in its place; never a pattern language."""

from collections.abc import Iterator
from dataclasses import dataclass

# Full-width characters and their half-width twins, one for one, so that places stay the same.
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True)
class TextSearch:
    """What is looked for.

    Unless ``match_case``, capital letters are like small ones; unless ``match_width``, full-width
    characters are like half-width ones; ``whole`` asks for cells that hold nothing else.
    """

    text: str
    match_case: bool = False
    match_width: bool = False
    whole: bool = False

    def is_in(self, text: str) -> bool:
        """Whether the text holds what is looked for."""
        return next(self._places(text), None) is not None

    def replaced_in(self, text: str, replacement: str) -> str:
        """The text with ``replacement`` wherever it holds what is looked for."""
        parts, end = [], 0
        for place in self._places(text):
            parts += [text[end:place], replacement]
            end = place + len(self.text)
        return "".join([*parts, text[end:]])

    def _places(self, text: str) -> Iterator[int]:
        """Where it begins, from the left, without overlaps."""
        wanted, folded = self._folded(self.text), self._folded(text)
        if wanted == "":
            return
        if self.whole:
            if wanted == folded:
                yield 0
            return
        place = folded.find(wanted)
        while place >= 0:
            yield place
            place = folded.find(wanted, place + len(wanted))

    def _folded(self, text: str) -> str:
        """The text with what does not matter made equal; as many characters as before."""
        plain = text if self.match_width else text.translate(NARROW)
        if self.match_case:
            return plain
        return "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain)
