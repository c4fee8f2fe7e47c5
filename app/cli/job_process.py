"""The process of one job: ``python -m app.cli.job_process KEY``, called by a worker only."""

import logging
import os
import sys

from sqlalchemy.orm import Session

from app.cli.texts import translated
from app.jobs.execution import beat_until_the_end, carry_out, end_with_parent
from app.jobs.surroundings import surroundings_in


def main(key: str) -> None:
    """Carry the running job out; ends at once when the worker does."""
    logging.basicConfig(level=logging.WARNING)
    end_with_parent(sys.stdin.fileno())
    surroundings = surroundings_in(os.environ)
    queue = surroundings.make_queue()
    beat_until_the_end(queue, key)
    store, engine = surroundings.read_store(), surroundings.make_engine()
    with Session(engine, expire_on_commit=False) as session:
        carry_out(session, store, queue, key, translated)


if __name__ == "__main__":
    main(sys.argv[1])
