"""A database comment gives a label and a help text, however it is written."""

import pytest

from app.catalogue.comment_label import LONGEST_LABEL, label_and_help

STYLES = [
    ("姓名", "姓名", ""),
    ("姓名(必填，身份证一致)", "姓名", "必填，身份证一致"),
    ("姓名（必填，身份证一致）", "姓名", "必填，身份证一致"),
    ("性别：1男2女", "性别", "1男2女"),
    ("性别:1-男,2-女", "性别", "1-男,2-女"),
    ("状态 0:停用 1:启用", "状态", "0:停用 1:启用"),
    ("状态0-停用，1-启用", "状态", "0-停用，1-启用"),
    ("sex 0=male 1=female", "sex", "0=male 1=female"),
    ("学生姓名\n与身份证一致", "学生姓名", "与身份证一致"),
    ("学生姓名\r\n第二行\r\n第三行", "学生姓名", "第二行 第三行"),
    ("金额(万元)", "金额", "万元"),
    ("出生日期（年月日）必填", "出生日期", "年月日 必填"),
    ("课时，含实践", "课时", "含实践"),
    ("课时; 含实践", "课时", "含实践"),
    ("专业代码【六位】", "专业代码", "六位"),
    ("专业代码[六位", "专业代码", "六位"),
    ("【基本信息】姓名", "姓名", "基本信息"),
    ("（必填）姓名：真实姓名", "姓名", "必填 真实姓名"),
    ("（备注）", "备注", ""),
    ("()", "student name", ""),
    ("(", "student name", ""),
    ("", "student name", ""),
    ("   ", "student name", ""),
    (None, "student name", ""),
    ("：", "student name", ""),
    ("  学号  ", "学号", ""),
    ("学号。", "学号", ""),
    ("学号。全校唯一。", "学号", "全校唯一"),
    ("The student's name. As on the card.", "The student's name", "As on the card"),
    ("1. 基本情况", "1. 基本情况", ""),
    ("上课时间 08:30 开始", "上课时间", "08:30 开始"),
    ("http://a.cn/b", "http://a.cn/b", ""),
    ("姓名 - 与身份证一致", "姓名", "与身份证一致"),
    ("毕业年份——四位", "毕业年份", "四位"),
    ("主管部门|上级单位", "主管部门", "上级单位"),
    ("院/系", "院/系", ""),
    ("是否双师型、兼职", "是否双师型、兼职", ""),
    ("a\tb", "a", "b"),
    ("price<2>", "price", "2"),
    ("学\u3000号", "学 号", ""),
]


@pytest.mark.parametrize(("comment", "label", "help_text"), STYLES)
def test_comment_splits_into_label_and_help(
    comment: str | None, label: str, help_text: str
) -> None:
    assert label_and_help(comment, "student_name") == (label, help_text)


def test_sentence_without_a_mark_is_shortened_and_kept_whole_as_help() -> None:
    sentence = "这" * 300

    label, help_text = label_and_help(sentence, "x")

    assert (len(label), label[-1], help_text) == (LONGEST_LABEL, "…", sentence)


def test_long_remark_in_brackets_without_label_is_help() -> None:
    assert label_and_help(f"({'说' * 50})", "bz") == ("bz", "说" * 50)


@pytest.mark.parametrize(
    ("name", "label"),
    [("student_name", "student name"), ("姓名", "姓名"), ("__", "__"), ("XM", "XM")],
)
def test_name_without_comment_is_its_own_label(name: str, label: str) -> None:
    assert label_and_help("", name) == (label, "")
