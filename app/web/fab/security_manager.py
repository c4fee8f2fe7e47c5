"""The framework's security manager with our login page and without its dangers."""

from typing import Any

from flask_appbuilder.security.sqla.manager import SecurityManager

from app.web.current import actor_or_none
from app.web.fab.login_view import LoginView
from app.web.fab.token_api import TokenApi


class CleanupRefused(Exception):  # noqa: N818 - named for the situation
    """``security_cleanup`` was called; it would delete the rights on every base table."""


class StatedataSecurityManager(SecurityManager):
    """Users, roles and login of the framework; its own administration pages are not offered."""

    authdbview = LoginView
    security_api = TokenApi

    def register_views(self) -> None:
        """Register login, logout and the token endpoint only.

        The role and user pages of the framework ask the database once per row and know nothing
        of base tables' Chinese titles.
        """
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def security_cleanup(self, baseviews: Any, menus: Any) -> None:
        """Refuse: rights on base tables belong to no view class and would all be deleted."""
        raise CleanupRefused("security_cleanup would delete the permissions of all base tables")

    def security_converge(self, *args: Any, **named: Any) -> dict[str, Any]:
        """Change nothing: permission names are made by ``statedata permissions sync`` alone."""
        return {}

    def auth_user_db(self, username: str, password: str) -> None:
        """Let nobody in: passwords are looked at in ``app.web.account.sign_in`` only."""

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        """Answer from the rights already read for this request; no statement per question."""
        actor = actor_or_none()
        if actor is not None and actor.user_id == user.id:
            return (permission_name, view_name) in actor.permissions
        return bool(super()._has_view_access(user, permission_name, view_name))
