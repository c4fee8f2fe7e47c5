"""Calculating the few formulas that our workbooks use, as a spreadsheet does."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from math import nan
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

RANGE = re.compile(r'"[^"]*"|(\$?[A-Z]{1,2}\$?\d+)(:\$?[A-Z]{1,2}\$?\d+)?')


class Number(float):
    """A number that may be divided by nothing, as long as nobody looks at the result."""

    def __mul__(self, other: Any) -> Any:
        return other * self if isinstance(other, Cells) else Number(float(self) * other)

    def __add__(self, other: float) -> "Number":
        return Number(float(self) + other)

    def __truediv__(self, other: float) -> "Number":
        return Number(float(self) / other) if other else Number(nan)


class Cells(list):  # type: ignore[type-arg]
    """The values of a range; arithmetic and comparisons go cell by cell."""

    def _with(self, other: Any, work: Callable[[Any, Any], Any]) -> "Cells":
        others = other if isinstance(other, Cells) else [other] * len(self)
        return Cells(work(one, another) for one, another in zip(self, others, strict=True))

    def __eq__(self, other: object) -> Any:
        return self._with(other, lambda one, another: Number(one == another))

    def __ne__(self, other: object) -> Any:
        return self._with(other, lambda one, another: Number(one != another))

    def __gt__(self, other: Any) -> Any:
        return self._with(other, lambda one, another: Number(is_greater(one, another)))

    def __mul__(self, other: Any) -> Any:
        return self._with(other, lambda one, another: Number(one) * another)

    __hash__ = None  # type: ignore[assignment]


def is_greater(one: Any, other: Any) -> bool:
    """Text is greater than every number."""
    if isinstance(one, str) != isinstance(other, str):
        return isinstance(one, str)
    return bool(one > other)


def half_up(value: float, places: float) -> Number:
    """Spreadsheets round half up, and forgive the last bit of a binary number."""
    if value != value:  # noqa: PLR0124 - nothing divided by nothing
        return Number(nan)
    step = Decimal(1).scaleb(-int(places))
    return Number(Decimal(f"{value:.10f}").quantize(step, ROUND_HALF_UP))


def numbers(*values: Any) -> list[float]:
    """The numbers among the arguments; a sum leaves texts out."""
    flat = [one for value in values for one in (value if isinstance(value, Cells) else [value])]
    return [one for one in flat if not isinstance(one, str)]


def is_number(value: Any) -> Any:
    """Whether each cell, or the one, is a number."""
    if isinstance(value, Cells):
        return Cells(Number(not isinstance(one, str)) for one in value)
    return not isinstance(value, str)


FUNCTIONS = {
    "IF": lambda condition, yes, no: yes if condition else no,
    "AND": lambda *conditions: all(conditions),
    "SUM": lambda *values: Number(sum(numbers(*values))),
    "SUMPRODUCT": lambda values: Number(sum(values)),
    "ROUND": half_up,
    "MIN": min,
    "ISNUMBER": is_number,
}


def calculate(sheet: Worksheet, formula: str) -> Any:
    """The value of a formula of the sheet, whose own formulas are calculated too."""

    def value(address: str) -> Any:
        content = sheet[address].value
        if isinstance(content, str) and content.startswith("="):
            return calculate(sheet, content)
        return content if isinstance(content, str) else Number(content or 0)

    def cells(address: str) -> Cells:
        return Cells(value(cell.coordinate) for row in sheet[address] for cell in row)

    def reference(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        address = found[0].replace("$", "")
        return f"cells('{address}')" if found[2] else f"value('{address}')"

    text = RANGE.sub(reference, formula.removeprefix("="))
    text = re.sub(r"(?<![<>])=", "==", text).replace("<>", "!=")
    scope = {**FUNCTIONS, "value": value, "cells": cells}
    return eval(text, {"__builtins__": {}}, scope)  # noqa: S307 - our own formulas
