"""Last year beside this year over the API: taking over, confirming, comparing, finishing."""

import pytest

from app.domain.submission import Status
from tests.demo import Caller, DemoCollege, on_all_databases

# Five rows of the locked year, none of this one.
TABLE, DEPARTMENT = "cooperating_company", "C02"


def steward(demo: DemoCollege) -> Caller:
    return demo.caller("jdx_steward")


def carry(demo: DemoCollege) -> dict:
    answer = steward(demo).post(f"data/{TABLE}/carry_forward", {})
    assert answer.status_code == 200, answer.json
    return answer.json


@on_all_databases
def test_a_preview_counts_and_the_rows_come_marked(demo: DemoCollege) -> None:
    told = steward(demo).get(f"data/{TABLE}/carry_forward").json
    assert (told["created"], told["present"], told["written"]) == (5, 0, False)
    assert told["from"]["code"] == "2024-2025"
    assert steward(demo).rows(TABLE) == []

    assert carry(demo)["written"]

    rows = steward(demo).rows(TABLE)
    assert [row.get("carried") for row in rows] == [True] * 5


@on_all_databases
def test_confirmed_rows_lose_their_marks(demo: DemoCollege) -> None:
    carry(demo)
    ids = [row["id"] for row in steward(demo).rows(TABLE)]

    one = steward(demo).post(f"data/{TABLE}/unchanged", {"ids": ids[:1]}).json
    others = steward(demo).post(f"data/{TABLE}/unchanged", {}).json

    assert one == {"confirmed": 1, "waiting": 4}
    assert others == {"confirmed": 4, "waiting": 0}
    assert not any(row.get("carried") for row in steward(demo).rows(TABLE))


def test_only_what_a_filter_leaves_is_confirmed(demo: DemoCollege) -> None:
    carry(demo)
    name = steward(demo).rows(TABLE)[0]["values"]["company_name"]

    chosen = {"filter": f'["company_name", "=", "{name}"]'}
    told = steward(demo).post(f"data/{TABLE}/unchanged", chosen).json

    left = steward(demo).rows(TABLE)
    assert told["waiting"] == 5 - told["confirmed"]
    assert {row["values"]["company_name"] for row in left if not row.get("carried")} == {name}


@on_all_databases
def test_the_rows_that_wait_are_filtered_by_the_server(demo: DemoCollege) -> None:
    carry(demo)
    caller, waiting = steward(demo), '["sys_carried","=",true]'
    rows = caller.get(f"data/{TABLE}/rows?filter={waiting}").json
    first = rows["rows"][0]["id"]
    caller.post(f"data/{TABLE}/unchanged", {"ids": [first]})

    left = caller.get(f"data/{TABLE}/rows?filter={waiting}").json

    assert left["count"]["value"] == rows["count"]["value"] - 1
    assert first not in {row["id"] for row in left["rows"]}
    assert all(row["carried"] for row in left["rows"])


@on_all_databases
def test_a_table_is_not_finished_while_a_row_waits(demo: DemoCollege) -> None:
    carry(demo)
    submission = demo.submission(TABLE, DEPARTMENT)
    finish = f"submissions/{submission.id}/finish"

    refused = steward(demo).post(finish, {"version": str(submission.version)})
    steward(demo).post(f"data/{TABLE}/unchanged", {})
    done = steward(demo).post(finish, {"version": str(submission.version)})

    assert refused.status_code == 422
    assert "5 行复制自上年" in refused.json["detail"]
    assert done.status_code == 200
    assert demo.submission(TABLE, DEPARTMENT).status is Status.UNDER_REVIEW


def test_the_page_of_the_submission_counts_them_and_offers_no_finish(demo: DemoCollege) -> None:
    carry(demo)
    submission = demo.submission(TABLE, DEPARTMENT)

    page = steward(demo).get(f"/submissions/{submission.id}").get_data(as_text=True)

    assert "有 5 行复制自上年，尚未确认" in page
    assert f"/submissions/{submission.id}/finish" not in page


@on_all_databases
def test_last_years_values_are_told_by_this_years_row(demo: DemoCollege) -> None:
    carry(demo)
    row = steward(demo).rows(TABLE)[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    steward(demo).changes(TABLE, {**change, "values": {"cooperation_mode": "新的方式"}})

    told = steward(demo).get(f"data/{TABLE}/previous", ids=row["id"]).json

    assert told["period"]["code"] == "2024-2025"
    assert told["rows"][row["id"]]["cooperation_mode"] == row["values"]["cooperation_mode"]


def test_what_last_year_did_not_have_is_told_as_nothing(demo: DemoCollege) -> None:
    rows = demo.caller("jwc_steward").rows("course_textbook", limit=200)
    ids = ",".join(row["id"] for row in rows)

    told = demo.caller("jwc_steward").get("data/course_textbook/previous", ids=ids).json["rows"]

    assert set(told) == {row["id"] for row in rows}
    assert None in told.values()
    assert any(told.values())


def test_rows_out_of_scope_are_passed_over(demo: DemoCollege) -> None:
    rows = demo.caller("jdx_steward").rows("full_time_teacher")

    told = demo.caller("t_full").get(
        "data/full_time_teacher/previous", ids=",".join(row["id"] for row in rows)
    )

    assert told.json["rows"] == {}


def test_last_years_masked_values_stay_masked(demo: DemoCollege) -> None:
    office = demo.caller("qa")
    rows = office.rows("full_time_teacher", department="C01")
    ids = ",".join(row["id"] for row in rows)

    told = office.get("data/full_time_teacher/previous", ids=ids, department="C01").json["rows"]

    births = [values["birth_date"] for values in told.values() if values]
    assert births
    assert all("*" in birth for birth in births)


def test_a_teacher_takes_over_his_own_row_only(demo: DemoCollege) -> None:
    teacher = demo.caller("t_full")
    (own,) = teacher.rows("full_time_teacher")
    gone = {"op": "delete", "id": own["id"], "version": own["version"]}
    assert teacher.changes("full_time_teacher", gone).status_code == 200

    told = teacher.post("data/full_time_teacher/carry_forward", {}).json

    assert (told["created"], told["present"]) == (1, 0)
    (row,) = teacher.rows("full_time_teacher")
    assert row["carried"]
    assert row["values"]["staff_no"] == own["values"]["staff_no"]
    assert row["values"]["industry_days_this_year"] is None


def test_lessons_are_never_taken_over(demo: DemoCollege) -> None:
    answer = demo.caller("t_full").get("data/full_time_teaching_load/carry_forward")

    assert answer.status_code == 422
    assert "不复制上年数据" in answer.json["detail"]


def test_nothing_is_offered_where_last_year_was_not_accepted(demo: DemoCollege) -> None:
    before = demo.period(TABLE, demo.locked_cycle)
    with demo.session() as session:
        table = demo.submission(TABLE, DEPARTMENT).metadata.tables["sd_submission"]
        session.execute(
            table.update()
            .where(table.c.period == before, table.c.table_identifier == TABLE)
            .values(status="under_qa_review")
        )
        session.commit()

    answer = steward(demo).get(f"data/{TABLE}/carry_forward")

    assert answer.status_code == 422
    assert "上年数据未审核通过" in answer.json["detail"]


@pytest.mark.parametrize("username", ["jdx_head", "qa"])
def test_who_only_reads_takes_nothing_over(demo: DemoCollege, username: str) -> None:
    place = {"department": DEPARTMENT}

    answer = demo.caller(username).post(f"data/{TABLE}/carry_forward", place)

    assert answer.status_code == 403


def test_a_grid_page_with_last_year_asks_the_database_little(demo: DemoCollege) -> None:
    carry(demo)
    steward(demo).get(f"/data/{TABLE}/")
    with demo.counting() as statements:
        page = steward(demo).get(f"/data/{TABLE}/")
        rows = len(statements)
    row = steward(demo).rows(TABLE)[0]["id"]
    with demo.counting() as statements:
        steward(demo).get(f"/data/{TABLE}/{row}")

    assert page.status_code == 200
    assert rows <= 15
    # One more than pages may ask: who has contributed rows of the place.
    assert len(statements) <= 15 + 1
