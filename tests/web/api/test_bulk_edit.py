"""Trying changes out, changing many rows alike, finding texts and keys, over JSON."""

import json
from typing import Any

import pytest

from tests.demo import Caller, DemoCollege

RENAME = {"field": "course_name", "do": "replace", "find": "数学", "value": "算学"}


def place(demo: DemoCollege) -> dict[str, str]:
    return {"period": demo.period("course"), "department": "A03"}


def edit(demo: DemoCollege, caller: Caller, *edits: dict[str, Any], **more: Any) -> Any:
    return caller.post("data/course/bulk_edit", {**place(demo), "edits": list(edits), **more})


def names(caller: Caller) -> list[str]:
    return [row["values"]["course_name"] for row in caller.rows("course", limit=500)]


def test_a_dry_run_tells_what_would_come_and_writes_nothing(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    new = {"op": "insert", "id": "new:1", "values": {"course_code": "NEW1", "course_name": "新"}}
    bad = {"op": "insert", "id": "new:2", "values": {"course_code": "NEW2", "credit": "many"}}
    before = demo.stored("course")

    answer = caller.changes("course", new, bad, partial=True, dry_run=True)

    assert answer.status_code == 200
    assert [each["outcome"] for each in answer.json["results"]] == ["created", "rejected"]
    assert "credit" in {found["field"] for found in answer.json["results"][1]["findings"]}
    assert demo.stored("course") == before


def test_a_replacement_is_shown_first_and_then_written_as_one_set(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    before = names(caller)

    trial = edit(demo, caller, RENAME, dry_run=True).json
    assert names(caller) == before
    assert all("数学" in row["before"]["course_name"] for row in trial["rows"])
    done = edit(demo, caller, RENAME, seen=trial["seen"]).json

    assert names(caller) == [name.replace("数学", "算学") for name in before]
    assert done["counts"]["changed"] == trial["counts"]["changed"] == len(done["rows"]) > 0
    assert (trial["written"], done["written"]) == (False, True)


def test_what_somebody_changed_since_the_preview_is_looked_at_again(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    seen = edit(demo, caller, RENAME, dry_run=True).json["seen"]
    row = caller.rows("course", limit=1)[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    caller.changes("course", {**change, "values": {"course_name": "先到"}})

    assert edit(demo, caller, RENAME, seen=seen).status_code == 409
    assert not [name for name in names(caller) if "算学" in name]


def test_rows_that_cannot_be_are_told_and_the_others_written(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    same_key = {"field": "course_code", "do": "set", "value": "GG01"}

    done = edit(demo, caller, same_key).json

    assert done["counts"].get("changed", 0) == 0
    assert done["counts"]["rejected"] == done["chosen"] - 1
    assert all(row["findings"] for row in done["rows"])


def test_only_the_rows_that_are_named_or_filtered_change(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    first, second = caller.rows("course", limit=2)
    clear = {"field": "credit", "do": "clear"}

    one = edit(demo, caller, clear, ids=[first["id"]], dry_run=True).json
    filtered = json.dumps(["course_code", "=", second["values"]["course_code"]])
    other = edit(demo, caller, clear, filter=filtered, dry_run=True).json

    assert (one["chosen"], other["chosen"]) == (1, 1)
    assert [row["id"] for row in one["rows"]] in ([first["id"]], [])


@pytest.mark.parametrize("body", [{"edits": []}, {"edits": [{"field": "course_name"}]}])
def test_a_bulk_edit_that_says_nothing_is_malformed(demo: DemoCollege, body: Any) -> None:
    answer = demo.caller("jwc_steward").post("data/course/bulk_edit", {**place(demo), **body})

    assert answer.status_code == 400


def test_an_unknown_field_or_nothing_to_find_is_malformed(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")

    for wrong in ({**RENAME, "field": "sys_department"}, {**RENAME, "find": ""}):
        assert edit(demo, caller, wrong).status_code == 400


def test_a_locked_place_refuses_a_bulk_edit(demo: DemoCollege) -> None:
    period = demo.period("course", demo.locked_cycle)

    assert edit(demo, demo.caller("jwc_steward"), RENAME, period=period).status_code == 423


def test_a_text_is_found_in_rows_by_their_position(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    every = caller.rows("course", limit=500, sort="-course_code")
    expected = [p for p, row in enumerate(every) if "数学" in row["values"]["course_name"]]
    asked = {"text": "数学", "fields": ["course_name", "course_code"], "sort": "-course_code"}

    found = caller.post("data/course/find", {**place(demo), **asked}).json

    assert [row["position"] for row in found["rows"]] == expected
    assert found["cells"] == len(expected) > 0


def test_masked_cells_are_not_looked_into(demo: DemoCollege) -> None:
    stored = next(row for row in demo.stored("staff") if row["id_card_no"])
    asked = {"text": stored["id_card_no"], "fields": ["id_card_no"]}

    answer = demo.caller("qa").post("data/staff/find", asked)

    assert answer.json == {"rows": [], "cells": 0}


def test_a_key_is_told_by_a_name_that_only_one_row_has(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    course = caller.rows("course", limit=1)[0]["values"]
    asked = {"field": "course_code", "texts": [course["course_name"], "没有这门课"]}

    answer = caller.post("data/major_course/keys", asked)

    assert answer.json["keys"] == {course["course_name"]: course["course_code"]}


def test_a_selection_of_many_thousand_rows_is_one_set(demo: DemoCollege) -> None:
    caller = demo.caller("jwc_steward")
    [first] = caller.rows("course", q="GG01")
    many = [first["id"], *(str(10**9 + number) for number in range(6000))]

    done = edit(demo, caller, {"field": "course_name", "do": "set", "value": "新"}, ids=many)

    assert (done.status_code, done.json["counts"]["changed"]) == (200, 1)
