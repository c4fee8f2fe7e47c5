"""The demo college with the old system's courses beside it, open to stewards and quality office."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.actions.permission import grant_rights, sync_permissions
from app.models.adopted_table import live_tables
from app.reports.person import ActorCache
from tests.demo import DemoCollege
from tests.feeds import COURSES, DDL, INSERT, courses


@pytest.fixture
def fed(demo: DemoCollege) -> Iterator[DemoCollege]:
    """The demo college, whose application knows the old table too."""
    whole = demo.store
    store = replace(whole, adopted=live_tables({COURSES: courses()}))
    year = demo.period("course")
    with demo.engine.begin() as connection:
        connection.execute(text(DDL))
        for number in (1, 2):
            row = {"kch": f"JW{number}", "kcm": f"课程{number}", "kclb": "1", "xf": "2.5"}
            connection.execute(text(INSERT), {**row, "hx": 1, "xn": year, "dw": "301"})
    with demo.session() as session:
        sync_permissions(session, store)
        grant_rights(session, [(r, ("list", COURSES)) for r in ("data_steward", "qa_office")])
        session.commit()
    demo.application.extensions["store"] = store
    demo.application.extensions["actors"] = ActorCache()
    yield demo
    demo.application.extensions["store"] = whole
    with demo.engine.begin() as connection:
        connection.execute(text("DROP TABLE jw_kc"))
