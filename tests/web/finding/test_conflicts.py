"""The page of facts that two tables tell differently."""

from sqlalchemy import update

from tests.demo import DemoCollege
from tests.pages import links_of, text_of

TABLE = "full_time_teacher"
TOLD = "另一个名字"


def rename(demo: DemoCollege) -> str:
    """A teacher of C01 called otherwise than on the staff list; the number."""
    stored = demo.store.tables[TABLE]
    period = demo.period(TABLE)
    row = next(
        row
        for row in demo.stored(TABLE)
        if (row["sys_period"], row["sys_department"]) == (period, "C01")
    )
    change = update(stored.table).where(stored.identity[0] == row["sys_id"]).values(name=TOLD)
    with demo.session() as session:
        session.execute(change)
        session.commit()
    return str(row["staff_no"])


def test_both_places_are_shown_and_linked(demo: DemoCollege) -> None:
    number, qa = rename(demo), demo.caller("qa")

    with demo.counting() as statements:
        answer = qa.get("/findings/conflicts", table=TABLE, department="C01")

    page = text_of(answer)
    assert number in page
    assert TOLD in page
    ways = [link for link in links_of(answer) if "field=name" in link]
    assert {link.split("/")[2] for link in ways} == {"staff", TABLE}
    assert len(statements) <= 15


def test_who_reads_one_of_both_only_sees_no_conflict(demo: DemoCollege) -> None:
    rename(demo)

    for who in ("qcx_steward", "jwc_steward"):
        answer = demo.caller(who).get("/findings/conflicts")
        assert answer.status_code == 200
        assert TOLD not in text_of(answer)


def test_a_teacher_has_no_such_page(demo: DemoCollege) -> None:
    assert demo.caller("t_full").get("/findings/conflicts").status_code == 403
