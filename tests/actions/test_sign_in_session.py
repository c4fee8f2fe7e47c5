"""Ending sessions of one's own, and keeping them alive."""

from datetime import timedelta

import pytest

from app.actions.sign_in_session import end_other_sessions, end_session, note_seen, sign_out
from app.domain.account import AccountEvent
from app.domain.message import Reason, Refused
from app.models.account import SignInSession
from tests.actions.test_account import events, living, opened
from tests.college import NOW, College

LATER = NOW + timedelta(minutes=7)
EVERYBODY = ("li_jing", "chen_gang")


def test_signing_out_ends_one_session(college: College) -> None:
    session = college.session
    first, second = opened(session, "li_jing", "1"), opened(session, "li_jing", "2")

    sign_out(session, first.id, username="li_jing", now=LATER)
    sign_out(session, first.id, username="li_jing", now=LATER)  # a second click

    assert living(session, *EVERYBODY) == [second.id]
    assert events(session, "li_jing")[-2:] == [AccountEvent.SIGNED_IN, AccountEvent.SIGNED_OUT]


def test_a_session_of_ones_own_is_ended_once(college: College) -> None:
    session = college.session
    own = opened(session, "li_jing")

    end_session(session, own.id, username="li_jing", now=LATER)

    assert living(session, *EVERYBODY) == []
    with pytest.raises(Refused) as refused:
        end_session(session, own.id, username="li_jing", now=LATER)
    assert refused.value.reason is Reason.CONFLICT


def test_nobody_ends_the_session_of_another(college: College) -> None:
    session = college.session
    other = opened(session, "chen_gang")

    with pytest.raises(Refused):
        end_session(session, other.id, username="li_jing", now=LATER)
    sign_out(session, other.id, username="li_jing", now=LATER)
    end_other_sessions(session, username="li_jing", keep=0, now=LATER)

    assert living(session, *EVERYBODY) == [other.id]
    assert events(session, "li_jing") == []


def test_all_others_end_and_the_own_one_stays(college: College) -> None:
    session = college.session
    own, *_others = [opened(session, "li_jing", str(number)) for number in range(3)]

    assert end_other_sessions(session, username="li_jing", keep=own.id, now=LATER) == 2

    assert living(session, *EVERYBODY) == [own.id]
    assert events(session, "li_jing")[-1] == AccountEvent.SESSION_ENDED


def test_being_seen_moves_forward_only(college: College) -> None:
    session = college.session
    own = opened(session, "li_jing")

    note_seen(session, own.id, address="192.0.2.50", now=LATER)
    note_seen(session, own.id, address="192.0.2.51", now=NOW)

    [kept] = college.all(SignInSession)
    assert (kept.last_seen_at, kept.address) == (LATER, "192.0.2.50")
