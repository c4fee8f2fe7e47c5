"""What is dear to make: made once per run and kind of database, kept until the run ends.

Where tests run in several processes, a fixture of the whole run with parameters would be taken
down and made again for every file, since each file asks for all kinds in turn.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from tests import services

Made = TypeVar("Made")
# Kind of database → what was made on it.
Kept = Callable[[str], Made]


@contextmanager
def kept(
    make: Callable[[str, Path, ExitStack], Made], factory: pytest.TempPathFactory
) -> Iterator[Kept[Made]]:
    """Makes a thing on the first call for a kind, given address, folder and what ends with it."""
    with ExitStack() as stack:

        @cache
        def made(kind: str) -> Made:
            folder = factory.mktemp("kept")
            url = stack.enter_context(services.database(kind, folder))
            return make(url, folder, stack)

        yield made
