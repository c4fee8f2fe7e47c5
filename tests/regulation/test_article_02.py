"""Article 2: one ordered body of data, and procedures that are kept and recorded."""

from app.catalogue.base_table import TableKind
from app.domain.period import PeriodKind
from app.domain.submission import Status
from tests.college import College
from tests.factories import seed_catalogue
from tests.submissions import submission_at

REPORTING = ("enter", "finish", "review", "confirm", "receive", "accept")


def test_every_table_is_described_once_with_its_period_and_its_key() -> None:
    """「对高等职业院校人才培养工作状态数据进行战略重组和系统优化」"""
    tables = seed_catalogue().reported.values()

    assert len({table.number for table in tables}) == len({table.title for table in tables})
    assert [t.identifier for t in tables if t.kind is TableKind.LIST and not t.key_fields] == []
    assert {table.period for table in tables} <= set(PeriodKind)


def test_every_step_of_the_procedure_leaves_its_record(college: College) -> None:
    """「促进管理的制度化、规范化、信息化」"""
    submission = submission_at(college, Status.ACCEPTED, rows=1)

    entries = college.entries(f"submission:{submission.id}")
    assert [entry.tag for entry in entries] == [f"submission.{verb}" for verb in REPORTING]
    assert all(entry.person_name and entry.at for entry in entries)
