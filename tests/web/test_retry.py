"""Two at the same rows: whoever had to give way is tried again, and in the end told in words."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from app.models.database import engine_options, prepare_engine
from app.web import retry
from tests.demo import Caller, DemoCollege
from tests.kinds import IMPATIENCE
from tests.pages import form_of, text_of

NEW = "/data/course/new"
# The states of a deadlock on MariaDB and on PostgreSQL.
DEADLOCKS = (["40001"], ["40P01"])
ROW = {"op": "insert", "values": {"course_code": "ZZ01", "course_name": "插花"}}


@pytest.fixture
def impatient(demo: DemoCollege, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoCollege]:
    """The demo college, whose connections wait for a lock as shortly as they can."""
    wish = IMPATIENCE[demo.engine.dialect.name]

    def hurry(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(wish)
        cursor.close()
        # PostgreSQL takes a setting back with the transaction it was made in.
        connection.commit()

    monkeypatch.setattr(retry, "ATTEMPTS", 2)
    event.listen(demo.engine, "checkout", hurry)
    yield demo
    event.remove(demo.engine, "checkout", hurry)
    demo.engine.dispose()


@contextmanager
def blocked(demo: DemoCollege) -> Iterator[Connection]:
    """A connection of somebody else that holds what saving a course needs."""
    url = demo.engine.url.render_as_string(hide_password=False)
    engine = prepare_engine(create_engine(url, **engine_options(url)))
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.execute(text("UPDATE sd_submission SET version = version"))
        else:
            connection.execute(text("SELECT id FROM sd_submission FOR UPDATE")).all()
        yield connection
        connection.rollback()
    engine.dispose()


@contextmanager
def released_after_the_first_failure(demo: DemoCollege, other: Connection) -> Iterator[list[str]]:
    """The other lets go as soon as the database has refused once; collects the failures."""
    failures: list[str] = []

    def note(context: Any) -> None:
        failures.append(str(context.original_exception))
        other.rollback()

    event.listen(demo.engine, "handle_error", note)
    yield failures
    event.remove(demo.engine, "handle_error", note)


def codes(demo: DemoCollege) -> list[str]:
    return [row["course_code"] for row in demo.stored("course")]


def send_form(caller: Caller, form: dict[str, str]) -> TestResponse:
    typed = {"field-course_code": "ZZ01", "field-course_name": "插花"}
    return caller.post(NEW, data={**form, **typed})


def test_a_save_that_met_a_lock_is_done_once_the_lock_is_gone(impatient: DemoCollege) -> None:
    caller = impatient.caller("jwc_steward")
    with (
        blocked(impatient) as other,
        released_after_the_first_failure(impatient, other) as failures,
    ):
        answer = caller.changes("course", ROW, partial=True)

    assert answer.status_code == 200
    assert len(failures) == 1
    assert codes(impatient).count("ZZ01") == 1


def test_a_lock_that_stays_is_told_in_words_and_nothing_typed_is_lost(
    impatient: DemoCollege,
) -> None:
    caller = impatient.caller("jwc_steward")
    form = form_of(caller.get(NEW))

    with blocked(impatient):
        page, answer = send_form(caller, form), caller.changes("course", ROW)

    assert (page.status_code, answer.status_code) == (503, 503)
    assert form_of(page)["field-course_name"] == "插花"
    assert "没有轮到您" in text_of(page)
    assert "没有轮到您" in answer.json["detail"]
    assert "ZZ01" not in codes(impatient)
    assert send_form(caller, form_of(page)).status_code == 303


def test_of_many_steps_none_is_taken_twice(impatient: DemoCollege) -> None:
    """The second of them meets a lock; the first, which is done, is not repeated."""
    caller = impatient.caller("gyxx_steward")
    found = caller.get("submissions", status="not_started").json["submissions"][:2]
    items = [{"id": item["id"], "version": item["version"]} for item in found]
    with blocked(impatient) as other, released_after_the_first_failure(impatient, other):
        results = caller.post("submissions/enter", {"submissions": items}).json["results"]

    assert [result["ok"] for result in results] == [True, True]


@contextmanager
def noticing(demo: DemoCollege) -> Iterator[tuple[Event, list[object]]]:
    """An event that is set when a course is about to be changed, and the states of errors."""
    reached = Event()
    failures: list[object] = []

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("UPDATE bt_course"):
            reached.set()

    def on_error(context: Any) -> None:
        failures.append(context.original_exception.sqlstate)

    event.listen(demo.engine, "before_cursor_execute", on_statement)
    event.listen(demo.engine, "handle_error", on_error)
    yield reached, failures
    event.remove(demo.engine, "before_cursor_execute", on_statement)
    event.remove(demo.engine, "handle_error", on_error)


def test_the_loser_of_a_deadlock_is_tried_again(demo: DemoCollege) -> None:
    """The request holds its submission and wants a course; the other the other way round."""
    if demo.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time: nothing waits for each other")
    caller = demo.caller("jwc_steward")
    [row] = caller.rows("course", limit=1)
    named = {"op": "update", "id": row["id"], "version": row["version"]}
    with demo.engine.connect() as other, ThreadPoolExecutor(1) as pool:
        # Whoever has changed less has to give way.
        other.execute(text("UPDATE bt_course SET sys_version = sys_version + 1"))
        with noticing(demo) as (reached, failures):
            change = {**named, "values": {"course_name": "改名"}}
            request = pool.submit(caller.changes, "course", change)
            assert reached.wait(30)
            other.execute(text("SELECT id FROM sd_submission FOR UPDATE")).all()
            other.rollback()
            answer = request.result(30)

    assert failures in DEADLOCKS
    assert (answer.status_code, answer.json["results"][0]["outcome"]) == (200, "changed")


def test_an_error_that_does_not_pass_is_not_tried_again(demo: DemoCollege) -> None:
    calls = []

    def act() -> None:
        calls.append(1)
        raise DBAPIError("SELECT", {}, Exception(2013, "lost connection"))

    with demo.application.test_request_context("/", method="POST"), pytest.raises(DBAPIError):
        retry.persistently(act)
    assert len(calls) == 1
