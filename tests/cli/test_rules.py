"""``rules check`` tries every rule on its cases and names every fault with its place."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import CATALOGUE, Command

MAJORS = "07_majors.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The delivered catalogue with one of the delivered files of rules, to be spoilt.

    The first test tries the rules of all files; trying them again takes seconds for every fault.
    """
    shutil.copytree(CATALOGUE, tmp_path / "catalogue")
    (tmp_path / "rules").mkdir()
    shutil.copy(CATALOGUE.parent / "rules" / MAJORS, tmp_path / "rules")
    shutil.copy(CATALOGUE.parent / "departments.yaml", tmp_path)
    return tmp_path / "catalogue"


def spoil(folder: Path, before: str, after: str) -> None:
    path = folder.parent / "rules" / MAJORS
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")


def test_the_rules_that_are_delivered_are_sound(command: Command) -> None:
    result = command("rules", "check")

    assert result.exit_code == 0, result.output


def test_one_file_of_them_is_sound_by_itself(command: Command, folder: Path) -> None:
    result = command("rules", "check", str(folder))

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("registered <= admitted", "registered <= admited", "admitted"),
        ("registered <= admitted", "registered >= admitted", "QR.MAJOR_RECRUITMENT.*.11"),
        ("table: class_group, measure", "table: class_grup, measure", "class_grup"),
        ("field: admitted}", "field: registred}", "registred"),
        ("measure: count", "measure: count, also: [{table: class_grup, field: a}]", "class_grup"),
        ("measure: count", "measure: count, also: [{tabel: staff, field: name}]", "tabel"),
        ("measure: count", "measure: count, also: [{table: staff, field: name}]", "几份名单"),
        ("type: {label: 7.2.1", "practice_hours: {label: 7.2.1", "practice_hours"),
        ("QR.MAJOR.*.12", "QR.MAJOR.*.11", "QR.MAJOR.*.11"),
        ("QR.MAJOR.*.12", "QR.MAJOR.12", "QR.MAJOR.12"),
        ("registered: 40, admitted: 40", "registred: 40, admitted: 40", "registred"),
    ],
)
def test_a_fault_is_named(
    command: Command, folder: Path, before: str, after: str, told: str
) -> None:
    spoil(folder, before, after)

    result = command("rules", "check", str(folder))

    assert result.exit_code == 1
    assert told in result.output


def test_a_fault_of_a_condition_is_pointed_at(command: Command, folder: Path) -> None:
    spoil(folder, "registered <= admitted", "registered <= admited")

    lines = command("rules", "check", str(folder)).output.splitlines()

    text, mark = lines[-2:]
    assert text[mark.index("^") :] == "admited"
