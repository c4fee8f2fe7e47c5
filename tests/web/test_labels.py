"""The words of the domain are Chinese on the page."""

import re

import pytest
from flask import Flask

from app.access.person import Actor, Appointed
from app.domain.labels import LABELS
from app.domain.person import Function
from app.domain.submission import Status
from app.web.labels import appointments_of, label

MEMBERS = [member for member, _msgid in LABELS]


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}.{member}")
def test_every_word_of_the_domain_is_shown_in_chinese(application: Flask, member: Status) -> None:
    with application.test_request_context():
        assert re.search(r"[\u3400-\u9fff]", label(member))


def test_an_appointment_held_twice_is_named_once(application: Flask) -> None:
    twice = (Appointed(Function.HEAD, "A03"), Appointed(Function.HEAD, "A03"))
    actor = Actor("03001", "王强", "head", appointments=twice)

    with application.test_request_context():
        assert appointments_of(actor, {"A03": "教务处"}).count("教务处") == 1
