"""The demo college played once per run, by a program of its own: ``python -m tests.demo_play``.

Playing takes most of a minute, since two collection years are told with real actions. A run of many
files begins it as soon as they are collected, so that tests that need no demo run meanwhile; a run
of few files plays it when a test asks. Whoever plays holds ``demo.lock``, and who needs the college
waits for that. It is made as a college is made on its first start, by ``run.py``;
``tests/bootstrap/test_run.py`` looks at what that left. That it can be made on a server is shown by
``tests/cli/test_cycle.py``.
"""

import fcntl
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from unittest.mock import patch

from sqlalchemy import create_engine, update
from werkzeug.security import generate_password_hash

import run
from app.bootstrap import create_app
from app.cli.installation import install
from app.jobs.execution import end_with_parent
from app.models.permission import user
from config import EMBEDDED_DATABASE
from tests.architecture.source import ROOT

PASSWORD = "Demo-2026"
INSTANCE, ORIGINAL, LOCK, LOG = "demo-instance", "demo.db", "demo.lock", "demo.log"


def begin(folder: Path) -> Popen[bytes] | None:
    """Begin playing into ``folder`` and return the player, which ends with this process.

    It keeps the lock until it has ended, however it ends. None if somebody else has begun.
    """
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        return None if (folder / LOG).exists() else _player(folder, lock.fileno())


def end(player: Popen[bytes]) -> None:
    """End the player, whether it has done or not."""
    player.terminate()
    player.communicate()


def played(folder: Path) -> Path:
    """The folder with the college, played now unless that has been begun; waits until it is done.

    Raises RuntimeError with what the player said where it could not be played.
    """
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / LOG).exists():
            with _ending(_player(folder, lock.fileno())) as player:
                player.wait()
    if not (folder / ORIGINAL).exists():
        said = (folder / LOG).read_text("utf-8")
        raise RuntimeError(f"the demo college could not be played:\n{said}")
    return folder


def _player(folder: Path, lock: int) -> Popen[bytes]:
    settings = {"STATEDATA_INSTANCE": str(folder / INSTANCE), "STATEDATA_DEMO": "1"}
    command = [sys.executable, "-m", "tests.demo_play", str(folder)]
    with (folder / LOG).open("wb") as log:
        return Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **settings},
            pass_fds=[lock],
            stdin=PIPE,
            stdout=log,
            stderr=STDOUT,
        )


@contextmanager
def _ending(player: Popen[bytes]) -> Iterator[Popen[bytes]]:
    try:
        yield player
    finally:
        end(player)


def start() -> None:
    """Start the platform of the environment as ``run.py`` does, and close it before it serves."""
    application = create_app()
    with application.app_context():
        run.make_ready(application)
        run.close(run.Platform(application))


def interrupted_start() -> None:
    """Start the platform as somebody does who gives up meanwhile. Raises KeyboardInterrupt."""

    def interrupted(*arguments: object, **named: object) -> None:
        install(*arguments, **{**named, "demo": False})
        raise KeyboardInterrupt

    with patch.object(run, "install", interrupted):
        start()


def main(folder: Path) -> None:
    """Play after a start that was interrupted, and offer the college to be copied."""
    end_with_parent(sys.stdin.fileno())
    # As for the tests themselves, see setup.cfg.
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", "Using the in-memory storage", UserWarning)
    with suppress(KeyboardInterrupt):
        interrupted_start()
    start()
    begun = folder / "demo-begun.db"
    shutil.copyfile(folder / INSTANCE / EMBEDDED_DATABASE, begun)
    _cheapen_passwords(begun)
    begun.rename(folder / ORIGINAL)


def _cheapen_passwords(file: Path) -> None:
    """Hash the password in one round: the real ones cost a tenth of a second for every sign-in."""
    engine = create_engine(f"sqlite:///{file}")
    cheap = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
    with engine.begin() as connection:
        connection.execute(update(user).where(user.c.password.is_not(None)).values(password=cheap))
    engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
