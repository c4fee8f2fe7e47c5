"""Requests as people meet them: on the page of the table, in the queue, over JSON."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.submission import Status
from app.models.request import Request
from tests.demo import DemoCollege
from tests.pages import form_of, text_of
from tests.rights.place import TABLE

MOST_STATEMENTS = 15
# The demo college's own story lies before.
START = datetime.now(UTC)
LATER = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()


@pytest.fixture(autouse=True)
def at_work(demo: DemoCollege) -> None:
    """Nothing has been reported of the two departments' tables."""
    for department in ("C01", "C02"):
        demo.set_status(TABLE, department, Status.ENTERING)


def number_of(demo: DemoCollege, department: str = "C01") -> int:
    return demo.submission(TABLE, department).id


def ask(demo: DemoCollege, department: str = "C01", **typed: str) -> int:
    """Ask for more time by the form; the status of the answer."""
    name = {"C01": "qcx_steward", "C02": "jdx_steward"}[department]
    address = f"/requests/submissions/{number_of(demo, department)}/extension"
    sent = {"reason": "等待教务数据", "until_on": LATER, **typed}
    return demo.caller(name).post(address, data=sent).status_code


def requests(demo: DemoCollege) -> list[Request]:
    with demo.session() as session:
        query = select(Request).where(Request.asked_at > START).order_by(Request.id)
        return list(session.scalars(query))


def test_a_steward_asks_and_the_office_grants_many_at_once(demo: DemoCollege) -> None:
    assert (ask(demo, "C01"), ask(demo, "C02")) == (303, 303)
    office = demo.caller("qa")
    assert "有 2 件申请等您决定" in text_of(office.get("/"))
    queue = office.get("/requests/")
    assert "等待教务数据" in text_of(queue)

    chosen = [f"{each.id}-{each.version}" for each in requests(demo)]
    answer = office.post("/requests/decide/answer", data={"chosen": chosen})

    assert answer.status_code == 303
    assert {each.status.value for each in requests(demo)} == {"granted"}
    page = text_of(demo.caller("qcx_steward").get(f"/submissions/{number_of(demo)}"))
    assert "已同意" in page
    assert demo.submission(TABLE, "C01").due_at == requests(demo)[0].until


def test_a_refusal_without_reason_is_told_and_everything_stays_ticked(demo: DemoCollege) -> None:
    ask(demo)
    [request] = requests(demo)
    chosen = f"{request.id}-{request.version}"

    answer = demo.caller("qa").post(
        "/requests/decide/refuse", data={"chosen": chosen, "until_on": LATER}
    )

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'value="{chosen}" checked' in page
    assert f'value="{LATER}"' in page


@pytest.mark.parametrize("wrong", [{"until_on": "明天"}, {"cause": "天气"}])
def test_a_remark_on_one_request_stays_when_it_is_refused(
    demo: DemoCollege, wrong: dict[str, str]
) -> None:
    ask(demo)
    [request] = requests(demo)
    sent = {"version": str(request.version), "reason": "请尽快补齐", **wrong}

    answer = demo.caller("qa").post(f"/requests/{request.id}/answer", data=sent)

    assert answer.status_code == 422
    assert "请尽快补齐" in answer.get_data(as_text=True)
    assert [each.status.value for each in requests(demo)] == ["asked"]


@pytest.mark.parametrize("typed", [{"until_on": "明天"}, {"until_on": "2020-01-01"}])
def test_what_was_typed_into_a_refused_form_stays(demo: DemoCollege, typed: dict[str, str]) -> None:
    address = f"/requests/submissions/{number_of(demo)}/extension"
    sent = {"reason": "等待教务数据", **typed}

    answer = demo.caller("qcx_steward").post(address, data=sent)

    assert answer.status_code == 422
    assert "等待教务数据" in text_of(answer)
    assert requests(demo) == []


def test_an_accepted_table_is_opened_by_two_over_json(demo: DemoCollege) -> None:
    demo.set_status(TABLE, "C01", Status.ACCEPTED)
    found = demo.submission(TABLE, "C01")
    body = {"version": found.version, "reason": "上级退回", "cause": "authority"}

    first = demo.caller("qa").post(f"submissions/{found.id}/reopen", body)
    again = demo.caller("qa").post(f"submissions/{found.id}/reopen", body)
    second = demo.caller("qa2").post(f"submissions/{found.id}/reopen", body)

    assert (first.status_code, first.json["status"]) == (200, "accepted")
    assert again.status_code == 403
    assert (second.status_code, second.json["status"]) == (200, "returned")
    listed = demo.caller("leader").get("requests").json["requests"]
    assert [(each["kind"], each["cause"]) for each in listed] == [("reopening", "authority")]


def test_the_page_of_an_accepted_table_asks_who_caused_it(demo: DemoCollege) -> None:
    demo.set_status(TABLE, "C01", Status.ACCEPTED)
    address = f"/submissions/{number_of(demo)}"
    page = demo.caller("qa").get(address)
    assert "由谁造成" in text_of(page)
    version = demo.submission(TABLE, "C01").version
    sent = {"version": str(version), "reason": "口径有变", "cause": "qa_office"}

    asked = demo.caller("qa").post(f"{address}/reopen", data=sent)

    assert asked.status_code == 302
    waiting = demo.caller("leader").get(address)
    assert "口径有变" in text_of(waiting)
    [request] = requests(demo)
    decided = demo.caller("leader").post(f"/requests/{request.id}/answer", data={"version": "1"})
    assert decided.status_code == 303
    assert demo.submission(TABLE, "C01").status is Status.RETURNED


def test_a_leader_unlocks_the_year_for_the_ticked_tables(demo: DemoCollege) -> None:
    address = f"/requests/cycles/{demo.locked_cycle.id}"
    page = demo.caller("qa").get(address)
    table = page.get_data(as_text=True).partition('name="table" value="')[2].partition('"')[0]
    refused = demo.caller("qa").post(address, data={"reason": "漏报", "cause": "department"})
    assert refused.status_code == 422
    assert "漏报" in text_of(refused)

    sent = {"reason": "漏报", "cause": "department", "table": table}
    assert demo.caller("qa").post(address, data=sent).status_code == 303
    [request] = requests(demo)
    demo.caller("leader").post(f"/requests/{request.id}/answer", data={"version": "1"})

    assert demo.locked_cycle.status.value == "closed"
    page = text_of(demo.caller("qa").get(f"/submissions/{table}"))
    assert "漏报" in page


def test_pages_ask_few_statements(demo: DemoCollege) -> None:
    ask(demo, "C01")
    ask(demo, "C02")
    addresses = {
        "qa": ["/requests/", f"/requests/cycles/{demo.locked_cycle.id}"],
        "qcx_steward": ["/requests/", f"/requests/submissions/{number_of(demo)}"],
    }
    for name, paths in addresses.items():
        for path in paths:
            caller = demo.caller(name)
            with demo.counting() as seen:
                assert caller.get(path).status_code == 200
            assert len(seen) <= MOST_STATEMENTS, (path, len(seen))


def test_a_form_names_its_fields(demo: DemoCollege) -> None:
    ask(demo)
    page = demo.caller("qa").get("/requests/")

    assert set(form_of(page, "request-queue")) >= {"csrf_token", "until_on", "reason"}
