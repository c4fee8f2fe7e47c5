"""The database of the application, shared with the framework."""

from flask_appbuilder.models.sqla.base import SQLA

# Objects stay readable after a commit: pages are drawn from what an action has just written.
database = SQLA(session_options={"expire_on_commit": False})
