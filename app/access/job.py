"""Who sees which jobs: one's own with what came of them; an administrator the state of all."""

from app.access.person import Actor
from app.access.roles import JOB


def oversees_jobs(actor: Actor) -> bool:
    """Whether the actor sees that others have jobs, and how they stand; never what is in them."""
    return actor.may("read", JOB)


def is_asker(actor: Actor, username: str, number: str) -> bool:
    """Whether a job was asked for by this very person: a login may pass to somebody else."""
    return actor.username == username and actor.number == number
