"""Every word of the code has its word on the page."""

import importlib
import pkgutil
from enum import StrEnum

import pytest

import app.domain
from app.domain.submission import Status
from app.web.labels import LABELS, STATUS_MARKS, label

# Never shown: they decide an answer or a right.
NOT_SHOWN = {"Reason", "CycleHolder"}


def enumerations() -> list[type[StrEnum]]:
    modules = [
        importlib.import_module(f"app.domain.{module.name}")
        for module in pkgutil.iter_modules(app.domain.__path__)
    ]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    return sorted(
        (value for value in found if value.__name__ not in NOT_SHOWN), key=lambda v: v.__name__
    )


@pytest.mark.parametrize("enumeration", enumerations(), ids=lambda found: found.__name__)
def test_every_member_has_a_label(enumeration: type[StrEnum]) -> None:
    assert LABELS[enumeration].keys() == {member.value for member in enumeration}


@pytest.mark.parametrize("enumeration", list(LABELS), ids=lambda found: found.__name__)
def test_labels_are_named_after_their_member(enumeration: type[StrEnum]) -> None:
    kinds = {str(label(member)).rpartition(":")[0] for member in enumeration}

    assert [str(label(m)).rpartition(":")[2] for m in enumeration] == [m.value for m in enumeration]
    assert len(kinds) == 1


def test_every_status_has_a_mark() -> None:
    assert STATUS_MARKS.keys() == set(Status)
