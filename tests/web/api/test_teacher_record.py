"""Teachers' own data and records over JSON."""

from tests.demo import Caller, DemoCollege

TABLE, PLACE = "full_time_publication", "C01"


def number(demo: DemoCollege, table: str = TABLE) -> int:
    return demo.submission(table, PLACE).id


def section(caller: Caller, table: str) -> dict[str, object]:
    found = caller.get("my").json["sections"]
    return next(dict(each) for each in found if each["table"]["identifier"] == table)


def test_a_teacher_reads_his_own_sections(demo: DemoCollege) -> None:
    answer = demo.caller("t_full").get("my").json

    kinds = [each["section"] for each in answer["sections"]]
    assert (len(kinds), set(kinds)) == (9, {"basic", "teaching", "other"})
    declared = section(demo.caller("t_full"), TABLE)
    assert (declared["status"], declared["declaration"]) == ("submitted", "nothing")
    assert declared["permitted"] == ["withdraw"]


def test_a_teacher_takes_his_steps(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    seen = section(teacher, "full_time_teacher")

    answer = teacher.post(f"my/{seen['submission']}/submit", {"version": seen["version"]})
    again = teacher.post(f"my/{seen['submission']}/submit", {"version": seen["version"]})

    assert (answer.status_code, answer.json["status"]) == (200, "submitted")
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")


def test_what_is_declared_has_to_be_so(demo: DemoCollege) -> None:
    """Rows that came meanwhile are not declared away."""
    teacher = demo.caller("t_full")
    seen = section(teacher, "full_time_teacher")
    told = {"version": seen["version"], "declaration": "nothing"}

    answer = teacher.post(f"my/{seen['submission']}/declare", told)

    assert answer.status_code == 409
    assert section(teacher, "full_time_teacher")["status"] == "draft"


def test_rows_of_a_record_that_was_handed_over_are_locked(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    seen = section(teacher, "full_time_teacher")
    teacher.post(f"my/{seen['submission']}/submit", {"version": seen["version"]})
    (row,) = teacher.rows("full_time_teacher")
    change = {"op": "update", "id": row["id"], "version": row["version"]}

    answer = teacher.changes("full_time_teacher", {**change, "values": {"admin_post": "主任"}})

    assert answer.status_code == 423
    spec = teacher.get("data/full_time_teacher/spec").json
    assert spec["rights"]["edit"] is not None


def test_a_steward_takes_up_many_each_for_itself(demo: DemoCollege) -> None:
    steward = demo.caller("qcx_steward")
    records = steward.get(f"teacher_records/{number(demo)}").json["records"]
    chosen = [{"person": each["person"], "version": each["version"]} for each in records]

    answer = steward.post(f"teacher_records/{number(demo)}/adopt", {"records": chosen}).json

    found = {each["person"]: each for each in answer["results"]}
    # Who has handed over or was taken up with a basis before needs none; the others do.
    done = [found[person]["ok"] for person in ("31003", "31005", "31007")]
    assert done == [True, True, False]
    assert "依据" in found["31007"]["refusal"]["detail"]


def test_what_is_unknown_is_refused_by_name(demo: DemoCollege) -> None:
    steward, path = demo.caller("qcx_steward"), f"teacher_records/{number(demo)}"

    assert steward.post(f"{path}/submit", {"records": []}).status_code in {400, 404}
    assert steward.post(f"{path}/adopt", {"records": [], "why": ""}).status_code == 400
    assert steward.post(f"{path}/eat", {"records": []}).status_code in {400, 404}


def test_reading_takes_few_statements(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    teacher.get("my")
    with demo.counting() as statements:
        assert teacher.get("my").status_code == 200

    assert len(statements) <= 15, statements
