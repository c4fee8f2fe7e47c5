"""``catalogue check`` needs no database and names every fault."""

import shutil
from pathlib import Path

from tests.cli.conftest import CATALOGUE, Command


def test_the_catalogue_that_is_delivered_is_sound(command: Command) -> None:
    result = command("catalogue", "check")

    assert result.exit_code == 0
    assert "108" in result.output


def test_faults_are_named_with_their_file(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    shutil.copy(CATALOGUE.parent / "departments.yaml", tmp_path)
    path = folder / "07_majors.yaml"
    path.write_text(path.read_text("utf-8").replace("type: integer", "type: whole", 1), "utf-8")

    result = command("catalogue", "check", str(folder))

    assert result.exit_code == 1
    assert "07_majors.yaml" in result.output


def test_a_folder_that_is_not_there_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    assert command("catalogue", "check", str(tmp_path / "nowhere")).exit_code == 2
