"""One record of a catalogue file: from a mapping to a frozen dataclass.

Anything that does not fit raises KeyError, TypeError or ValueError with a
text that names the word at fault; the loader adds file and place.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.catalogue.base_table import (
    Carrying,
    FieldFormat,
    FieldSpec,
    FieldType,
    FilledBy,
    MaterialRule,
    Reference,
    StaffListSpec,
    TableKind,
    TableSpec,
    Tier,
)
from app.catalogue.code_list import CodeItem, CodeList
from app.catalogue.department import DepartmentSpec
from app.domain.department import DepartmentKind
from app.domain.period import PeriodKind
from app.domain.person import TeacherKind

# Words of the files that are read as they stand.
_PLAIN_FIELD_WORDS = (
    "code",
    "label",
    "required",
    "key",
    "max_length",
    "precision",
    "scale",
    "code_list",
    "pattern",
    "unit",
    "guidance",
    "personal",
    "mask",
    "unverified",
)
_FIELD_WORDS = {
    *_PLAIN_FIELD_WORDS,
    *("type", "references", "minimum", "maximum", "format", "period"),
    *("material", "carried", "aliases"),
}
_TABLE_WORDS = {
    "identifier",
    "number",
    "name",
    "kind",
    "period",
    "point",
    "filled_by",
    "teacher_kinds",
    "tier",
    "guidance",
    "unverified",
    "carried_forward",
    "spot_check",
    "teaches",
    "staff_list",
    "material",
    "fields",
}
_STAFF_LIST_WORDS = {"number", "name", "department", "status", "left"}


def read_field(item: Mapping[str, Any]) -> FieldSpec:
    """A field from ``{code, label, type, …}``."""
    _refuse_unknown(item, _FIELD_WORDS)
    reference = None
    if "references" in item:
        table, _, field = item["references"].partition(".")
        reference = Reference(table, field)
    return FieldSpec(
        **{word: item[word] for word in _PLAIN_FIELD_WORDS if word in item},
        type=FieldType(item["type"]),
        reference=reference,
        minimum=_decimal(item.get("minimum")),
        maximum=_decimal(item.get("maximum")),
        format=FieldFormat(item["format"]) if "format" in item else None,
        period=PeriodKind(item["period"]) if "period" in item else None,
        material=_material(item),
        carried=Carrying(item["carried"]) if "carried" in item else None,
        aliases=_texts(item.get("aliases", ())),
    )


def read_table(item: Mapping[str, Any], chapter: str) -> TableSpec:
    """A base table with its fields."""
    _refuse_unknown(item, _TABLE_WORDS)
    fields = []
    for field in item["fields"]:
        try:
            fields.append(read_field(field))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"field {field.get('code')}: {error}") from error
    return TableSpec(
        identifier=item["identifier"],
        number=item["number"],
        name=item["name"],
        chapter=chapter,
        kind=TableKind(item["kind"]),
        period=PeriodKind(item["period"]),
        point=item.get("point", "08-31"),
        filled_by=FilledBy(item["filled_by"]),
        tier=Tier(item["tier"]),
        teacher_kinds=tuple(TeacherKind(kind) for kind in item.get("teacher_kinds", ())),
        guidance=item.get("guidance", ""),
        unverified=item.get("unverified", False),
        carried_forward=item.get("carried_forward", True),
        spot_check=item.get("spot_check", False),
        teaches=item.get("teaches", False),
        staff_list=_staff_list(item["staff_list"]) if "staff_list" in item else None,
        material=_material(item),
        fields=tuple(fields),
    )


def _material(item: Mapping[str, Any]) -> MaterialRule | None:
    return MaterialRule(item["material"]) if "material" in item else None


def _staff_list(item: Mapping[str, Any]) -> StaffListSpec:
    """Which fields make the table the list of staff."""
    _refuse_unknown(item, _STAFF_LIST_WORDS)
    return StaffListSpec(
        number=item["number"],
        name=item["name"],
        department=item["department"],
        status=item.get("status"),
        left=tuple(item.get("left", ())),
    )


def read_code_list(item: Mapping[str, Any]) -> CodeList:
    """A code list with its items in their order."""
    _refuse_unknown(item, {"identifier", "title", "standard", "guidance", "items"})
    return CodeList(
        identifier=item["identifier"],
        title=item["title"],
        standard=item.get("standard", ""),
        guidance=item.get("guidance", ""),
        items=tuple(CodeItem(entry["code"], entry["label"]) for entry in item["items"]),
    )


def read_department(item: Mapping[str, Any]) -> DepartmentSpec:
    """A department with the tables it owns or fills for its own staff."""
    _refuse_unknown(item, {"code", "name", "kind", "duty", "owns", "fills_for_own_staff"})
    return DepartmentSpec(
        code=item["code"],
        name=item["name"],
        kind=DepartmentKind(item["kind"]),
        duty=item.get("duty", ""),
        owns=tuple(item.get("owns", ())),
        fills_for_own_staff=tuple(item.get("fills_for_own_staff", ())),
    )


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts; a single text would be taken for its characters."""
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):  # type: ignore[attr-defined]
        raise ValueError("aliases have to be a list of texts")
    return tuple(value)  # type: ignore[arg-type]


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _refuse_unknown(item: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(item) - known)
    if unknown:
        raise ValueError(f"unknown words {', '.join(unknown)}")
