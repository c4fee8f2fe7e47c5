"""Telling a year of the demo college: every scene is played by the real action."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guidance import concerns
from app.access.person import Actor
from app.actions.assignment import assign, proposal
from app.actions.base_table import apply_changes
from app.actions.cycle import CycleRequest, prepare_cycle, take_cycle_step
from app.actions.explanation import FindingPlace, explain, rule_on
from app.actions.guidance import acknowledge
from app.actions.person import sync_user_roles
from app.actions.row_change import INSERT, UPDATE, Change
from app.actions.submission import take_step
from app.actions.submission_step import StepRequest
from app.actions.work_plan import PlanDraft, save_plan, set_phases
from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.guidance import digest_of
from app.cli.demo_actors import DemoActors, load_actors
from app.cli.demo_cooperation import cooperation_happenings
from app.cli.demo_preparation import Happening, Preparation
from app.cli.demo_record import RecordTelling
from app.cli.demo_rows import read_demo_rows
from app.cli.demo_story import LAST_MINUTE, MEND, RECORD, Place, Scene, YearStory
from app.domain.cycle import CycleVerb
from app.domain.finding import REVIEW_POINTS, Severity
from app.domain.finding_state import FindingState
from app.domain.message import Refused
from app.domain.period import AcademicYear
from app.domain.person import Function
from app.domain.submission import Holder, Verb, step_for
from app.domain.work_plan import Phase
from app.models.base_table import Store
from app.models.cycle import Cycle
from app.models.guidance import present_notes
from app.models.judged_place import judge_place
from app.models.submission import Submission
from app.models.work_plan import PhaseDays

FUNCTIONS = {
    Holder.FILLER: Function.DATA_STEWARD,
    Holder.STEWARD: Function.DATA_STEWARD,
    Holder.HEAD: Function.HEAD,
}
# What the findings stand as that are dealt with before a step.
SETTLED_BEFORE = {Verb.FINISH: FindingState.OPEN, Verb.ACCEPT: FindingState.EXPLAINED}


@dataclass
class YearTelling:
    """A year on its way: what has been read of it and where it stands.

    ``explained`` are the places where a rule's warning was explained.
    """

    session: Session
    store: Store
    story: YearStory
    year: AcademicYear
    actors: DemoActors
    quality_office: str
    revision: bytes
    rows: Mapping[Place, Sequence[Change]]
    cycle: Cycle
    submissions: dict[Place, Submission] = field(default_factory=dict)
    explained: set[Place] = field(default_factory=set)

    def happenings(self, scenes: Sequence[Scene]) -> Iterator[Happening]:
        """The scenes, each to be played at its moment."""
        for scene in scenes:
            yield Happening(scene.at, partial(self.play, scene))

    def play(self, scene: Scene) -> None:
        """Let one scene happen."""
        if scene.place is None:
            self._step_of_cycle(scene)
        elif scene.verb == Verb.ENTER:
            self._enter(scene, scene.place)
        elif scene.verb == MEND:
            self._mend(scene, scene.place)
        elif scene.verb == RECORD:
            self._records(scene, self.submissions[scene.place]).play(scene.told)
        else:
            self._step(scene, self.submissions[scene.place])

    def office(self, others: int = 0) -> Actor:
        """The lead of the quality office, or the second person there."""
        return self.actors.holding(Function.QA_OFFICE, self.quality_office, others)

    def _step_of_cycle(self, scene: Scene) -> None:
        until = scene.told.get("until")
        request = CycleRequest(
            CycleVerb(scene.verb),
            self.cycle.version,
            reason=scene.told.get("reason"),
            due_at=None if until is None else self.story.moment(until, LAST_MINUTE),
            revision=self.revision,
        )
        # Locking takes two of the office: the first only asks.
        for others in (1, 0) if request.verb is CycleVerb.LOCK else (0,):
            by = self.office(others)
            take_cycle_step(self.session, self.store, self.cycle.id, request, by=by, now=scene.at)
        if scene.verb == CycleVerb.OPEN:
            query = select(Submission).where(Submission.cycle_id == self.cycle.id)
            for found in self.session.scalars(query):
                self.submissions[found.table_identifier, found.department_code] = found

    def _enter(self, scene: Scene, place: Place) -> None:
        """Type the rows, each by whom it is about or else by the steward."""
        spec = self.store.catalogue.tables[place[0]]
        slips = self.story.slips(place)
        for slip in slips:
            _slipped(self.rows[place], slip)
        by_typist: dict[str, list[Change]] = {}
        for change in self.rows[place]:
            typist = self._typist(spec, place[1], change.values)
            by_typist.setdefault(typist.number, []).append(_with_slips(change, slips))
        for number, changes in by_typist.items():
            self._write(scene, place, self.actors.by_number[number], changes)

    def _mend(self, scene: Scene, place: Place) -> None:
        """Type what was wrong at first as it is in truth."""
        by = self.actors.holding(Function.DATA_STEWARD, place[1])
        key = [field.code for field in self.store.catalogue.tables[place[0]].key_fields]
        changes = []
        for slip in self.story.slips(place):
            truth = _slipped(self.rows[place], slip).values
            changes.append(Change(UPDATE, {code: truth[code] for code in [*key, slip["field"]]}))
        self._write(scene, place, by, changes)

    def _typist(self, spec: TableSpec, department: str, values: Mapping[str, object]) -> Actor:
        person_field = spec.person_field
        number = str(values[person_field.code]) if person_field is not None else ""
        teacher = self.actors.by_number.get(number)
        if teacher is not None and teacher.holds(Function.TEACHER, department):
            return teacher
        return self.actors.holding(Function.DATA_STEWARD, department)

    def _write(self, scene: Scene, place: Place, by: Actor, changes: list[Change]) -> None:
        table, department = place
        fills_himself = not by.holds(Function.DATA_STEWARD, department)
        outcome = apply_changes(
            self.session,
            self.store,
            table,
            changes,
            by=by,
            now=scene.at,
            period=self.store.catalogue.tables[table].period_in(self.year).code,
            department=department,
            way="grid" if fills_himself or scene.verb == MEND else "import",
        )
        if not outcome.written:
            faults = [f.message.english() for r in outcome.results for f in r.findings]
            raise ValueError(f"demo rows of {table} {self.year.code}: {faults[:5]}")

    def _step(self, scene: Scene, submission: Submission) -> None:
        """Take the step; one that the story calls refused has to be refused."""
        told = scene.told
        points = {point.value: True for point in REVIEW_POINTS} | told.get("points", {})
        request = StepRequest(
            Verb(scene.verb),
            submission.version,
            reason=told.get("reason"),
            points=points,
            reauthenticated=True,
        )
        by = self._taker(submission, Verb(scene.verb))
        if not told.get("refused"):
            self._settle(scene, submission, by)
            if request.verb is Verb.FINISH:
                self._records(scene, submission).settle(self.story.texts)
        step = step_for(submission.status, request.verb)
        if step is not None and step.needs_second:
            # Asked for by one, taken by the other.
            first = next(each for each in map(self.office, (0, 1)) if each.number != by.number)
            take_step(self.session, self.store, submission.id, request, by=first, now=scene.at)
        try:
            take_step(self.session, self.store, submission.id, request, by=by, now=scene.at)
        except Refused as refusal:
            if not told.get("refused"):
                raise LookupError(f"{scene.verb} of {scene.place}: {_in_words(refusal)}") from None
            return
        if told.get("refused"):
            raise LookupError(f"{scene.verb} of {scene.place} was not refused")

    def _settle(self, scene: Scene, submission: Submission, by: Actor) -> None:
        """Explain what rules warn of before finishing; the quality office adopts it."""
        verb = Verb(scene.verb)
        table, department = submission.table_identifier, submission.department_code
        if verb not in SETTLED_BEFORE or table not in self.store.tables:
            return
        if verb is Verb.ACCEPT and (table, department) not in self.explained:
            return
        judged = judge_place(self.session, self.store, table, self.cycle, department)
        marks = [
            each.mark
            for each in judged.in_state(SETTLED_BEFORE[verb])
            if each.finding.severity is Severity.WARNING
        ]
        if not marks:
            return
        place = FindingPlace(table, submission.period, department)
        if verb is Verb.FINISH:
            self.explained.add((table, department))
            text, seen = self.story.texts["explained"], dict.fromkeys(marks)
            explain(self.session, self.store, place, seen, text, by=by, now=scene.at)
        else:
            rule_on(self.session, self.store, place, marks, None, adopts=True, by=by, now=scene.at)

    def _records(self, scene: Scene, submission: Submission) -> RecordTelling:
        return RecordTelling(self.session, self.store, submission, self.actors, scene.at)

    def _taker(self, submission: Submission, verb: Verb) -> Actor:
        """Whose step it is; in the quality office one takes up what the other accepts."""
        step = step_for(submission.status, verb)
        if step is None:
            raise LookupError(f"{submission.table_identifier} is {submission.status}: no {verb}")
        if step.holder is not Holder.QA_OFFICE:
            return self.actors.holding(FUNCTIONS[step.holder], submission.department_code)
        one = crc32(f"{submission.table_identifier}{submission.department_code}".encode()) % 2
        return self.office(1 - one if verb is Verb.ACCEPT else one)


def tell_year(
    session: Session,
    store: Store,
    folder: Path,
    story: YearStory,
    *,
    year: AcademicYear,
    slot: str,
    years: int,
    quality_office: str,
    revision: bytes,
) -> None:
    """Prepare the year and play its scenes; dates of rows move by whole ``years``."""
    today = story.today.date()
    office = load_actors(session, today, Function.QA_OFFICE).holding(
        Function.QA_OFFICE, quality_office
    )
    prepared = story.prepared_at
    cycle = prepare_cycle(session, year, due_at=story.due_at, by=office, now=prepared)
    _publish_plan(session, store, story, cycle, by=office)
    owed = proposal(store.catalogue)
    assign(session, store, cycle, owed, by=office, now=prepared)
    sync_user_roles(session, today)
    session.commit()
    rows = {
        (batch.table, batch.department): batch.changes
        for batch in read_demo_rows(folder / "rows", store.catalogue, slot, years)
    }
    actors = load_actors(session, today)
    _all_read_notes(session, store.catalogue, actors, story.prepared_at)
    preparation = Preparation(session, store.catalogue, story, cycle.id, actors, office)
    telling = YearTelling(
        session, store, story, year, actors, quality_office, revision, rows, cycle
    )
    places = [(item.table, item.department) for item in owed if item.kind.makes_submission]
    _play_all(
        *preparation.happenings(),
        *cooperation_happenings(session, store, story, cycle, actors),
        *telling.happenings(story.scenes(places, rows.keys())),
    )


def _play_all(*happenings: Happening) -> None:
    """Play them in the order of time; what falls on one moment as it was given."""
    for happening in sorted(happenings, key=lambda each: each.at):
        happening.play()


def _publish_plan(
    session: Session, store: Store, story: YearStory, cycle: Cycle, *, by: Actor
) -> None:
    """The work plan, and the phases where the story has some."""
    now = story.prepared_at
    draft = PlanDraft(story.texts["work_plan"], publishes=True)
    save_plan(session, cycle.id, draft, by=by, now=now)
    days = {
        Phase(name): PhaseDays(
            story.moment(told["begins"], LAST_MINUTE).date(),
            None if "due" not in told else story.moment(told["due"], LAST_MINUTE).date(),
        )
        for name, told in story.told.get("phases", {}).items()
    }
    if days:
        set_phases(session, store, cycle.id, days, version=cycle.version, by=by, now=now)


def _all_read_notes(
    session: Session, catalogue: Catalogue, actors: DemoActors, now: datetime
) -> None:
    for steward in actors.by_number.values():
        if steward.holds(Function.DATA_STEWARD):
            _read_notes(session, catalogue, steward, now)


def _read_notes(session: Session, catalogue: Catalogue, by: Actor, now: datetime) -> None:
    """Acknowledge the notes of every chapter that the data steward fills in."""
    chapters = {spec.chapter for spec in catalogue.reported.values() if concerns(by, spec)}
    for chapter in sorted(chapters):
        seen = digest_of(present_notes(session, catalogue, chapter))
        acknowledge(session, catalogue, chapter, seen, by=by, now=now)


def _slipped(rows: Sequence[Change], slip: Mapping[str, Any]) -> Change:
    """The row that the slip is about, as it is in truth."""
    found = [change for change in rows if _is_about(slip, change)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} demo rows of {slip['table']} are {slip['row']}")
    return found[0]


def _is_about(slip: Mapping[str, Any], change: Change) -> bool:
    return all(change.values.get(code) == value for code, value in slip["row"].items())


def _with_slips(change: Change, slips: Sequence[Mapping[str, Any]]) -> Change:
    """The row as it is typed at first."""
    wrong = {slip["field"]: slip["typed"] for slip in slips if _is_about(slip, change)}
    return Change(INSERT, {**change.values, **wrong})


def _in_words(refusal: Refused) -> str:
    return "; ".join(line.english() for line in (refusal.message, *refusal.details[:5]))
