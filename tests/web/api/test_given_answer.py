"""``Idempotency-Key``: a request that is sent again is answered again, not carried out again."""

from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Response, g
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.cli.command import Platform
from app.domain.submission import Status
from app.models.given_answer import GivenAnswer
from app.web.api.endpoints import ENDPOINTS
from app.web.api.given_answer import answered_once, keep_refusal
from app.web.problems import problem
from tests.demo import Caller, DemoCollege, whole_path
from tests.kinds import failing

NEW = {"op": "insert", "values": {"course_code": "ZZ01", "course_name": "插花"}}
OTHER = {"op": "insert", "values": {"course_code": "ZZ02", "course_name": "插花"}}
CHANGES = "data/course/changes"


def send(caller: Caller, path: str, key: str = "k1", **body: Any) -> TestResponse:
    headers = {"X-CSRFToken": caller.token, "Idempotency-Key": key}
    return caller.client.post(whole_path(path), headers=headers, buffered=True, **body)


def change(caller: Caller, row: dict[str, Any], key: str = "k1") -> TestResponse:
    return send(caller, CHANGES, key, json={"changes": [row]})


def keeping_nothing(demo: DemoCollege) -> AbstractContextManager[None]:
    """A database in which no answer can be kept."""
    return failing(demo.engine, "UPDATE", "sd_given_answer", when="NEW.content IS NOT NULL")


def codes(demo: DemoCollege) -> list[str]:
    return [row["course_code"] for row in demo.stored("course")]


def test_a_repeated_request_is_answered_alike_and_carried_out_once(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    [row] = caller.rows("course", limit=1)
    deletion = {"op": "delete", "id": row["id"], "version": row["version"]}

    first, second = change(caller, deletion), change(caller, deletion)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    assert (first.mimetype, second.mimetype) == ("application/json", "application/json")
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    # Without the key the second deletion finds nothing to delete.
    assert change(caller, deletion, "k2").status_code == 404


def test_a_step_is_taken_once(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    demo.set_status("course", "A03", Status.NOT_STARTED)
    found = demo.submission("course", "A03")
    path, body = f"submissions/{found.id}/enter", {"version": found.version}

    answers = [send(caller, path, json=body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json


def test_the_same_key_with_another_body_or_route_is_refused(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    change(caller, NEW)

    for answer in (
        change(caller, OTHER),
        send(caller, f"{CHANGES}?", json={"changes": [NEW], "partial": True}),
        send(caller, "data/major/changes", json={"changes": [NEW]}),
    ):
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.json["detail"]
    assert "ZZ02" not in codes(demo)


def test_a_key_belongs_to_its_sender(demo: DemoCollege) -> None:
    assert change(demo.caller("jwc_steward"), NEW).status_code == 200

    assert change(demo.caller("qcx_steward"), OTHER).status_code == 403


def test_a_refused_request_is_judged_anew(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    wrong = {"op": "insert", "values": {"course_code": "ZZ01", "credit": "三"}}
    assert [change(caller, wrong).status_code for _ in range(2)] == [422, 422]

    assert change(caller, NEW).status_code == 200


@pytest.mark.parametrize("key", ["", " ", "钥", "x" * 201, "a b"])
def test_a_key_is_printable_and_not_too_long(demo: DemoCollege, key: str) -> None:
    answer = change(demo.caller("jwc_steward"), NEW, key)

    assert answer.status_code == 400
    assert "ZZ01" not in codes(demo)


def test_an_answer_is_forgotten_after_a_day(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    change(caller, NEW)
    with demo.session() as session:
        session.execute(update(GivenAnswer).values(stored_at=demo.cycle.due_at.replace(year=2020)))
        session.commit()

    assert change(caller, OTHER, "k2").status_code == 200
    with demo.session() as session:
        assert session.scalars(select(GivenAnswer.key)).all() == ["k2"]
    assert change(caller, OTHER).status_code in {200, 422}


@pytest.mark.parametrize(("minutes", "status"), [(0, 503), (9, 503), (11, 200)])
def test_a_request_under_way_is_not_begun_twice_unless_it_died(
    demo: DemoCollege, minutes: int, status: int
) -> None:
    caller = demo.caller("jwc_steward")
    change(caller, NEW)
    with demo.session() as session:
        given = session.scalars(select(GivenAnswer)).one()
        given.status, given.content = None, None
        given.stored_at -= timedelta(minutes=minutes)
        session.commit()

    assert change(caller, NEW).status_code == status
    assert codes(demo).count("ZZ01") == 1


def test_an_uploaded_file_is_the_same_whatever_its_borders(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    template = caller.get("data/course/template.xlsx").data

    def upload(content: bytes) -> TestResponse:
        form = {"file": (BytesIO(content), "表.xlsx")}
        return send(caller, "data/course/imports?dry_run=1", data=form)

    first, second, other = upload(template), upload(template), upload(template + b"\0")

    assert (first.status_code, second.status_code, other.status_code) == (200, 200, 422)
    assert second.headers["Idempotency-Replayed"] == "true"


def test_every_route_that_writes_says_that_it_takes_a_key(demo: DemoCollege) -> None:
    paths = demo.caller("qa").get("openapi.json").json["paths"]

    headers = {
        path: [p["name"] for p in operation["post"]["parameters"] if p["in"] == "header"]
        for path, operation in paths.items()
        if "post" in operation and "parameters" in operation["post"]
    }

    assert len(headers) == sum(endpoint.method == "POST" for endpoint in ENDPOINTS)
    assert set(map(tuple, headers.values())) == {("Idempotency-Key",)}


def test_what_was_done_is_told_though_its_answer_cannot_be_kept(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    with keeping_nothing(demo):
        answers = [change(caller, NEW) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 503]
    assert codes(demo).count("ZZ01") == 1


def test_what_was_done_is_not_done_again_though_its_answer_was_lost(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    with keeping_nothing(demo):
        assert change(caller, NEW).status_code == 200
    with demo.session() as session:
        session.scalars(select(GivenAnswer)).one().stored_at -= timedelta(minutes=11)
        session.commit()

    assert change(caller, NEW).status_code == 409
    assert codes(demo).count("ZZ01") == 1


def test_a_refusal_of_what_was_carried_out_in_part_is_answered_alike(demo: DemoCollege) -> None:
    carried_out = []

    def halted() -> Response:
        carried_out.append("the first row")
        keep_refusal()
        return problem(422, "saved as far as the first row")

    answers = []
    for _ in range(2):
        with demo.application.test_request_context(
            whole_path(CHANGES), method="POST", headers={"Idempotency-Key": "k1"}
        ):
            g.actor = Platform(demo.application).person("jwc_steward")
            answers.append(answered_once(halted))

    assert carried_out == ["the first row"]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].data == answers[1].data
