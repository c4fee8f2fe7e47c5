"""Departments of the college (第四条)."""

from enum import StrEnum


class DepartmentKind(StrEnum):
    """The kinds of department the regulation addresses (通知正文)."""

    OFFICE = "office"
    TEACHING = "teaching"
    AFFILIATED = "affiliated"
