"""What is sent with files, comments and workbooks that are handed out."""

import base64
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
