"""Rules that the college writes itself: the states of their revisions."""

from enum import StrEnum


class RevisionState(StrEnum):
    """A draft is asked of nobody; a published one is; a retired one is no more."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"
