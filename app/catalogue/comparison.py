"""Figures of a department that are compared with other years and other departments (第五条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Comparisons with own years are numbered 81 to 90, those with other departments 91 to 99.
PEERS_NUMBER = 10


class Figure(StrEnum):
    """What is taken from a department's rows of a table."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True)
class Comparison:
    """One figure of a table. ``history`` and ``peers`` say in the college's words what differs.

    An empty text means that the figure is not compared so: the sums of a large and of a small
    department tell nothing about each other, their means do.
    """

    identifier: str
    table: str
    figure: Figure
    label: str
    field: str = ""
    history: str = ""
    peers: str = ""

    @property
    def peers_identifier(self) -> str:
        """What the comparison with other departments is called: it is explained by itself."""
        head, _dot, number = self.identifier.rpartition(".")
        return f"{head}.{int(number) + PEERS_NUMBER}"


def read_comparison(item: Mapping[str, Any]) -> Comparison:
    """A record from ``{id, table, figure, field, label, history, peers}``."""
    known = {"id", "table", "figure", "field", "label", "history", "peers"}
    unknown = sorted(set(item) - known)
    if unknown:
        raise ValueError(f"unknown words {', '.join(unknown)}")
    figure = Figure(item["figure"])
    if (figure is Figure.COUNT) == ("field" in item):
        raise ValueError("a sum and a mean need a field, a count has none")
    if "peers" in item and figure is not Figure.MEAN:
        raise ValueError("only means are compared with other departments")
    words = {"label": item["label"]}
    return Comparison(
        identifier=item["id"],
        table=item["table"],
        figure=figure,
        label=item["label"],
        field=item.get("field", ""),
        history=item.get("history", "").format(**words),
        peers=item.get("peers", "").format(**words),
    )
