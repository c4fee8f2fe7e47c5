"""What is sent about teachers' own records: about the caller himself, and of a department's."""

from collections.abc import Callable, Mapping

from tests.demo import DemoCollege
from tests.rights.attached import REASON, Sent
from tests.rights.place import DEPARTMENT, ROW_OF, TABLE
from tests.rights.table import Line

WORDS = {"reason": REASON, "basis": REASON, "cause": "unreachable"}


def own_step(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A step with one's own record, of which nobody has taken one yet."""
    body = {"version": "0", "reason": REASON}
    return {"json": body} if line.route.startswith("/api/") else {"data": body}


def own_sections(demo: DemoCollege, line: Line, _who: str) -> Sent:
    """The section that is handed over."""
    number = demo.submission(TABLE, DEPARTMENT[line.whose]).id
    return {"data": {"section": f"{number}-0"}}


def steps(_demo: DemoCollege, line: Line, _who: str) -> Sent:
    """A step with the record of the teacher whose row the line is about."""
    person = ROW_OF[line.whose]
    if line.route.startswith("/api/"):
        return {"json": {"records": [{"person": person, "version": "0"}], **WORDS}}
    return {"data": {"chosen": f"0:{person}", **WORDS}}


TEACHER_BODIES: Mapping[str, Callable[[DemoCollege, Line, str], Sent]] = {
    "/my/submit": own_sections,
    "/my/<number>/<verb>": own_step,
    "/my/<number>/carry_forward": own_step,
    "/api/v1/my/<number>/<verb>": own_step,
    "/submissions/<number>/teachers/<verb>": steps,
    "/api/v1/teacher_records/<number>/<verb>": steps,
}
