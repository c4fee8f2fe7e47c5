"""Serve the platform on this machine: ``python run.py``.

With STATEDATA_DEMO=1 a first start makes the embedded database and the demo college, exactly as
``statedata init --demo`` does; otherwise the database has to be set up by ``statedata init``.
"""

import os
import sys

from click import ClickException
from flask import Flask
from sqlalchemy import select
from waitress import create_server

from app.bootstrap import create_app
from app.cli.command import Platform
from app.cli.installation import install
from app.cli.migration import newest_revision, present_revision
from app.domain.message import Refused
from app.models.person import Person
from app.web.labels import appointments_of
from config import LARGEST_REQUEST, ConfigurationError

PORT = "8080"
HOST = "127.0.0.1"
THREADS = 8
PASSWORD = "Demo-2026"  # noqa: S105 - published: the demo listens on this machine only
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
    except (ConfigurationError, Refused, ClickException) as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 1


def make_ready(application: Flask) -> None:
    """Set the demo's database up on the first start. Raises ConfigurationError for any other."""
    platform = Platform(application)
    newest = newest_revision(platform.root / "migrations")
    if present_revision(platform.engine) == newest and not is_demo_unfinished(platform):
        return
    if not application.config["STATEDATA_DEMO"]:
        raise ConfigurationError("数据库还没有建好，或不是这个版本的。请先运行 statedata init。")
    install(platform, demo=True, say=print)


def is_demo_unfinished(platform: Platform) -> bool:
    """Whether this is a demo without anybody in it."""
    wanted = platform.application.config["STATEDATA_DEMO"]
    return wanted and platform.session.scalar(select(Person.id).limit(1)) is None


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
    server.run()
    return 0


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
