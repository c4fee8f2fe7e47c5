"""What a department owes for a table, and how a table is assigned as a whole."""

from app.domain.assignment import AssignmentKind, TableAssignment, table_assignment

RESPONSIBLE, OWN_STAFF, GUIDANCE = AssignmentKind


def test_guidance_alone_makes_no_submission() -> None:
    silent = [kind for kind in AssignmentKind if not kind.makes_submission]

    assert silent == [AssignmentKind.GUIDANCE]


def test_one_department_that_is_responsible_is_alone() -> None:
    plan = table_assignment("course", {"A03": RESPONSIBLE})

    assert plan == TableAssignment("course", RESPONSIBLE, ("A03",))
    assert plan.kinds == {"A03": RESPONSIBLE}


def test_several_responsible_departments_report_each_for_itself() -> None:
    plan = table_assignment("course", {"C02": RESPONSIBLE, "C01": RESPONSIBLE})

    assert (plan.kind, plan.departments) == (OWN_STAFF, ("C01", "C02"))


def test_what_several_fill_in_stays_so_for_one() -> None:
    plan = table_assignment("course", {"C01": OWN_STAFF, "A02": GUIDANCE})

    assert (plan.kind, plan.departments, plan.guidance) == (OWN_STAFF, ("C01",), ("A02",))
    assert str(plan) == "C01 (A02)"


def test_a_table_without_departments_is_unassigned() -> None:
    assert table_assignment("course", {}) == TableAssignment("course")
    assert str(TableAssignment("course")) == ""
