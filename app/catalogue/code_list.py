"""Code lists: the values a coded field may take, with the labels people see."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class CodeItem:
    """One value: the code that is stored and the label that is shown."""

    code: str
    label: str


@dataclass(frozen=True)
class CodeList:
    """An ordered list of codes; ``standard`` names the norm it follows."""

    identifier: str
    title: str
    items: tuple[CodeItem, ...]
    standard: str = ""
    guidance: str = ""

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """code → label."""
        return {item.code: item.label for item in self.items}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """label → code; the first of two equal labels counts."""
        return {item.label: item.code for item in reversed(self.items)}
