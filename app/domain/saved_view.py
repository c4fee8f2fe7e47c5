"""For whom a view of a table is kept."""

from enum import StrEnum


class Audience(StrEnum):
    """Who finds a view in his list: its author, a department, or everybody who reads the table."""

    PRIVATE = "private"
    DEPARTMENT = "department"
    EVERYONE = "everyone"
