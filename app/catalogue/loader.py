"""Reading the catalogue from its files; every fault is told at once."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.catalogue.code_list import CodeList
from app.catalogue.consistency import faults_of, rule_faults
from app.catalogue.department import DepartmentSpec
from app.catalogue.fact import Fact, read_fact, rules_of_fact
from app.catalogue.fault import CatalogueError
from app.catalogue.quality_rule import QualityRule
from app.catalogue.records import read_code_list, read_department, read_table
from app.catalogue.rule_family import Expansion, RuleFamily, read_family
from app.catalogue.rule_records import read_rule

Record = TypeVar("Record")

# The folder of the rules, beside that of the tables.
RULES = "rules"

# The C loader is many times faster than the pure one and reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_catalogue(folder: Path, departments: Path | None = None) -> Catalogue:
    """Read all catalogue files in ``folder`` and the file of departments.

    ``departments`` defaults to ``departments.yaml`` beside the folder; there stand the rules too.
    Raises CatalogueError with every fault found, each naming file and place.
    """
    paths = _files(folder, departments)
    digest = hashlib.sha256()
    faults: list[str] = []
    chapters: dict[str, str] = {}
    tables: list[TableSpec] = []
    code_lists: list[CodeList] = []
    department_specs: list[DepartmentSpec] = []
    rules: list[QualityRule] = []
    families: list[RuleFamily] = []
    facts: list[Fact] = []
    for path in paths:
        content = path.read_bytes()
        digest.update(content)
        data = _parse(path.name, content, faults)
        chapter = str(data.get("chapter", ""))
        if chapter:
            chapters[chapter] = str(data.get("title", ""))
        read_its_table = partial(read_table, chapter=chapter)
        tables += _read_all(path.name, data, "tables", read_its_table, faults)
        code_lists += _read_all(path.name, data, "code_lists", read_code_list, faults)
        department_specs += _read_all(path.name, data, "departments", read_department, faults)
        rules += _read_all(path.name, data, "rules", read_rule, faults)
        families += _read_all(path.name, data, "families", read_family, faults)
        facts += _read_all(path.name, data, "facts", read_fact, faults)
    faults += faults_of(tables, code_lists, department_specs)
    if not faults:
        rules += _made(families, facts, tables, code_lists, faults)
    faults += rule_faults(rules, tables)
    if faults:
        raise CatalogueError(faults)
    return Catalogue(
        tables={
            table.identifier: table for table in sorted(tables, key=lambda table: table.sort_key)
        },
        code_lists={code_list.identifier: code_list for code_list in code_lists},
        departments=tuple(department_specs),
        chapters=chapters,
        digest=digest.hexdigest(),
        rules=tuple(rules),
        facts=tuple(facts),
    )


def _made(
    families: Sequence[RuleFamily],
    facts: Sequence[Fact],
    tables: Sequence[TableSpec],
    code_lists: Sequence[CodeList],
    faults: list[str],
) -> list[QualityRule]:
    """The rules that stand in families and facts, one for every field."""
    printed = sorted(tables, key=lambda table: table.sort_key)
    expansion = Expansion(
        {table.identifier: table for table in printed},
        {code_list.identifier: code_list for code_list in code_lists},
    )
    made: list[QualityRule] = []
    for name, source in (
        *((family.number, partial(expansion.rules_of, family)) for family in families),
        *((fact.name, partial(rules_of_fact, fact, expansion)) for fact in facts),
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
