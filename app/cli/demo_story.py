"""The story of a year in the demo college: what happens to which table on which day.

``story.yaml`` gives every department a pace, the days on which it takes each
step, and some tables a course of their own. Days count back from the day the
story is told.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zlib import crc32

from app.domain.cycle import CycleVerb
from app.domain.period import LOCAL_ZONE
from app.domain.submission import Verb

Place = tuple[str, str]
# What is wrong in the rows at first is put right by entering them once more.
MEND = "mend"
# What is done with records of teachers; the story names the step and the persons.
RECORD = "record"
# The hour of the day for everything that may happen to a table on one day, in that order.
HOURS: Mapping[str, int] = {
    Verb.ENTER: 8,
    MEND: 9,
    RECORD: 12,
    Verb.EXEMPT: 9,
    Verb.REOPEN: 9,
    Verb.FINISH: 10,
    Verb.REVIEW: 11,
    Verb.CONFIRM: 14,
    Verb.RECEIVE: 15,
    Verb.ACCEPT: 16,
    Verb.SEND_BACK: 16,
    Verb.WITHDRAW: 17,
}
OPENING_HOUR, CLOSING_HOUR = 7, 18
LAST_MINUTE = time(23, 59, 59)


@dataclass(frozen=True)
class Scene:
    """One thing that happens, to a table or else to the year as a whole.

    ``told`` holds what else the story says about it.
    """

    at: datetime
    verb: str
    place: Place | None = None
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class YearStory:
    """What the story says about one year, told on ``today``."""

    told: Mapping[str, Any]
    texts: Mapping[str, str]
    today: datetime

    def moment(self, day: int, of_day: time) -> datetime:
        """A time of the day, ``day`` days ago, on the clock of the college."""
        then = self.today.astimezone(LOCAL_ZONE).date() - timedelta(days=day)
        return datetime.combine(then, of_day, LOCAL_ZONE)

    @property
    def prepared_at(self) -> datetime:
        """When the quality office sets up the year."""
        return self.moment(self.told["prepared"], time(OPENING_HOUR))

    @property
    def due_at(self) -> datetime:
        """The last second of the day on which the tables are due."""
        return self.moment(self.told["due"], LAST_MINUTE)

    def courses(self) -> Mapping[Place, Mapping[str, Any]]:
        """The tables that take a course of their own: other steps or another pace."""
        return {(told["table"], told["department"]): told for told in self.told["courses"]}

    def slips(self, place: Place) -> list[Mapping[str, Any]]:
        """What is entered wrongly at first in a table."""
        found = self.told.get("slips", ())
        return [slip for slip in found if (slip["table"], slip["department"]) == place]

    def scenes(self, owed: Sequence[Place], filled: Collection[Place]) -> list[Scene]:
        """All scenes of the year in the order of time.

        ``owed`` are the tables to be reported, ``filled`` those that have rows.
        """
        courses = self.courses()
        unknown = courses.keys() - set(owed)
        if unknown:
            raise LookupError(f"nobody owes {sorted(unknown)} in the demo college")
        found = list(self._of_cycle())
        for place in owed:
            course = courses.get(place, {})
            steps = course.get("steps")
            if steps is None:
                pace = course.get("pace") or self._pace(place)
                steps = self._at_pace(pace, has_rows=place in filled)
            found += [self._scene(place, step) for step in steps]
        found += [
            self._scene((told["table"], told["department"]), {**told, "verb": RECORD})
            for told in self.told.get("records", ())
        ]
        # Sorting is stable: what falls on one minute stays in the order it was told.
        return sorted(found, key=lambda scene: scene.at)

    def _of_cycle(self) -> Iterator[Scene]:
        for told in self.told["cycle"]:
            hour = OPENING_HOUR if told["verb"] == CycleVerb.OPEN else CLOSING_HOUR
            yield Scene(self.moment(told["day"], time(hour)), told["verb"], None, told)

    def _pace(self, place: Place) -> str:
        """The pace of the table, or else one of those of the department."""
        table, department = place
        paces: list[str] = self.told["departments"][department]
        own: str | None = self.told["tables"].get(table)
        return own or paces[crc32(table.encode()) % len(paces)]

    def _at_pace(self, pace: str, *, has_rows: bool) -> list[Mapping[str, Any]]:
        """The steps of a table that goes at the pace.

        Without rows it is left alone or, where the story says so, reported empty.
        """
        steps: list[Mapping[str, Any]] = [
            {"verb": verb, "day": day} for verb, day in self.told["paces"][pace].items()
        ]
        if has_rows:
            return steps
        if not self.told["reports_empty"]:
            return []
        nothing = {"reason": self.texts["nothing"]}
        empty = [{**step, **nothing} if step["verb"] == Verb.FINISH else step for step in steps]
        return [step for step in empty if step["verb"] != Verb.ENTER]

    def _scene(self, place: Place, told: Mapping[str, Any]) -> Scene:
        verb = told["verb"]
        # Not everybody clicks on the same minute, but always on the same one.
        minute = crc32("/".join((*place, verb)).encode()) % 60
        return Scene(self.moment(told["day"], time(HOURS[verb], minute)), verb, place, told)
