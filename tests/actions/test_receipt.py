"""One sheet for what a head has confirmed, and its signed scan."""

from dataclasses import replace

import pytest

from app.actions.receipt import add_scan, issue_for_department, issue_receipts, open_scan
from app.actions.supporting_material import MaterialDraft
from app.domain.message import Reason, Refused
from app.domain.receipt import ReceiptEntry, receipt_hash
from app.domain.submission import Status, Verb
from app.models.receipt import Receipt, ReceiptTable
from app.reports.receipt import issuable, list_receipts, read_receipt
from tests.college import NOW, College
from tests.people import People
from tests.submissions import submission_at

TABLES = ("course", "institutional_innovation")
SCAN = MaterialDraft("确认单.pdf", "pdf", b"%PDF-1.4 signed", None)


@pytest.fixture
def receipt(college: College, people: People) -> Receipt:
    """The sheet of the two tables that the head of 教务处 has confirmed."""
    numbers = [submission_at(college, Status.SUBMITTED, table).id for table in TABLES]
    [made] = issue_receipts(college.session, numbers, by=people.wang_qiang, now=NOW)
    return made


def entries(college: College) -> list[ReceiptEntry]:
    found = [college.submission(table) for table in TABLES]
    year = college.cycle.academic_year
    return [
        ReceiptEntry(each.table_identifier, "A03", year, each.content_hash or "") for each in found
    ]


def test_the_hash_stands_for_the_confirmed_contents_in_any_order(
    college: College, receipt: Receipt
) -> None:
    told = entries(college)
    other = [replace(told[0], content_hash="0" * 64), told[1]]

    assert receipt.content_hash == receipt_hash(told) == receipt_hash(reversed(told))
    assert receipt.content_hash not in {receipt_hash(other), receipt_hash(told[:1])}
    assert (receipt.table_count, len(college.all(ReceiptTable))) == (2, 2)
    entry = college.entries(f"receipt:{receipt.id}")[-1]
    assert (entry.tag, entry.content_hash) == ("receipt.issue", receipt.content_hash)


def test_what_others_confirmed_or_was_sent_back_is_on_no_sheet(
    college: College, people: People
) -> None:
    reported = submission_at(college, Status.SUBMITTED)
    college.step(reported, Verb.WITHDRAW, by=people.wang_qiang, reason="有误")
    other = submission_at(college, Status.SUBMITTED, "institutional_innovation")

    own = issue_receipts(college.session, [reported.id], by=people.wang_qiang, now=NOW)
    foreign = issue_receipts(college.session, [other.id], by=people.zhao_yong, now=NOW)

    assert own == foreign == []


def test_a_table_that_came_back_counts_no_more_on_its_sheet(
    college: College, people: People, receipt: Receipt
) -> None:
    college.step(college.submission("course"), Verb.WITHDRAW, by=people.wang_qiang, reason="有误")

    page = read_receipt(college.session, college.store, people.li_jing, receipt.id)

    assert {each.title: each.counts for each in page.tables} == {
        college.store.catalogue.tables["course"].title: False,
        college.store.catalogue.tables["institutional_innovation"].title: True,
    }


def test_everything_that_stands_confirmed_goes_on_one_sheet(
    college: College, people: People
) -> None:
    for table in TABLES:
        submission_at(college, Status.SUBMITTED, table)
    place = (college.session, college.founded.cycle_id, "A03")
    for name in ("li_jing", "zhou_min", "zhao_yong", "leader"):
        with pytest.raises(Refused):
            issue_for_department(*place, by=getattr(people, name), now=NOW)

    made = issue_for_department(*place, by=people.wang_qiang, now=NOW)

    assert made.content_hash == receipt_hash(entries(college))
    [line] = list_receipts(college.session, people.zhou_min, college.cycle)
    assert (line.number, line.scans) == (f"2025-2026-A03-{made.id:05d}", 0)
    [department] = issuable(college.session, people.wang_qiang, college.cycle)
    assert department.confirmed == 2
    assert issuable(college.session, people.li_jing, college.cycle) == []


def test_without_anything_confirmed_there_is_no_sheet(college: College, people: People) -> None:
    place = (college.session, college.founded.cycle_id, "A03")

    with pytest.raises(Refused) as refused:
        issue_for_department(*place, by=people.wang_qiang, now=NOW)

    assert refused.value.reason is Reason.INVALID
    assert college.all(Receipt) == []


def test_the_scan_is_bound_to_the_hash_and_every_look_is_recorded(
    college: College, people: People, receipt: Receipt
) -> None:
    for name in ("zhou_min", "chen_gang", "leader", "ma_chao"):
        with pytest.raises(Refused):
            add_scan(college.session, receipt.id, SCAN, by=getattr(people, name), now=NOW)

    scan = add_scan(college.session, receipt.id, SCAN, by=people.li_jing, now=NOW)
    found, content = open_scan(college.session, scan.id, by=people.zhou_min, now=NOW)
    with pytest.raises(Refused) as foreign:
        open_scan(college.session, scan.id, by=people.chen_gang, now=NOW)

    assert (found.receipt_hash, content) == (receipt.content_hash, SCAN.content)
    assert foreign.value.reason is Reason.NOT_FOUND
    tags = [entry.tag for entry in college.entries(f"receipt:{receipt.id}")]
    assert tags == ["receipt.issue", "receipt.add_scan", "receipt.open_scan"]


def test_a_sheet_is_made_again_only_of_what_was_confirmed_anew(
    college: College, people: People, receipt: Receipt
) -> None:
    place, how = (college.session, college.founded.cycle_id, "A03"), {"by": people.wang_qiang}
    assert issue_for_department(*place, **how, now=NOW).id == receipt.id

    college.step(college.submission("course"), Verb.WITHDRAW, by=people.wang_qiang, reason="有误")

    assert issue_for_department(*place, **how, now=NOW).id != receipt.id
