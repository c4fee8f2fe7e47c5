"""Putting the application together: the only file that knows everything."""

# Before all that takes long to load.
from app.jobs.start import started  # isort: skip

import os
import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access.roles import RESERVED
from app.catalogue.adopted_file import OVERRIDES_FILE, read_adopted
from app.catalogue.appraisal import load_scheme
from app.catalogue.loader import load_catalogue
from app.catalogue.regulation import load_regulations
from app.catalogue.reported_table import with_reported
from app.cli.command import Start
from app.cli.command_line import run
from app.jobs.queue import Queue
from app.jobs.surroundings import ADOPTED
from app.models.database import engine_options, prepare_engine
from app.models.reported_table import build_whole_store
from app.web import (
    errors,
    guard,
    headers,
    health,
    json_format,
    packing,
    posted,
    retry,
    script_messages,
    shell,
    static_files,
)
from app.web.account.password import PasswordView
from app.web.account.view import AccountView
from app.web.api import endpoints
from app.web.appraisal.view import AppraisalView
from app.web.assignment.view import AssignmentView
from app.web.audit_log.view import AuditLogView
from app.web.base_table.data_view import DataView
from app.web.board.view import BoardView
from app.web.consolidation.view import ConsolidationView
from app.web.cooperation.view import CooperationView
from app.web.cycle.view import CycleView
from app.web.fab.builder import build
from app.web.fab.database import database
from app.web.feed.view import FeedView
from app.web.finding.view import FindingView
from app.web.guidance.view import GuidanceView
from app.web.hand_out.view import HandOutView
from app.web.home import HomeView
from app.web.job.view import JobView
from app.web.notice.view import NoticeView
from app.web.permission.explanation import ExplanationView
from app.web.permission.table_access import TableAccessView
from app.web.permission.view import PermissionView
from app.web.person.first_login import FirstLoginView
from app.web.person.staff_list import StaffListView
from app.web.person.view import PersonView
from app.web.preparation.view import PreparationView
from app.web.receipt.view import ReceiptView
from app.web.regulation.view import RegulationView
from app.web.release.view import ReleaseView
from app.web.request.view import RequestView
from app.web.rule.view import RuleView
from app.web.spot_check.view import SpotCheckView
from app.web.submission.view import SubmissionView
from app.web.teacher_record.own_data import OwnDataView
from app.web.teacher_record.view import TeacherRecordView
from app.web.training.view import TrainingView
from config import ConfigurationError, read_settings

# False for the commands that write these files: their faults are theirs to mend.
READS_ADOPTED = "STATEDATA_READS_ADOPTED"
PACKAGE = Path(__file__).parent
VIEWS = [
    HomeView,
    DataView,
    HandOutView,
    SubmissionView,
    OwnDataView,
    TeacherRecordView,
    RequestView,
    CooperationView,
    ReceiptView,
    ReleaseView,
    FindingView,
    BoardView,
    CycleView,
    PreparationView,
    TrainingView,
    GuidanceView,
    RegulationView,
    AssignmentView,
    FeedView,
    RuleView,
    JobView,
    NoticeView,
    ConsolidationView,
    SpotCheckView,
    AppraisalView,
    PersonView,
    StaffListView,
    FirstLoginView,
    PermissionView,
    TableAccessView,
    ExplanationView,
    AuditLogView,
    AccountView,
    PasswordView,
]
# In this order: what answers retries comes last, around everything else; what comes first sees an
# answer last.
PARTS = (
    *(packing, json_format, headers, static_files, script_messages),
    *(errors, posted, guard, shell, health, endpoints, retry),
)


def find_root() -> Path:
    """The folder with ``seed``, ``translations`` and ``migrations``.

    In a checkout they lie beside ``app``; the wheel carries them inside it.
    """
    checkout = PACKAGE.parent
    return checkout if (checkout / "seed" / "catalogue").is_dir() else PACKAGE / "_data"


def create_app(
    overrides: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Flask:
    """The application for ``environment`` (the process's own by default).

    ``overrides`` replace single settings; a test or a command that gives SECRET_KEY needs none in
    the environment. Nothing is created or changed in the database. Raises ConfigurationError.
    """
    given = dict(overrides or {})
    root = find_root()
    home = root if root != PACKAGE / "_data" else Path.cwd()
    settings = read_settings(
        os.environ if environment is None else environment,
        root,
        home,
        needs_secret_key="SECRET_KEY" not in given,
    )
    application = Flask("app", static_folder="web/static", template_folder="web/templates")
    application.config.update(settings | given)
    url = application.config["SQLALCHEMY_DATABASE_URI"]
    application.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(url))
    catalogue = load_catalogue(application.config["STATEDATA_CATALOGUE"])
    adopted = {}
    if application.config.get(READS_ADOPTED, True):
        adopted = read_adopted(application.config["STATEDATA_INSTANCE"] / ADOPTED, RESERVED)
        catalogue = with_reported(catalogue, adopted, OVERRIDES_FILE)
    application.extensions["catalogue"] = catalogue
    application.extensions["store"] = build_whole_store(catalogue, adopted)
    _read_regulations(application, root)
    folder, redis = (application.config[f"STATEDATA_{name}"] for name in ("INSTANCE", "REDIS_URL"))
    application.extensions["queue"] = Queue(Path(folder), redis)
    _trust_proxies(application)
    _connect(application)
    with application.app_context():
        build(application, VIEWS)
    for part in PARTS:
        part.install(application)
    started()
    return application


def _read_regulations(application: Flask, root: Path) -> None:
    """The regulation and the scheme of the appraisal that follows from it."""
    file = _own_file(application, root, "regulation.yaml")
    application.extensions["regulations"] = load_regulations(file)
    application.extensions["scheme"] = load_scheme(_own_file(application, root, "appraisal.yaml"))


def _own_file(application: Flask, root: Path, name: str) -> Path:
    """The college's own file beside its catalogue, else the one that comes along."""
    own = Path(application.config["STATEDATA_CATALOGUE"]).parent / name
    return own if own.is_file() else root / "seed" / name


def main() -> None:
    """The command ``statedata``."""
    folder = os.environ.get("STATEDATA_CATALOGUE") or find_root() / "seed" / "catalogue"
    bare = partial(_app_for_commands, reads_adopted=False)
    run(Start(_app_for_commands, Path(folder), bare))


def _app_for_commands(*, reads_adopted: bool = True) -> Flask:
    try:
        # Commands sign no session: any key does, and none has to be configured for them.
        key = secrets.token_hex(32)
        return create_app({"SECRET_KEY": key, READS_ADOPTED: reads_adopted})
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


def _trust_proxies(application: Flask) -> None:
    """Read address and scheme from the proxies in front, as many as are configured."""
    count = application.config["STATEDATA_PROXIES"]
    if count:
        wrapped = ProxyFix(application.wsgi_app, x_for=count, x_proto=count)
        application.wsgi_app = wrapped  # type: ignore[method-assign]  # as Flask documents it


def _connect(application: Flask) -> None:
    Path(application.config["STATEDATA_INSTANCE"]).mkdir(parents=True, exist_ok=True)
    database.init_app(application)
    with application.app_context():
        prepare_engine(database.engine)


if __name__ == "__main__":
    main()
