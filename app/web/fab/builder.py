"""Putting the framework on an application, with our pages only."""

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_babel import get_babel

from app.web.fab.database import database
from app.web.fab.page_view import PageView
from app.web.fab.security_manager import StatedataSecurityManager


class Builder(AppBuilder):
    """The framework without its index, language, menu and documentation routes."""

    def _add_admin_views(self) -> None:
        self.sm.register_views()
        # One language: the framework would otherwise write it into every visitor's session.
        get_babel().locale_selector = None

    @property
    def get_url_for_index(self) -> str:
        """Where the framework sends people when it knows nothing better."""
        return "/"


def build(application: Flask, views: list[type[PageView]]) -> Builder:
    """Put the framework and ``views`` on ``application``; call inside its context."""
    builder = Builder(
        application,
        database.session,
        security_manager_class=StatedataSecurityManager,
        update_perms=False,
    )
    for view in views:
        builder.add_view_no_menu(view)
    return builder
