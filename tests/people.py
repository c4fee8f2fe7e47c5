"""The people of the tests and their story, told once.

李静 is data steward of 教务处 (A03), which 王强 heads; 周敏 works in the
quality office (A04) and 孙丽 is the second person there. 陈刚 is data steward
of another department (C01), where 刘洋 teaches, and must be refused. 何芳
works in the quality office and fills in the office's own tables.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.person import Actor, Appointed
from app.actions.person import NewPerson, add_people
from app.domain.person import Function, TeacherKind
from app.models.permission import user
from app.reports.person import load_actor

APPOINTED_FROM = date(2020, 9, 1)


@dataclass(frozen=True)
class People:
    """Everybody of the story, each as an actor."""

    li_jing: Actor
    wang_qiang: Actor
    zhou_min: Actor
    sun_li: Actor
    he_fang: Actor
    zheng_wei: Actor
    chen_gang: Actor
    zhao_yong: Actor
    liu_yang: Actor
    luo_lin: Actor
    ma_chao: Actor
    wu_fan: Actor
    qian_hui: Actor
    xu_lei: Actor
    han_mei: Actor
    tang_yi: Actor
    administrator: Actor
    leader: Actor
    archivist: Actor
    reader: Actor


def _held(*functions: Function, at: str) -> tuple[Appointed, ...]:
    return tuple(Appointed(function, at) for function in functions)


# username: number, name, department, functions
STORY: dict[str, tuple[str, str, str, tuple[Function, ...]]] = {
    "li_jing": ("03002", "李静", "A03", (Function.DATA_STEWARD,)),
    "wang_qiang": ("03001", "王强", "A03", (Function.HEAD,)),
    "zhou_min": ("04002", "周敏", "A04", (Function.QA_OFFICE,)),
    "sun_li": ("04003", "孙丽", "A04", (Function.QA_OFFICE,)),
    "he_fang": ("04004", "何芳", "A04", (Function.QA_OFFICE, Function.DATA_STEWARD)),
    "zheng_wei": ("04001", "郑伟", "A04", (Function.HEAD,)),
    "chen_gang": ("10002", "陈刚", "C01", (Function.DATA_STEWARD,)),
    "zhao_yong": ("10001", "赵勇", "C01", (Function.HEAD,)),
    "liu_yang": ("10021", "刘洋", "C01", (Function.TEACHER,)),
    "luo_lin": ("20002", "罗琳", "C02", (Function.DATA_STEWARD,)),
    "ma_chao": ("03011", "马超", "A03", (Function.TEACHER,)),
    "wu_fan": ("02002", "吴凡", "A02", (Function.DATA_STEWARD,)),
    "qian_hui": ("07002", "钱慧", "A07", (Function.DATA_STEWARD,)),
    "xu_lei": ("02001", "徐磊", "A02", (Function.HEAD,)),
    "han_mei": ("07001", "韩梅", "A07", (Function.HEAD,)),
    "tang_yi": ("20001", "唐毅", "C02", (Function.HEAD,)),
    "administrator": ("90001", "管理员", "A04", (Function.ADMINISTRATOR,)),
    "leader": ("90002", "高明", "A02", (Function.LEADER,)),
    "archivist": ("90003", "林慧", "A02", (Function.ARCHIVE,)),
    "reader": ("90004", "许静", "A02", (Function.READER,)),
}


def settle_people(session: Session, now: datetime) -> None:
    """Add everybody with login and appointments; departments exist already."""
    people = [
        NewPerson(
            number=number,
            name=name,
            department=department,
            username=username,
            password_hash="-",
            teacher_kind=TeacherKind.FULL_TIME if Function.TEACHER in functions else None,
            appointments=_held(*functions, at=department),
        )
        for username, (number, name, department, functions) in STORY.items()
    ]
    add_people(session, people, valid_from=APPOINTED_FROM, now=now)


def load_people(session: Session, today: date) -> People:
    """Everybody as the platform sees them on that day."""
    return People(**{name: actor_of(session, name, today) for name in STORY})


def actor_of(session: Session, username: str, today: date) -> Actor:
    """Somebody of the story as the platform sees him on that day."""
    user_id = session.scalar(select(user.c.id).where(user.c.username == username))
    actor = load_actor(session, user_id or 0, today)
    if actor is None:
        raise LookupError(username)
    return actor
