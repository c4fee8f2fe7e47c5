"""Flask-AppBuilder's own list page and REST API over the same adopted table, as it generates them.

An application of its own beside the platform's, in the same process and database: its ModelView
and ModelRestApi are built for the measure only.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import BigInteger, Column, Date, Engine, ForeignKey, Integer, Numeric, String
from sqlalchemy.orm import relationship

PASSWORD = "Demo-2026"  # noqa: S105 - of a database that lives for a minute
NUMBERS = {"hours": Integer, "practice": Integer, "weekday": Integer, "students": Integer}
DECIMALS = {"credit": (4, 1), "score": (6, 2), "fee": (10, 2)}


class BigDepartment(Model):
    """A department, by its name."""

    __tablename__ = "big_department"
    code = Column(String(3), primary_key=True)
    name = Column(String(40))

    def __repr__(self) -> str:
        return str(self.name)


@dataclass(frozen=True)
class Generated:
    """Somebody who is signed in to the generated views."""

    browser: FlaskClient
    engine: Engine
    page_size: int

    def page(self, options: str = "") -> str:
        """The address of the list page."""
        size = f"psize_BigCourseView={self.page_size}"
        return f"/bigcourseview/list/?{size}{options}"

    def api(self, options: str = "") -> str:
        """The address of the same rows as JSON; ``options`` is the inside of its query."""
        return f"/api/v1/bigcourse/?q=(page_size:{self.page_size}{options})"


def generate(url: str, columns: tuple[str, ...], page_size: int) -> Generated:
    """The generated views over the tables in the database of ``url``, and their administrator."""
    application = Flask("generated")
    application.config.update(
        SECRET_KEY=uuid4().hex,
        SQLALCHEMY_DATABASE_URI=url,
        WTF_CSRF_ENABLED=False,
        FAB_API_MAX_PAGE_SIZE=page_size,
        FAB_ADD_SECURITY_API=False,
    )
    database = SQLA()
    database.init_app(application)
    with application.app_context():
        builder = AppBuilder(application, database.session)
        _add_views(builder, SQLAInterface(_model(columns), database.session), columns)
        security: Any = builder.sm
        admin = security.find_role("Admin")
        security.add_user("generated", "G", "V", "generated@example.org", admin, PASSWORD)
        engine = database.engine
    browser = application.test_client()
    form = {"username": "generated", "password": PASSWORD}
    if browser.post("/login/", data=form).status_code != 302:
        raise RuntimeError("nobody could sign in to the generated views")
    return Generated(browser, engine, page_size)


def _add_views(builder: AppBuilder, interface: SQLAInterface, columns: tuple[str, ...]) -> None:
    shown = [name if name != "dept" else "department" for name in columns]
    named = [name if name != "department" else "department.name" for name in shown]

    class BigCourseView(ModelView):  # type: ignore[misc]
        """The generated list page."""

        datamodel = interface
        list_columns = shown

    class BigCourseApi(ModelRestApi):  # type: ignore[misc]
        """The generated API."""

        resource_name = "bigcourse"
        allow_browser_login = True
        datamodel = interface
        list_columns = named

    builder.add_view(BigCourseView, "Courses")
    builder.add_api(BigCourseApi)


@cache
def _model(columns: tuple[str, ...]) -> type[Model]:
    """The table as the framework's documentation maps one."""
    kinds: dict[str, Any] = {name: Column(_kind(name)) for name in columns}
    kinds["id"] = Column(BigInteger, primary_key=True)
    kinds["dept"] = Column(String(3), ForeignKey("big_department.code"))
    kinds["department"] = relationship(BigDepartment)
    return type("BigCourse", (Model,), {"__tablename__": "big_course", **kinds})


def _kind(name: str) -> Any:
    if name in NUMBERS:
        return NUMBERS[name]
    if name in DECIMALS:
        return Numeric(*DECIMALS[name])
    return Date if name == "begins" else String(200)
