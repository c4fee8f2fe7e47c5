"""What clients of a running server see: a process of its own, asked over the loopback.

The server is the one that ``run.py`` starts. Its processor time and its memory are the system's
own figures of that process, so nothing that the client does counts.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy.orm import Session
from waitress import serve

from app.actions.assignment import Proposed, assign
from app.bootstrap import create_app
from app.domain.assignment import AssignmentKind
from app.models.base_table import create_missing
from app.models.cycle import Cycle
from benchmarks import transfer
from benchmarks.college import DEPARTMENT, NOW, PASSWORD, TABLE, YEAR, College, office
from benchmarks.measure import Line, cpu_seconds
from tests.exchange.corpus.manifest import CASES

THREADS = 8
STARTED_WITHIN = 60.0
TIMES = 5
IMPORTED = "course"
EXPORT_TARGET = 1.6
FIRST_BYTE = 0.3
MEMORY = 40.0
CORPUS_MEMORY = 300.0
CORPUS_SECONDS = 10.0
MEGABYTE = 1024 * 1024
SETTINGS = ("SQLALCHEMY_DATABASE_URI", "SECRET_KEY", "STATEDATA_INSTANCE")


def export_measures(college: College, kind: str, rows: int) -> Iterator[Line]:
    """First byte, processor time and memory of exports of all rows through their endpoint."""
    floors = {
        "xlsx": cpu_seconds(lambda: transfer._barest(college), 3),
        "csv": cpu_seconds(lambda: transfer._read(college), 3),
    }
    with serving(college) as server:
        server.sign_in()
        for ending, floor in floors.items():
            address = f"/api/v1/data/{TABLE}/export.{ending}?{_place(college)}"
            shown = f"export of {rows:,} rows through the endpoint, .{ending}, {kind}"
            server.get(address)
            began = [server.first_byte(address) for _ in range(TIMES)]
            yield Line(f"{shown}: first byte", median(began), None, "s", FIRST_BYTE)
            taken = [server.taken(lambda: server.get(address)) for _ in range(3)]  # noqa: B023
            spent, memory = min(taken)[0], max(one[1] for one in taken)
            yield Line(f"{shown}: CPU", spent, floor, "s", EXPORT_TARGET)
            yield Line(f"{shown}: memory over idle", memory, None, "MB", MEMORY)


def corpus_measures(college: College, kind: str) -> Iterator[Line]:
    """The hostile files tried out one after the other: the worst of them."""
    _let_import(college)
    place = college.store.tables[IMPORTED].spec.period_in(YEAR).code
    form = {"period": place, "department": DEPARTMENT}
    address = f"/api/v1/data/{IMPORTED}/imports?dry_run=1"
    taken = []
    with serving(college) as server:
        server.sign_in()
        server.send_file(address, form, "warm.csv", b"")
        for case in CASES:
            content = case.make()
            name = case.file_name
            spent = server.taken(lambda: server.send_file(address, form, name, content))  # noqa: B023
            taken.append((*spent, f"{case.name} ({server.status})"))
            if server.status != case.status:
                raise RuntimeError(f"{case.name}: {server.status}, not {case.status}")
    shown = f"of {len(taken)} hostile files at the endpoint, {kind}"
    spent, _, name = max(taken)
    yield Line(f"slowest {shown}: {name}", spent, None, "s", CORPUS_SECONDS)
    _, memory, name = max(taken, key=lambda one: one[1])
    yield Line(f"most memory {shown}: {name}", memory, None, "MB", CORPUS_MEMORY)


def _place(college: College) -> str:
    return urlencode({"period": college.period, "department": DEPARTMENT})


def _let_import(college: College) -> None:
    with college.engine.begin() as connection:
        create_missing(connection, list(college.store.tables.values()))
    with Session(college.engine) as session:
        cycle = session.query(Cycle).filter_by(academic_year=YEAR.code).one()
        owed = Proposed(IMPORTED, DEPARTMENT, AssignmentKind.RESPONSIBLE)
        assign(session, college.store, cycle, [owed], by=office(), now=NOW)
        session.commit()


def _serve(settings: dict[str, Any], port: int) -> None:
    serve(create_app(settings, environment={}), host="127.0.0.1", port=port, threads=THREADS)


@contextmanager
def serving(college: College) -> Iterator["Server"]:
    """A server of the college in a process of its own, ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {name: college.application.config[name] for name in SETTINGS}
    process = get_context("spawn").Process(target=_serve, args=(settings, port))
    process.start()
    try:
        server = Server(port, process.pid or 0)
        server.wait()
        yield server
    finally:
        process.terminate()
        process.join()


@dataclass
class Server:
    """A running server and a person who is signed in; ``process`` is its id."""

    port: int
    process: int
    cookie: str = ""
    token: str = ""
    status: int = 0

    def wait(self) -> None:
        """Until it answers."""
        began = perf_counter()
        while perf_counter() - began < STARTED_WITHIN:
            try:
                return self._ask("GET", "/login/")
            except ConnectionRefusedError:
                sleep(0.1)
        raise RuntimeError("the server did not start")

    def sign_in(self) -> None:
        """As the steward."""
        self._ask("GET", "/login/")
        form = {"csrf_token": self.token, "username": "jwc_steward", "password": PASSWORD}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._ask("POST", "/login/", urlencode(form).encode(), kind)
        self._ask("GET", "/")

    def get(self, address: str) -> int:
        """The number of bytes of an answer; an error where it is none."""
        connection = self._asked("GET", address)
        answer = connection.getresponse()
        size = 0
        while piece := answer.read(1 << 16):
            size += len(piece)
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        connection.close()
        return size

    def first_byte(self, address: str) -> float:
        """Seconds from the question to the first byte of the body; the rest is not waited for."""
        began = perf_counter()
        connection = self._asked("GET", address)
        answer = connection.getresponse()
        answer.read(1)
        taken = perf_counter() - began
        while answer.read(1 << 16):
            pass
        connection.close()
        return taken

    def send_file(self, address: str, form: dict[str, str], name: str, content: bytes) -> None:
        """Upload a file as a form does, whatever the answer is."""
        border = uuid4().hex
        begin = f'--{border}\r\nContent-Disposition: form-data; name="'
        head = "".join(f'{begin}{each}"\r\n\r\n{value}\r\n' for each, value in form.items())
        head += f'{begin}file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
        self._ask("POST", address, body, kind | {"X-CSRFToken": self.token})

    def taken(self, work: Callable[[], object]) -> tuple[float, float]:
        """Processor seconds of the server during the work, and megabytes over what it held."""
        folder = Path("/proc") / str(self.process)
        folder.joinpath("clear_refs").write_text("5")
        held, spent = self._memory("VmRSS"), self._spent()
        work()
        return self._spent() - spent, (self._memory("VmHWM") - held) / MEGABYTE

    def _spent(self) -> float:
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def _memory(self, name: str) -> int:
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))

    def _asked(
        self, method: str, address: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> HTTPConnection:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, address, body, {"Cookie": self.cookie} | (more or {}))
        return connection

    def _ask(
        self, method: str, address: str, body: bytes = b"", more: dict[str, str] | None = None
    ) -> None:
        """Ask, and keep what the answer says of the session."""
        connection = self._asked(method, address, body, more)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        cookies = answer.headers.get_all("Set-Cookie") or []
        self.cookie = "; ".join(each.partition(";")[0] for each in cookies) or self.cookie
        self.token = (
            text.partition('name="csrf-token" content="')[2].partition('"')[0] or self.token
        )
        self.status = answer.status
        connection.close()
