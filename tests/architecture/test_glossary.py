"""Every word of the code stands in the glossary, with its Chinese."""

import importlib
import pkgutil
import re
from enum import StrEnum

import pytest

import app.catalogue
import app.domain
from tests.architecture.source import APP, ROOT, python_files

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`(\w+)`", GLOSSARY))


def enumerations() -> list[type[StrEnum]]:
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for package in (app.domain, app.catalogue)
        for module in pkgutil.iter_modules(package.__path__)
    ]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    return sorted(found, key=lambda enumeration: enumeration.__name__)


@pytest.mark.parametrize("enumeration", enumerations(), ids=lambda found: found.__name__)
def test_members_of_an_enumeration_are_in_the_glossary(enumeration: type[StrEnum]) -> None:
    assert {member.value for member in enumeration} - WORDS == set()


def test_every_file_name_is_a_word_of_the_glossary() -> None:
    names = {path.stem for path in python_files(APP) if path.stem != "__init__"}

    assert names - WORDS == set()
