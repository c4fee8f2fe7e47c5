"""The grid's own modules, tested by node's test runner."""

import subprocess
from pathlib import Path

from tools.vendor import find_node

HERE = Path(__file__).parent


def test_the_modules_of_the_pages_keep_their_promises() -> None:
    """Every ``*.test.mjs`` beside this file passes; its report is shown if not."""
    files = sorted(HERE.glob("*.test.mjs"))

    run = subprocess.run(
        [find_node(), "--test", *files], check=False, capture_output=True, text=True
    )

    assert files
    assert run.returncode == 0, run.stdout[-4000:]
