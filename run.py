"""Serve the platform on this machine: ``python run.py``.

With STATEDATA_DEMO=1 a first start makes the embedded database and the demo college, exactly as
``statedata init --demo`` does; otherwise the database has to be set up by ``statedata init``.
The embedded database of the demo is made aside and put into place when it is whole: a start that
is interrupted leaves nothing behind that could be served.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen, TimeoutExpired
from tempfile import mkdtemp

from click import ClickException
from flask import Flask
from sqlalchemy import inspect, select
from waitress import create_server

from app.bootstrap import create_app
from app.catalogue.fault import CatalogueError
from app.cli.command import Platform
from app.cli.installation import install, refuse_half_made_demo
from app.cli.migration import newest_revision, present_revision
from app.cli.texts import told_faults, translated
from app.domain.message import Refused
from app.models.person import Person
from app.web.labels import appointments_of
from config import EMBEDDED_DATABASE, LARGEST_REQUEST, ConfigurationError, embedded_url

PORT = "8080"
HOST = "127.0.0.1"
THREADS = 8
PASSWORD = "Demo-2026"  # noqa: S105 - published: the demo listens on this machine only
WORKER = (sys.executable, "-m", "app.bootstrap", "jobs", "run", "--with-parent")
# In seconds; what a job has not written by then is taken back and begun once more.
WORKER_ENDS_WITHIN = 5
ASIDE = "making-"
# A folder older than this was left by a start that was interrupted.
ABANDONED_AFTER = 3600
ACCOUNTS = (
    *("admin", "qa", "qa2", "qa_steward", "qa_head", "jwc_steward", "jwc_head", "cwc_steward"),
    *("cwc_head", "qcx_steward", "qcx_head", "jdx_steward", "jdx_head", "t_full", "t_inhouse"),
    *("t_part", "t_visiting", "gyxx_steward", "gyxx_head", "leader", "archive", "reader"),
)


def main() -> int:
    """Serve until interrupted; exit code 1 with a reason where that is not possible."""
    try:
        application = create_app()
        with application.app_context():
            make_ready(application)
        return serve(application)
    except Refused as refusal:
        print(f"无法启动：{translated(refusal.message)}", file=sys.stderr)
    except CatalogueError as error:
        print("无法启动：", *told_faults(error), sep="\n", file=sys.stderr)
    except (ConfigurationError, ClickException) as error:
        print(f"无法启动：{error}", file=sys.stderr)
    return 1


def make_ready(application: Flask) -> None:
    """Set the demo's database up on the first start. Raises ConfigurationError for any other.

    Raises Refused for a demo college that was left half made.
    """
    platform = Platform(application)
    refuse_half_made_demo(platform)
    newest = newest_revision(platform.root / "migrations")
    if present_revision(platform.engine) == newest and not is_demo_missing(platform):
        return
    if not application.config["STATEDATA_DEMO"]:
        raise ConfigurationError("数据库还没有建好，或不是这个版本的。请先运行 statedata init。")
    if is_embedded(application) and not inspect(platform.engine).get_table_names():
        make_aside(application)
    else:
        install(platform, demo=True, say=print)


def is_demo_missing(platform: Platform) -> bool:
    """Whether this is a demo without anybody in it."""
    wanted = platform.application.config["STATEDATA_DEMO"]
    return wanted and platform.session.scalar(select(Person.id).limit(1)) is None


def is_embedded(application: Flask) -> bool:
    """Whether the database is the file in the platform's own folder."""
    own = embedded_url(application.config["STATEDATA_INSTANCE"])
    return bool(application.config["SQLALCHEMY_DATABASE_URI"] == own)


def make_aside(application: Flask) -> None:
    """Make the demo in a folder of its own and move it into place when it is whole."""
    instance: Path = application.config["STATEDATA_INSTANCE"]
    remove_abandoned(instance)
    folder = Path(mkdtemp(prefix=ASIDE, dir=instance))
    try:
        builder = create_app({"SQLALCHEMY_DATABASE_URI": embedded_url(folder)})
        with builder.app_context():
            platform = Platform(builder)
            install(platform, demo=True, say=print)
            close(platform)
        close(Platform(application))
        (folder / EMBEDDED_DATABASE).replace(instance / EMBEDDED_DATABASE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(instance: Path) -> None:
    """Remove what interrupted starts have left; one that is under way is left alone."""
    for folder in instance.glob(f"{ASIDE}*"):
        latest = max((path.stat().st_mtime for path in [folder, *folder.iterdir()]), default=0)
        if time.time() - latest > ABANDONED_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


def close(platform: Platform) -> None:
    """Close every connection; the last one empties the write-ahead log into the file."""
    platform.session.close()
    platform.engine.dispose()


def serve(application: Flask) -> int:
    """Listen, tell the address and answer requests."""
    host, port = os.environ.get("HOST", HOST), os.environ.get("PORT", PORT)
    if not port.isdecimal():
        raise ConfigurationError(f"PORT 应为数字，现在是 {port!r}")
    try:
        server = create_server(
            application,
            host=host,
            port=int(port),
            threads=THREADS,
            ident="",
            max_request_body_size=2 * LARGEST_REQUEST,
            # What proxies say is read by the application, as far as they are configured.
            clear_untrusted_proxy_headers=not application.config["STATEDATA_PROXIES"],
        )
    except OSError as error:
        reason = f"不能在 {host}:{port} 上监听（{error.strerror}）。可用 PORT=8081 等指定其他端口"
        raise ConfigurationError(reason) from error
    announce(application, f"http://{host}:{port}")
    with worker():
        server.run()
    return 0


@contextmanager
def worker() -> Iterator[None]:
    """A worker for what is too long for a request, beside the server and as long as it.

    However the server ends, the worker ends too: it watches the pipe that is held here.
    """
    with Popen(WORKER, stdin=PIPE, env=dict(os.environ)) as process:  # noqa: S603 - our own
        try:
            yield
        finally:
            process.terminate()
            with suppress(TimeoutExpired):
                process.wait(WORKER_ENDS_WITHIN)
            process.kill()


def announce(application: Flask, address: str) -> None:
    """Print where to go and, for the demo, who to be."""
    print(f"\n{application.config['APP_NAME']}\n地址：{address}\n", flush=True)
    if not application.config["STATEDATA_DEMO"]:
        return
    names = {spec.code: spec.name for spec in application.extensions["catalogue"].departments}
    print(f"演示账号（密码都是 {PASSWORD}）：")
    with application.app_context():
        platform = Platform(application)
        for account in ACCOUNTS:
            actor = platform.person(account)
            print(f"  {account:14}{actor.name}　{appointments_of(actor, names)}")
    print("\n按 Ctrl+C 结束。", flush=True)


if __name__ == "__main__":
    sys.exit(main())
