"""What jobs do: every kind of them, with the rights of whoever asked."""

import inspect
import json

import pytest

from app.domain.job import JobKind, JobState
from app.jobs.kind import BY_KIND, KINDS
from app.models.job import Job, JobPart
from app.models.permission import user
from app.reports.job import find_import_of, read_part
from tests.exchange.books import book_of
from tests.jobs.conftest import HEADINGS, Background, carry_out_here
from tests.people import People


@pytest.mark.parametrize("kind", JobKind)
def test_every_kind_of_job_says_what_it_does(kind: JobKind) -> None:
    found = BY_KIND[kind]

    assert found.carry_out.__doc__
    assert list(inspect.signature(found.carry_out).parameters) == ["work"]
    assert len([one for one in KINDS if one.kind is kind]) == 1


def test_a_trial_tells_what_an_import_would_do_and_writes_nothing(
    background: Background, people: People
) -> None:
    key = background.ask(people.li_jing)

    job = background.attend(key, carry_out_here)

    told = json.loads(read_part(background.college.session, job, JobPart.RESULT) or b"")
    assert (job.state, told["created"], told["written"]) == (JobState.DONE, 1, False)
    assert told["rows_preview"][0]["values"]["course_name"] == "插花艺术"
    assert (job.is_written, background.college.rows("course")) == (False, [])


def test_an_import_writes_what_its_trial_has_shown(background: Background, people: People) -> None:
    key = background.ask_to_write(people.li_jing)

    job = background.attend(key, carry_out_here)

    assert (job.state, job.is_written, job.summary["created"]) == (JobState.DONE, True, 1)
    assert [row["course_code"] for row in background.college.rows("course")] == ["ZZ01"]


def test_a_file_with_errors_is_kept_to_be_had_back_marked(
    background: Background, people: People
) -> None:
    key = background.ask(people.li_jing, content=book_of([HEADINGS, ["", "没有代码"]]))

    job = background.attend(key, carry_out_here)

    assert job.summary["rejected"] == 1
    assert job.summary["error_workbook"].startswith("/api/v1/data/course/imports/")


def test_a_job_has_the_rights_that_its_asker_has_when_it_runs(
    background: Background, people: People
) -> None:
    key = background.ask_to_write(people.li_jing)
    session = background.college.session
    session.execute(user.update().where(user.c.username == "li_jing").values(active=False))
    session.commit()

    job = background.attend(key, carry_out_here)

    assert (job.state, background.college.rows("course")) == (JobState.FAILED, [])
    assert "no longer active" in (job.refusal or "")


def test_nobody_imports_into_another_department_by_a_job(
    background: Background, people: People
) -> None:
    key = background.ask(people.chen_gang)

    job = background.attend(key, carry_out_here)

    assert (job.state, job.refusal is None) == (JobState.FAILED, False)


def test_progress_goes_to_whoever_waits(background: Background, people: People) -> None:
    key, told = background.ask(people.li_jing), []
    background.queue.tell = lambda _key, progress: told.append(progress)  # type: ignore[method-assign]

    background.attend(key, carry_out_here)

    assert [(progress.done, progress.total) for progress in told][-1] == (1, 1)
    assert (told[0].done, told[0].total) == (0, 1)


def test_a_text_that_no_cell_holds_is_cut_by_no_export(
    background: Background, people: People
) -> None:
    college, table = background.college, "institutional_innovation"
    college.add(table, 1, by=people.li_jing)
    stored = college.store.tables[table]
    long = {stored.columns["main_result"]: "x" * 40_000}
    college.session.execute(stored.table.update().values(long))
    college.session.commit()
    asked = {"table": table, "q": "", "filter": None, "sort": [], "rows": 1}
    asked["period"] = college.period(table)

    def ended(form: str) -> Job:
        told = {**asked, "format": form}
        key = background.ask(people.li_jing, kind=JobKind.EXPORT, content=None, request=told)
        return background.attend(key, carry_out_here)

    assert (ended("xlsx").refusal or "").startswith("A text has 40000 characters")
    assert (csv := ended("csv")).state is JobState.DONE, csv.refusal


def test_due_feeds_are_counted(background: Background, people: People) -> None:
    key = background.ask(people.li_jing, kind=JobKind.FEED, content=None)

    job = background.attend(key, carry_out_here)

    assert (job.state, job.summary) == (JobState.DONE, {"run": 0, "refused": 0})


def test_the_same_file_is_known_again_within_a_day(background: Background, people: People) -> None:
    key = background.ask_to_write(people.li_jing, content_hash="a" * 64)
    done = background.attend(key, carry_out_here)
    session, now = background.college.session, done.ended_at
    assert now is not None

    def found(content: str, who: str) -> Job | None:
        return find_import_of(session, content * 64, "course", getattr(people, who), now)

    former = found("a", "li_jing")
    assert former is not None
    assert former.key == key
    assert [found("b", "li_jing"), found("a", "wang_qiang")] == [None, None]
