"""Reading the catalogue from its files; every fault is told at once."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import yaml

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.catalogue.comparison import Comparison, read_comparison
from app.catalogue.consistency import faults_of, rule_faults
from app.catalogue.department import DepartmentSpec
from app.catalogue.expected_rows import ExpectedRows, read_expected_rows
from app.catalogue.fact import Fact, read_fact, rules_of_fact
from app.catalogue.fault import CatalogueError
from app.catalogue.printed_number import PrintedNumber, read_printed
from app.catalogue.quality_rule import QualityRule
from app.catalogue.records import read_code_list, read_department, read_table
from app.catalogue.rule_family import Expansion, RuleFamily, read_family
from app.catalogue.rule_records import read_rule

Record = TypeVar("Record")

# The folder of the rules, beside that of the tables.
RULES = "rules"

# The C loader is many times faster than the pure one and reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class _Reading:
    """What has been read of the files so far."""

    digest: Any = field(default_factory=hashlib.sha256)
    faults: list[str] = field(default_factory=list)
    chapters: dict[str, str] = field(default_factory=dict)
    tables: list[TableSpec] = field(default_factory=list)
    code_lists: list[CodeList] = field(default_factory=list)
    departments: list[DepartmentSpec] = field(default_factory=list)
    rules: list[QualityRule] = field(default_factory=list)
    families: list[RuleFamily] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    printed: list[PrintedNumber] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    expected_rows: list[ExpectedRows] = field(default_factory=list)

    def read(self, name: str, content: bytes) -> None:
        """Take up one file."""
        self.digest.update(content)
        data = _parse(name, content, self.faults)
        chapter = str(data.get("chapter", ""))
        if chapter:
            self.chapters[chapter] = str(data.get("title", ""))
        read_all = partial(_read_all, name, data, faults=self.faults)
        self.tables += read_all("tables", partial(read_table, chapter=chapter))
        self.code_lists += read_all("code_lists", read_code_list)
        self.departments += read_all("departments", read_department)
        self.rules += read_all("rules", read_rule)
        self.families += read_all("families", read_family)
        self.facts += read_all("facts", read_fact)
        self.printed += read_all("printed", read_printed)
        self.comparisons += read_all("comparisons", read_comparison)
        self.expected_rows += read_all("expected_rows", read_expected_rows)


def load_catalogue(folder: Path, departments: Path | None = None) -> Catalogue:
    """Read all catalogue files in ``folder`` and the file of departments.

    ``departments`` defaults to ``departments.yaml`` beside the folder; there stand the rules too.
    Raises CatalogueError with every fault found, each naming file and place.
    """
    return _catalogue_of(
        tuple((path.name, path.read_bytes()) for path in _files(folder, departments))
    )


# A process that asks twice, such as one that makes an application and then migrates, reads once:
# what is made cannot be changed, and other contents are another key.
@lru_cache(maxsize=2)
def _catalogue_of(files: tuple[tuple[str, bytes], ...]) -> Catalogue:
    found = _Reading()
    for name, content in files:
        found.read(name, content)
    faults = [*found.faults, *faults_of(found.tables, found.code_lists, found.departments)]
    if not faults:
        found.rules += _made(found, faults)
    faults += rule_faults(found.rules, found.tables)
    faults += _unknown_places(found)
    if faults:
        raise CatalogueError(faults)
    printed = sorted(found.tables, key=lambda table: table.sort_key)
    return Catalogue(
        tables={table.identifier: table for table in printed},
        code_lists={code_list.identifier: code_list for code_list in found.code_lists},
        departments=tuple(found.departments),
        chapters=found.chapters,
        digest=found.digest.hexdigest(),
        rules=tuple(found.rules),
        facts=tuple(found.facts),
        printed=tuple(found.printed),
        comparisons=tuple(found.comparisons),
        expected_rows=tuple(found.expected_rows),
    )


def _unknown_places(found: _Reading) -> list[str]:
    """Fields of comparisons and expectations that are not there."""
    known = {f"{table.identifier}.{code}" for table in found.tables for code in table.by_code}
    named = [
        *(f"{each.table}.{each.field}" for each in found.comparisons if each.field),
        *(place for each in found.expected_rows for place in each.places),
    ]
    return [f"no field {place}" for place in named if place not in known]


def _made(found: _Reading, faults: list[str]) -> list[QualityRule]:
    """The rules that stand in families and facts, one for every field."""
    printed = sorted(found.tables, key=lambda table: table.sort_key)
    expansion = Expansion(
        {table.identifier: table for table in printed},
        {code_list.identifier: code_list for code_list in found.code_lists},
    )
    made: list[QualityRule] = []
    for name, source in (
        *((family.number, partial(expansion.rules_of, family)) for family in found.families),
        *((fact.name, partial(rules_of_fact, fact, expansion)) for fact in found.facts),
    ):
        try:
            made += source()
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"general rule {name}: {error}")
    return made


def _files(folder: Path, departments: Path | None) -> list[Path]:
    """Every file of the catalogue, always in the same order."""
    beside = folder.parent
    others = [departments or beside / "departments.yaml", *sorted((beside / RULES).glob("*.yaml"))]
    return [*sorted(folder.glob("*.yaml")), *others]


def _parse(name: str, content: bytes, faults: list[str]) -> Mapping[str, Any]:
    try:
        data = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, see above
    except yaml.YAMLError as error:
        faults.append(f"{name}: not readable as YAML: {error}")
        return {}
    if not isinstance(data, dict):
        faults.append(f"{name}: the file has to be a mapping")
        return {}
    return data


def _read_all(
    name: str,
    data: Mapping[str, Any],
    section: str,
    read: Callable[[Mapping[str, Any]], Record],
    faults: list[str],
) -> list[Record]:
    records = []
    for item in data.get(section, ()):
        try:
            records.append(read(item))
        except (KeyError, TypeError, ValueError) as error:
            place = (
                item.get("identifier") or item.get("code") or item.get("id")
                if isinstance(item, dict)
                else item
            )
            faults.append(f"{name}: {section} {place}: {error}")
    return records
