"""Builds ``dist/statedata-*.whl``, which a server installs without Node or a checkout.

The package is put together in a temporary folder: ``app`` as it is, and in ``app/_data`` the
folders that lie beside it in a checkout. Nothing is left behind in the checkout.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD_FILES = (
    "pyproject.toml",
    "setup.cfg",
    "requirements.in",
    "README.md",
    "LICENSE",
    "config.py",
)
DATA_FOLDERS = ("seed", "translations", "migrations")
# What a build needs first, with the command that makes it.
BUILT = {
    "app/web/static/vendor/manifest.json": "python tools/vendor.py",
    "translations/zh/LC_MESSAGES/messages.mo": "pybabel compile --directory translations",
}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "_data", "fragments", "babel.cfg")


def assemble(folder: Path) -> None:
    """Copy what the wheel is made of into ``folder``."""
    for name in BUILD_FILES:
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "app", folder / "app", ignore=LEFT_OUT)
    for name in DATA_FOLDERS:
        shutil.copytree(ROOT / name, folder / "app" / "_data" / name, ignore=LEFT_OUT)


def main() -> int:
    """Build the wheel; exit code 1 where something has to be built before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outdir", type=Path, default=ROOT / "dist", help="where the wheel goes")
    target = parser.parse_args().outdir.resolve()
    missing = {name: command for name, command in BUILT.items() if not (ROOT / name).exists()}
    for name, cure in missing.items():
        print(f"{name} is missing: run {cure}")
    if missing:
        return 1
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)]
    with tempfile.TemporaryDirectory() as folder:
        assemble(Path(folder))
        subprocess.run([*build, folder], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
