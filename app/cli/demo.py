"""The demo college: people, rows and a history made by replaying real actions.

Everything is read from ``seed/demo``; the story's times are relative to the
day it is told, so that the open year is always under way.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.actions.notice import mark_read
from app.actions.permission import sync_permissions
from app.actions.person import NewPerson, add_people
from app.cli.demo_story import YearStory
from app.cli.demo_year import tell_year
from app.domain.period import AcademicYear
from app.domain.person import Function, TeacherKind
from app.models.base_table import Store
from app.models.notice import Notice

CURRENT, PREVIOUS = "current", "previous"
UNREAD_FOR = timedelta(days=21)


def tell_demo(
    session: Session,
    store: Store,
    folder: Path,
    *,
    revision: bytes,
    hash_password: Callable[[str], str],
    now: datetime,
) -> None:
    """Fill an empty database with the demo college of ``folder``.

    Departments exist already; ``revision`` is the packed catalogue.
    """
    story = yaml.safe_load((folder / "story.yaml").read_text(encoding="utf-8"))
    people = yaml.safe_load((folder / "people.yaml").read_text(encoding="utf-8"))
    password_hash = hash_password(story["password"])
    _people(session, store, people["persons"], password_hash=password_hash, now=now)
    base_year = AcademicYear.parse(people["base_academic_year"])
    open_year = AcademicYear.of(now.date()).previous
    # What was read once is not read again after every one of thousands of steps.
    with Session(session.get_bind(), expire_on_commit=False) as own:
        for slot, year in ((PREVIOUS, open_year.previous), (CURRENT, open_year)):
            tell_year(
                own,
                store,
                folder,
                YearStory(story["years"][slot], story["texts"], now),
                year=year,
                slot=slot,
                years=open_year.start_year - base_year.start_year,
                quality_office=story["quality_office"],
                revision=revision,
            )
        _read_what_is_old(own, now)


def _read_what_is_old(session: Session, now: datetime) -> None:
    """Everybody has read his notices but the latest, as people do who sign in now and then."""
    old: dict[str, list[int]] = {}
    query = select(Notice.recipient_number, Notice.id).where(
        Notice.read_at.is_(None), Notice.made_at < now - UNREAD_FOR
    )
    for number, notice_id in session.execute(query):
        old.setdefault(number, []).append(notice_id)
    for number, numbers in old.items():
        reader = Actor(number, number, number)
        mark_read(session, numbers, by=reader, now=now - UNREAD_FOR)


def _people(
    session: Session,
    store: Store,
    persons: list[dict[str, Any]],
    *,
    password_hash: str,
    now: datetime,
) -> None:
    """Everybody, with appointments older than the first year told."""
    sync_permissions(session, store)
    add_people(
        session,
        [_person(item, password_hash) for item in persons],
        valid_from=date(now.year - 5, 9, 1),
        now=now,
    )
    session.commit()


def _person(item: dict[str, Any], password_hash: str) -> NewPerson:
    kind = item.get("teacher_kind")
    return NewPerson(
        number=item["number"],
        name=item["name"],
        department=item["department"],
        username=item.get("username"),
        password_hash=password_hash if item.get("username") else None,
        teacher_kind=TeacherKind(kind) if kind else None,
        appointments=tuple(
            Appointed(Function(held["function"]), held["department"])
            for held in item.get("appointments", ())
        ),
    )
