"""``validate`` prints what the rules say of a table."""

from tests.cli.conftest import Command


def test_findings_of_a_table_are_printed_department_by_department(command_on_demo: Command) -> None:
    result = command_on_demo("validate", "on_campus_base", "--department", "B03")

    assert result.exit_code == 1
    assert "B03：8 行，错误 3 个，警告 0 个" in result.output
    assert "QR.ON_CAMPUS_BASE.*.11" in result.output


def test_an_unknown_table_is_told_in_words(command_on_demo: Command) -> None:
    result = command_on_demo("validate", "nothing")

    assert result.exit_code == 1
    assert "nothing" in result.output
