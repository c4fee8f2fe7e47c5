"""Begins to play the demo college as soon as the tests of a run are known, beside the first tests.

A run of few files is left alone: who asks for the college there plays it. In a run of several
processes each knows the tests, but only the one that rules them outlives them all.
"""

from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.demo_play import begin, end

# With fewer files without the demo nothing would run meanwhile.
ENOUGH_FILES = 5
WANTED = "demo.wanted"
PLAYER = pytest.StashKey[Popen[bytes] | None]()


def folder_of(config: pytest.Config) -> Path:
    """The folder of a run that all its processes share."""
    # There is no public way to it outside fixtures; pytest-xdist takes this one too.
    own: Path = config._tmp_path_factory.getbasetemp()
    return own.parent if hasattr(config, "workerinput") else own


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to play where it is worth it; as one of several processes say so."""
    config = session.config
    wanting = {item.path for item in session.items if "demo_played" in fixtures_of(item)}
    others = {item.path for item in session.items} - wanting
    if config.option.collectonly or not wanting or len(others) < ENOUGH_FILES:
        return
    if hasattr(config, "workerinput"):
        (folder_of(config) / WANTED).touch()
    else:
        config.stash[PLAYER] = begin(folder_of(config))


def fixtures_of(item: pytest.Item) -> list[str]:
    """The names of everything a test asks for, by way of others too."""
    return list(getattr(item, "fixturenames", ()))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Begin to play when the first of several processes has said that it is worth it."""
    config: pytest.Config = node.config
    if PLAYER not in config.stash and (folder_of(config) / WANTED).exists():
        config.stash[PLAYER] = begin(folder_of(config))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no player behind."""
    player = config.stash.get(PLAYER, None)
    if player is not None:
        end(player)
