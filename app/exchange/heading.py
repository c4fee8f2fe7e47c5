"""Headings of workbooks: how a field's column is named and found again."""

import re
from collections import Counter
from collections.abc import Mapping

from app.catalogue.base_table import FieldSpec, TableSpec
from app.rules.reading import half_width

REQUIRED_MARK = "*"
_SPACE_AND_MARK = re.compile(rf"[\s{re.escape(REQUIRED_MARK)}]+")
# What people call the column that names a row's department.
DEPARTMENT_NAMES = frozenset({"填报部门", "所属部门", "填报单位"})
# A column of running numbers says nothing.
IGNORED_NAMES = frozenset({"序号", "行号"})


def headings(spec: TableSpec) -> Mapping[str, str]:
    """Field code → heading without the mark of required fields; all differ.

    The unit stands in brackets unless the label says it already; of equal
    headings the second and further carry their count.
    """
    texts: dict[str, str] = {}
    used: Counter[str] = Counter()
    for field in spec.fields:
        text = _with_unit(field)
        used[fold(text)] += 1
        count = used[fold(text)]
        texts[field.code] = text if count == 1 else f"{text}({count})"
    return texts


def marked(field: FieldSpec, heading: str) -> str:
    """The heading as printed: a required field carries a mark."""
    return f"{heading} {REQUIRED_MARK}" if field.required else heading


def names_of_fields(spec: TableSpec) -> Mapping[str, list[str]]:
    """Every folded name a heading may have → the field codes it may mean.

    Of several codes the first belongs to the first column of that name.
    """
    texts = headings(spec)
    names: dict[str, list[str]] = {}
    for field in spec.fields:
        spellings = {texts[field.code], field.label, _with_unit(field), field.code}
        for name in {fold(spelling) for spelling in spellings}:
            names.setdefault(name, []).append(field.code)
    return names


def fold(text: str) -> str:
    """The text without width, case, spaces and marks, for comparing headings."""
    return _SPACE_AND_MARK.sub("", half_width(text)).casefold()


def _with_unit(field: FieldSpec) -> str:
    if not field.unit or f"({fold(field.unit)})" in fold(field.label):
        return field.label
    return f"{field.label}({field.unit})"
