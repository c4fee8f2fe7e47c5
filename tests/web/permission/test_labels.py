"""Every right that the platform knows has a name on the page."""

import pytest
from flask import Flask

from app.access.labels import ACTIONS, RESOURCES
from app.access.roles import PLATFORM_RIGHTS, TABLE_ACTIONS, Pair
from app.web.permission.labels import action_text


def test_every_action_on_a_table_is_a_column() -> None:
    assert tuple(ACTIONS) == TABLE_ACTIONS


@pytest.mark.parametrize("right", PLATFORM_RIGHTS, ids=" ".join)
def test_every_right_of_the_platform_is_named(application: Flask, right: Pair) -> None:
    with application.test_request_context():
        assert action_text(right)
        assert RESOURCES[right[1]].msgid
