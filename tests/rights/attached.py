"""What is sent with files, comments, findings and workbooks that are handed out."""

import base64
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from tests.demo import DemoCollege
from tests.rights.place import DEPARTMENT, TABLE
from tests.rights.table import Line

Sent = dict[str, Any]
REASON = "核对权限"


def handing_out(_demo: DemoCollege, _line: Line, who: str) -> Sent:
    return {"data": {"by": "department" if who == "qa" else "person"}}


def returned_files(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"files": (BytesIO(b"nothing"), "表.xlsx")}}


def looking_again(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    return {"data": {"act": "look", "seen": "0"}}


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


def material(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A picture for the row."""
    if line.method == "DELETE":
        return {}
    return {"data": {"file": (BytesIO(PICTURE), "证书.png")}}


def comment(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A few words about the row, or about the table of the department."""
    if line.method == "DELETE":
        return {}
    if line.route.endswith("/resolved"):
        return {"json": {"resolved": True}}
    place = {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}
    is_of_table = line.route.endswith("<table>/comments")
    return {"json": {"text": REASON, **(place if is_of_table else {})}}


def explaining(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A finding that is there no more: the right is asked first."""
    return {"json": {**_place(demo, line), "findings": [{"mark": "gone"}], "text": REASON}}


def ruling(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """An explanation that is there no more."""
    return {"json": {**_place(demo, line), "marks": ["gone"], "adopts": True}}


def acting(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The same by the forms of the pages."""
    chosen = f"{TABLE}|{DEPARTMENT[line.whose]}|gone|"
    year = demo.cycle.academic_year
    return {"data": {"act": line.what, "chosen": chosen, "text": REASON, "cycle": year}}


def waiving_by_form(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A waiver for all departments, or the end of one."""
    rule = f"QR.{TABLE}.*.01".upper()
    return {"data": {"table": TABLE, "rule": rule, "reason": REASON}}


def waiving(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The rule of equal keys."""
    rule = f"QR.{TABLE}.*.01".upper()
    return {"json": {**_place(demo, line), "rule": rule, "reason": REASON}}


def return_item(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """What is said of the first item."""
    if line.route.startswith("/submissions"):
        return {"data": {"act": line.what, "item": "1", "text": REASON}}
    bodies: Mapping[str, Sent] = {
        "answer": {"answer": "explained", "text": REASON},
        "close": {},
        "reopen": {"reason": REASON},
        "items": {"verb": line.what, "items": [1]},
    }
    return {"json": bodies[line.route.rpartition("/")[2]]}


def reason(_demo: DemoCollege, _line: Line, _who: str) -> Sent:
    """Nothing but why."""
    return {"json": {"reason": REASON}}


def _place(demo: DemoCollege, line: Line) -> Sent:
    return {"period": demo.period(TABLE), "department": DEPARTMENT[line.whose]}


# What is sent to explain findings, to rule on explanations and to waive rules.
FINDING_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/api/v1/data/<table>/explanations": explaining,
    "/api/v1/data/<table>/rulings": ruling,
    "/api/v1/data/<table>/waivers": waiving,
    "/api/v1/waivers/<number>/end": reason,
    "/findings/acts": acting,
    "/findings/waivers": waiving_by_form,
    "/findings/waivers/<number>/end": waiving_by_form,
    "/submissions/<number>/findings": acting,
}
RETURN_ITEM_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/submissions/<number>/items": return_item,
    "/api/v1/submissions/<number>/items": return_item,
    **{
        f"/api/v1/submissions/<number>/items/<position>/{verb}": return_item
        for verb in ("answer", "close", "reopen")
    },
}
