"""Findings over JSON: seen, explained, ruled on and listed as people do it one after the other."""

from typing import Any

from tests.demo import Caller, DemoCollege, on_all_databases

TABLE, DEPARTMENT, RULE = "course_textbook", "A03", "QR.COURSE_TEXTBOOK.*.11"


def place(demo: DemoCollege) -> dict[str, str]:
    return {"period": demo.period(TABLE), "department": DEPARTMENT}


def steward(demo: DemoCollege) -> Caller:
    return demo.caller("jwc_steward")


def findings(caller: Caller, demo: DemoCollege) -> list[dict[str, Any]]:
    told = caller.get(f"data/{TABLE}/findings", **place(demo)).json["findings"]
    return [each for each in told if each["rule"] == RULE]


def with_an_old_book(demo: DemoCollege) -> dict[str, Any]:
    """A text book of 1990 in the open year, which a rule warns of."""
    row = steward(demo).rows(TABLE, **place(demo))[0]
    change = {"op": "update", "id": row["id"], "version": row["version"]}
    change["values"] = {"edition_year": 1990}
    body = {**place(demo), "changes": [change]}
    assert steward(demo).post(f"data/{TABLE}/changes", body).status_code == 200
    [found] = findings(steward(demo), demo)
    return found


def explain(demo: DemoCollege, found: dict[str, Any], **told: Any) -> Any:
    chosen = {"mark": found["mark"], "seen": found["seen"], **told}
    body = {**place(demo), "findings": [chosen], "text": "经典教材，仍在使用"}
    return steward(demo).post(f"data/{TABLE}/explanations", body)


@on_all_databases
def test_a_warning_is_explained_and_the_explanation_adopted(demo: DemoCollege) -> None:
    found = with_an_old_book(demo)
    assert (found["state"], found["severity"], found["field"]) == (
        "open",
        "warning",
        "edition_year",
    )

    assert explain(demo, found).json == {"explained": 1}
    body = {**place(demo), "marks": [found["mark"]], "adopts": True}
    ruled = demo.caller("qa").post(f"data/{TABLE}/rulings", body)

    assert ruled.json == {"ruled": 1}
    [after] = findings(demo.caller("qa"), demo)
    assert (after["state"], after["state_label"]) == ("adopted", "说明已采纳")
    assert after["explanation"]["text"] == "经典教材，仍在使用"


def test_a_rejection_needs_a_reason(demo: DemoCollege) -> None:
    found = with_an_old_book(demo)
    explain(demo, found)
    body = {**place(demo), "marks": [found["mark"]], "adopts": False}

    answer = demo.caller("qa").post(f"data/{TABLE}/rulings", body)

    assert answer.status_code == 422
    assert findings(steward(demo), demo)[0]["state"] == "explained"


def test_what_has_changed_meanwhile_is_a_conflict(demo: DemoCollege) -> None:
    answer = explain(demo, with_an_old_book(demo), seen="0" * 64)

    assert answer.status_code == 409
    assert findings(steward(demo), demo)[0]["state"] == "open"


def test_the_list_holds_what_was_explained_and_its_counts(demo: DemoCollege) -> None:
    found = with_an_old_book(demo)
    explain(demo, found)

    told = demo.caller("qa").get("findings", table=TABLE, state="explained").json

    assert found["mark"] in [each["mark"] for each in told["findings"]]
    assert sum(each["count"] for each in told["counts"]) == len(told["findings"])
    assert told["next"] is None


def test_a_waived_rule_is_held_again_when_the_waiver_ends(demo: DemoCollege) -> None:
    with_an_old_book(demo)
    body = {**place(demo), "rule": RULE, "reason": "本年度不作要求"}
    waiver = demo.caller("qa").post(f"data/{TABLE}/waivers", body).json["id"]
    [waived] = findings(steward(demo), demo)

    ended = demo.caller("qa").post(f"waivers/{waiver}/end", {"reason": "恢复要求"})

    assert (waived["state"], waived["waived_because"]) == ("waived", "本年度不作要求")
    assert ended.status_code == 200
    assert findings(steward(demo), demo)[0]["state"] == "open"


def test_the_answer_tells_who_may_explain_and_which_rules_have_a_page(demo: DemoCollege) -> None:
    asked = {"period": demo.period("course"), "department": "A03"}

    steward = demo.caller("jwc_steward").get("data/course/findings", **asked).json
    office = demo.caller("qa").get("data/course/findings", **asked).json

    assert steward["why_not_explain"] is None
    assert office["why_not_explain"]
    assert all(found["is_across"] for found in steward["findings"])
    assert {found["rule"] for found in steward["findings"]} == set(steward["rule_pages"])
