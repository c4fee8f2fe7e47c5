"""Headings of workbooks: how a field's column is named and found again."""

import re
from collections import Counter
from collections.abc import Mapping

from app.catalogue.base_table import FieldSpec, TableSpec
from app.domain.staff_list import (
    DEPARTMENT,
    FROM,
    FUNCTION,
    KIND,
    NAME,
    NUMBER,
    POST_DEPARTMENT,
    TO,
    USERNAME,
)
from app.rules.reading import half_width

REQUIRED_MARK = "*"
_SPACE_AND_MARK = re.compile(rf"[\s{re.escape(REQUIRED_MARK)}]+")
# What people call the column that names a row's department.
DEPARTMENT_NAMES = frozenset({"填报部门", "所属部门", "填报单位", "部门"})
# The hidden column that says which row of the table a row is, in Chinese and in English.
MARK_NAMES = frozenset({"行标识(请勿改动)", "rowmark(donotchange)"})
# What people call the columns of a list of people, beside the words of the template.
STAFF_NAMES: Mapping[str, frozenset[str]] = {
    NUMBER: frozenset({"工号", "教工号", "职工号", "教职工号", "人员编号"}),
    NAME: frozenset({"姓名", "教师姓名"}),
    DEPARTMENT: frozenset({"部门", "所属部门", "所在部门", "单位", "所在单位", "部门名称"}),
    KIND: frozenset({"教师类别", "教师类型"}),
    FUNCTION: frozenset({"职能", "角色", "平台职能"}),
    POST_DEPARTMENT: frozenset({"任职部门"}),
    FROM: frozenset({"起始日期", "开始日期", "任职起始日期"}),
    TO: frozenset({"截止日期", "结束日期", "任职截止日期"}),
    USERNAME: frozenset({"登录名", "用户名", "账号", "登录账号"}),
}
# The hidden column by which the rows of a workbook that was handed out are known again.
ROW_MARK = "行号"
# A column of running numbers says nothing.
IGNORED_NAMES = frozenset({"序号", ROW_MARK})
# What begins notes and signatures below a table, names totals, and stands in a row of units.
NOTE = re.compile(
    r"(注|备注|说明|填表说明|填报说明):|注[0-9一二三四五六七八九十]+[:、.]|"
    r"(填表|填报|制表|制单|审核|复核|负责|经办|联系)(人|单位|部门|日期|时间|电话)[^:]{0,6}:|"
    r"(单位|部门)(负责人|公章|盖章)[^:]{0,6}:|(单位|部门)(公章|盖章)"
)
TOTAL = re.compile(r"(本?(页|部门|单位|系|院|校)|全校)?(合计|总计|共计|小计)(\([^()]*\))?:?")
UNIT_WORDS = frozenset({"单位", "必填", "选填", "文本", "数字", "日期", "代码"})
ORDINALS = "甲乙丙丁"


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

    Of several codes the first belongs to the first column of that name. An alias of the catalogue
    counts only where no label of the table says the same.
    """
    texts = headings(spec)
    names: dict[str, list[str]] = {}
    for field in spec.fields:
        spellings = {texts[field.code], field.label, _with_unit(field), field.code}
        for name in {fold(spelling) for spelling in spellings}:
            names.setdefault(name, []).append(field.code)
    aliases = {fold(alias): field.code for field in spec.fields for alias in field.aliases}
    return {alias: [code] for alias, code in aliases.items()} | names


def fold(text: str) -> str:
    """The text without width, case, spaces and marks, for comparing headings."""
    return _SPACE_AND_MARK.sub("", half_width(text)).casefold()


def _with_unit(field: FieldSpec) -> str:
    if not field.unit or f"({fold(field.unit)})" in fold(field.label):
        return field.label
    return f"{field.label}({field.unit})"
