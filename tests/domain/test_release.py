"""The steps of a release: everything that is not written here is refused."""

from datetime import UTC, datetime, timedelta

from app.domain.release import (
    RELEASE_STEPS,
    ReleaseHolder,
    ReleaseStatus,
    ReleaseVerb,
    release_step_for,
    status_at,
)

PERMITTED = {
    (None, "release", "qa_office"): "released",
    ("released", "withdraw", "qa_office"): "withdrawn",
    ("released", "expire", "clock"): "expired",
}
ENDS = datetime(2026, 10, 1, tzinfo=UTC)


def test_only_the_steps_of_the_table_exist() -> None:
    found = {}
    for status in (None, *ReleaseStatus):
        for verb in ReleaseVerb:
            step = release_step_for(status, verb)
            if step is not None:
                assert step.holder in set(ReleaseHolder)
                found[status, verb, step.holder] = step.target

    assert found == PERMITTED
    assert len(RELEASE_STEPS) == len(PERMITTED)


def test_a_release_is_over_by_the_clock() -> None:
    second = timedelta(seconds=1)

    assert status_at(ReleaseStatus.RELEASED, ENDS, ENDS) is ReleaseStatus.RELEASED
    assert status_at(ReleaseStatus.RELEASED, ENDS, ENDS + second) is ReleaseStatus.EXPIRED
    assert status_at(ReleaseStatus.WITHDRAWN, ENDS, ENDS + second) is ReleaseStatus.WITHDRAWN
