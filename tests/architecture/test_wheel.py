"""The wheel carries everything: a server needs neither a checkout nor Node."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

START = """
import app.bootstrap
application = app.bootstrap.create_app({"SECRET_KEY": "k" * 40}, {})
print(app.bootstrap.find_root())
print(application.test_client().get("/login/").status_code)
"""


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "tools.build_wheel", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    wheel = next(folder.glob("*.whl"))
    zipfile.ZipFile(wheel).extractall(folder / "installed")
    return folder / "installed"


@pytest.mark.parametrize(
    "path",
    [
        "app/_data/seed/catalogue/code_lists.yaml",
        "app/_data/migrations/env.py",
        "app/_data/translations/zh/LC_MESSAGES/messages.mo",
        "app/web/static/vendor/manifest.json",
        "app/rules/pinyin_initials.txt",
    ],
)
def test_the_wheel_carries_what_lies_beside_the_package(unpacked_wheel: Path, path: str) -> None:
    assert (unpacked_wheel / path).is_file()


def test_the_wheel_starts_away_from_the_checkout(unpacked_wheel: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked_wheel)}

    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == [str(unpacked_wheel / "app" / "_data"), "200"], done.stderr
