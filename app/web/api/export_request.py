"""What requests for exports have in common, of base and of adopted tables."""

from collections.abc import Container

from app.domain.message import Message, Reason, Refused
from app.exchange.export_file import export_footer as footer_of
from app.web.api.endpoint import Call
from app.web.current import current_actor, current_time
from app.web.translation import translated

# What the log tells of a request, besides who, when, how many and for what.
TOLD = ("q", "filter", "sort", "columns", "codes", "whole")


def columns_of_query(call: Call, known: Container[str], title: str) -> tuple[str, ...] | None:
    """The wanted columns in their order, None for all. Raises Refused for what is none."""
    if "columns" not in call.query:
        return None
    codes = tuple(code for code in call.query["columns"].split(",") if code)
    unknown = [code for code in codes if code not in known]
    if unknown or not codes:
        raise Refused(
            Message(
                "Table %(table)s has no field %(field)s. Nothing was exported.",
                {"table": title, "field": ", ".join(unknown)[:200]},
            ),
            Reason.INVALID,
        )
    return tuple(dict.fromkeys(codes))


def told_selection(call: Call) -> dict[str, object]:
    """Filter and columns as they were asked for, for the log."""
    return {name: call.query[name] for name in TOLD if name in call.query}


def export_footer() -> str:
    """What stands below printed pages."""
    return footer_of(current_actor(), current_time(), translated)
