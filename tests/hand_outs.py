"""Handing out, filling in and collecting workbooks in the tests, as a data steward does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from app.access.masks import masked_by_roles
from app.access.person import Actor
from app.actions.collect import MergedPart, WantedSet, keep_collected, note_merged
from app.actions.hand_out import WantedHandOut, WantedPart, hand_out
from app.exchange.collect import Collecting, merge_collected, try_collecting
from app.exchange.collect_decision import decisions_of
from app.exchange.collect_result import CollectResult
from app.exchange.collected_file import CollectedFile, collected_files, pack_files
from app.exchange.collected_part import CollectingPlace
from app.exchange.hand_out import Issue, part_workbook
from app.exchange.template_identity import Place as WorkbookPlace
from app.models.hand_out import HandOut, HandOutPart
from app.reports.hand_out import Divided, parts_of, plan_parts, rows_by_part, ways_to_divide
from app.reports.place import Place, find_place
from app.reports.reference import listed_choices
from tests.college import College
from tests.exchange.books import opened, saved

TABLE = "full_time_publication"


def in_english(message: Any) -> str:
    """A message without translation."""
    return str(message.english())


@dataclass
class HandedOut:
    """A table that was handed out: its workbooks by part key, and how they are collected."""

    college: College
    by: Actor
    table: str
    place: Place
    hand_out: HandOut
    parts: Sequence[HandOutPart]
    books: dict[str, bytes] = field(default_factory=dict)

    @property
    def work(self) -> Collecting:
        """What collecting goes by, without decisions."""
        store, stored = self.college.store, self.place.stored
        where = CollectingPlace(
            store, stored, self.place.period.code, self.place.department or "C01"
        )
        return Collecting(where, self.by, self.college.now, in_english, decisions_of({}))

    def try_files(self, *contents: bytes, by: Actor | None = None, **decided: str) -> CollectResult:
        """What merging the files would do."""
        work = replace(self.work, by=by or self.by, decisions=decisions_of(decided))
        return try_collecting(self.college.session, work, named(contents))

    def merge(self, *contents: bytes, good_rows: bool = False, **decided: str) -> CollectResult:
        """Keep the files, look at them and merge them."""
        seen = self.try_files(*contents, **decided).seen
        return self.merge_seen(*contents, seen=seen, good_rows=good_rows, **decided)

    def merge_seen(
        self, *contents: bytes, seen: int, good_rows: bool = False, **decided: str
    ) -> CollectResult:
        """Keep the files and merge them as somebody who has seen them at that change."""
        session, now = self.college.session, self.college.now
        files, work = named(contents), replace(self.work, decisions=decisions_of(decided))
        place = work.place
        wanted = WantedSet(place.period, place.department, pack_files(files), len(files), [])
        number = keep_collected(session, place.stored, wanted, by=self.by, now=now)

        def keep(result: CollectResult) -> None:
            merged = [
                MergedPart(line.part or 0, line.counts, not line.has_left) for line in result.taken
            ]
            note_merged(session, number, merged, {}, by=self.by, now=now)

        return merge_collected(session, work, files, seen=seen, good_rows=good_rows, keep=keep)

    def states(self) -> dict[str, str]:
        """Part key → state as stored now."""
        return {part.key: part.state.value for part in self.college.all(HandOutPart)}


def named(contents: Sequence[bytes]) -> list[CollectedFile]:
    """The contents as files that were uploaded."""
    return collected_files((f"文件{n}.xlsx", content) for n, content in enumerate(contents, 1))


def handed_out(
    college: College, by: Actor, table: str = TABLE, field_code: str | None = None
) -> HandedOut:
    """Hand the rows of the actor's department out, by person or by the values of a field."""
    session, store = college.session, college.store
    place = find_place(session, store, by, table)
    divided = next(
        way
        for way in ways_to_divide(by, place)
        if (way.field.code if way.field else None) == field_code
    )
    number = hand_out(
        session, place.stored, _wanted(college, by, place, divided), by=by, now=college.now
    )
    made = session.get_one(HandOut, number)
    found = HandedOut(college, by, table, place, made, parts_of(session, made))
    found.books = books_of(found)
    return found


def _wanted(college: College, by: Actor, place: Place, divided: Divided) -> WantedHandOut:
    plan = plan_parts(
        college.session, college.store, by, place, divided, show=str, today=college.now.date()
    )
    parts = [WantedPart(p.key, p.title, p.department, p.row_count) for p in plan.parts]
    code = divided.field.code if divided.field else None
    return WantedHandOut(place.period.code, place.department, divided.division, code, parts)


def books_of(found: HandedOut) -> dict[str, bytes]:
    """Part key → its workbook with the rows as they are stored now."""
    college, place = found.college, found.place
    masks = masked_by_roles(found.by, place.stored, "export")
    choices = listed_choices(college.session, college.store, place.stored, found.by, place.cycle)
    issue = Issue(college.store.catalogue, place.stored, in_english, college.now, masks, choices)
    rows = rows_by_part(college.session, college.store, found.by, place, found.hand_out)
    where = WorkbookPlace(place.period, place.department or "", "")
    return {
        part.key: part_workbook(issue, part, where, rows.get(part.key, [])) for part in found.parts
    }


def changed(content: bytes, change: Callable[[Any, Mapping[str, int]], None]) -> bytes:
    """The workbook after somebody has worked on its first sheet.

    ``change`` gets the sheet and the columns, from 1, by their headings without marks.
    """
    book = opened(content)
    sheet = book.worksheets[0]
    columns = {
        str(cell.value).split(" *")[0].split("(")[0]: cell.column for cell in sheet[1] if cell.value
    }
    change(sheet, columns)
    return saved(book)


def typed(content: bytes, row: int, **texts: object) -> bytes:
    """The workbook with cells of a row typed over, by the headings."""

    def change(sheet: Any, columns: Mapping[str, int]) -> None:
        for heading, value in texts.items():
            sheet.cell(row, columns[heading]).value = value

    return changed(content, change)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive of the files."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()
