"""The queue between those who ask for jobs and the workers, and what is told across meanwhile.

It carries keys of jobs only; what is asked for, by whom and what came of it stands in the
platform's database, so a queue that is lost costs nothing but a moment (``keeper`` sends again what
waits). Heartbeats, progress and the wish to stop go through here too, not through the database: on
SQLite an import holds its write lock while it writes.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from huey.registry import Message as QueueMessage
from huey.serializer import Serializer
from redis import ConnectionPool
from redis.exceptions import RedisError

from app.domain.job import Progress

NAME = "statedata"
FILE = "queue.db"
# In seconds. Longer than a beat by far, shorter than people wait before they ask somebody.
WORKER_SILENT = 20.0
# Waiting for Redis must not hold up a page.
REDIS_PATIENCE = 2.0
WORKER = "worker"
BEAT, PROGRESS, WISH, SEEN = "beat", "progress", "wish", "seen"
# Of a job, forgotten when it has ended.
OF_A_JOB = (BEAT, PROGRESS, WISH)


class QueueUnreachableError(Exception):
    """The queue cannot be asked now: Redis is down, or its file cannot be opened."""


class JsonSerializer(Serializer):  # type: ignore[misc]  # huey has no types
    """Messages as JSON: whoever gets at the queue sends keys of jobs, not objects to unpickle."""

    def _serialize(self, data: Any) -> bytes:
        fields = list(data) if isinstance(data, QueueMessage) else None
        return json.dumps({"value": data} if fields is None else {"message": fields}).encode()

    def _deserialize(self, data: bytes) -> Any:
        told = json.loads(data)
        return QueueMessage(*told["message"]) if "message" in told else told["value"]


class Queue:
    """The queue in a file of the platform's folder, or in Redis where an address is given.

    ``carry_out`` is set by a worker and called with the key of each job in its turn. Every method
    raises QueueUnreachableError.
    """

    def __init__(self, folder: Path, redis_url: str | None = None) -> None:
        self._folder = folder
        self._redis_url = redis_url
        self.carry_out: Callable[[str], None] | None = None

    @cached_property
    def huey(self) -> Huey:
        """The queue itself; made when it is first needed."""
        options: dict[str, Any] = {"results": False, "serializer": JsonSerializer()}
        if self._redis_url is not None:
            pool = ConnectionPool.from_url(
                self._redis_url,
                socket_timeout=REDIS_PATIENCE,
                socket_connect_timeout=REDIS_PATIENCE,
            )
            return RedisHuey(NAME, connection_pool=pool, **options)
        return SqliteHuey(NAME, filename=str(self._folder / FILE), **options)

    @cached_property
    def _task(self) -> Any:
        return self.huey.task(name="carry_out")(self._carry_out)

    def _carry_out(self, key: str) -> None:
        if self.carry_out is not None:
            self.carry_out(key)

    def send(self, key: str) -> None:
        """Put a job at the end of the queue; twice does no harm, it is begun once."""
        with self._reaching():
            self._task(key)

    def open(self) -> Huey:
        """The queue with what it calls, for a worker to take from."""
        with self._reaching():
            _known = self._task
            return self.huey

    def waiting(self) -> set[str]:
        """The keys that no worker has taken yet."""
        with self._reaching():
            _known = self._task
            return {task.args[0] for task in self.huey.pending()}

    def tell(self, key: str, progress: Progress) -> None:
        """How far a job has got."""
        self._put(PROGRESS, key, [progress.done, progress.total])

    def progress_of(self, key: str) -> Progress:
        """How far the job has got, as was told last."""
        return Progress(*(self._get(PROGRESS, key) or ()))

    def wish(self, key: str, number: str, name: str) -> None:
        """Let whoever carries the job out stop; number and name of the person who wants it."""
        self._put(WISH, key, [number, name])

    def wish_of(self, key: str) -> tuple[str, str] | None:
        """Number and name of who wants the job to stop; None where nobody does."""
        found = self._get(WISH, key)
        return None if found is None else (found[0], found[1])

    def beat(self, key: str) -> None:
        """A sign of life of whoever carries the job out."""
        self._put(BEAT, key, time.time())

    def beat_as_worker(self) -> None:
        """A sign of life of a worker."""
        self._put(WORKER, "", time.time())

    def last_beat(self, key: str) -> float | None:
        """When the job last gave a sign of life, in seconds since 1970."""
        beat = self._get(BEAT, key)
        return None if beat is None else float(beat)

    def has_worker(self) -> bool:
        """Whether any worker is alive; False also where the queue cannot be asked."""
        try:
            beat = self._get(WORKER, "")
        except QueueUnreachableError:
            return False
        return beat is not None and time.time() - beat < WORKER_SILENT

    def leave(self) -> None:
        """A worker ends; where there is another one, that beats again in a moment."""
        self._delete(WORKER, "")

    def note_seen(self, username: str, until: float) -> None:
        """The person has seen what ended until then."""
        if until > self.seen_until(username):
            self._put(SEEN, username, until)

    def seen_until(self, username: str) -> float:
        """Until when the person has seen what came of his jobs; 0.0 for never."""
        return float(self._get(SEEN, username) or 0.0)

    def forget(self, key: str) -> None:
        """Drop what was told about a job that has ended."""
        for kind in OF_A_JOB:
            self._delete(kind, key)

    def _put(self, kind: str, key: str, value: Any) -> None:
        with self._reaching():
            self.huey.put(f"{kind}:{key}", value)

    def _get(self, kind: str, key: str) -> Any:
        with self._reaching():
            return self.huey.get(f"{kind}:{key}", peek=True)

    def _delete(self, kind: str, key: str) -> None:
        with self._reaching():
            self.huey.delete(f"{kind}:{key}")

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (RedisError, sqlite3.Error, OSError) as error:
            raise QueueUnreachableError(str(error)) from error
