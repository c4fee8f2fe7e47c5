"""Adopted tables survive the way to a file and back; people's words win over the database's."""

from pathlib import Path

import pytest
import yaml

from app.catalogue.adopted_file import (
    OVERRIDES_FILE,
    TABLES_FILE,
    override_faults,
    read_adopted,
    read_chosen,
    read_found,
    write_adopted,
)
from app.catalogue.adopted_table import (
    AdoptedColumn,
    AdoptedTable,
    ColumnKind,
    ColumnMapping,
    ForeignKey,
    Verdict,
    VerdictReason,
)
from app.catalogue.fault import CatalogueError

COLUMNS = (
    AdoptedColumn("no", "学号", "学号", ColumnKind.STRING, "varchar(20)", nullable=False),
    AdoptedColumn("name", "姓名", "姓名", ColumnKind.STRING, "varchar(50)", max_length=50),
    AdoptedColumn("sex", "xb", "性别", ColumnKind.CHOICE, "enum('男','女')", values=("男", "女")),
    AdoptedColumn("photo", "photo", "照片", ColumnKind.BINARY, "longblob"),
)
STUDENTS = AdoptedTable(
    identifier="students",
    name="学生 表",
    label="学生",
    columns=COLUMNS,
    key=("no",),
    unique=(("name",),),
    foreign_keys=(ForeignKey(("sex",), "codes", "sex", ("code",)),),
    mapping=ColumnMapping(department="sex", departments=(("男", "A03"),)),
)


def test_tables_come_back_from_the_file_as_they_went(tmp_path: Path) -> None:
    write_adopted(tmp_path, [STUDENTS])
    assert read_adopted(tmp_path) == {"students": STUDENTS}


def test_folder_without_file_has_no_tables(tmp_path: Path) -> None:
    assert read_adopted(tmp_path) == {}


def test_words_of_people_win_and_keep_the_rest(tmp_path: Path) -> None:
    write_adopted(tmp_path, [STUDENTS])
    words = {
        "label": "在校学生",
        "order": ["name"],
        "columns": {"name": {"label": "学生姓名", "masked": True}, "photo": {"hidden": True}},
    }
    (tmp_path / OVERRIDES_FILE).write_text(yaml.safe_dump({"tables": {"students": words}}))
    table = read_adopted(tmp_path)["students"]
    assert table.label == "在校学生"
    assert [column.code for column in table.shown] == ["name", "no", "sex"]
    assert table.by_code["name"] == AdoptedColumn(
        "name", "姓名", "学生姓名", ColumnKind.STRING, "varchar(50)", max_length=50, masked=True
    )
    assert table.foreign_keys == STUDENTS.foreign_keys


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"tables": {"pupils": {}}}, "pupils: there is no such table"),
        ({"tables": {"students": {"lable": "x"}}}, "students: unknown words lable"),
        ({"tables": {"students": {"columns": {"age": {}}}}}, "students: no such column: age"),
        ({"tables": {"students": {"mapping": {"period": "year"}}}}, "no such columns: year"),
        ({"tables": {"students": {"columns": {"no": {"masked": True}}}}}, "key cannot be masked"),
        ({"table": {}}, "tables is missing"),
    ],
)
def test_fault_in_the_words_of_people_is_told_with_its_place(
    tmp_path: Path, words: object, told: str
) -> None:
    write_adopted(tmp_path, [STUDENTS])
    (tmp_path / OVERRIDES_FILE).write_text(yaml.safe_dump(words))
    with pytest.raises(CatalogueError, match=told):
        read_adopted(tmp_path)


def test_identifier_that_is_taken_is_refused(tmp_path: Path) -> None:
    write_adopted(tmp_path, [STUDENTS])
    with pytest.raises(CatalogueError, match="students: the name is taken"):
        read_adopted(tmp_path, {"students"})


def test_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    (tmp_path / TABLES_FILE).write_text("tables: [")
    with pytest.raises(CatalogueError, match=TABLES_FILE):
        read_adopted(tmp_path)


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, Verdict.EDITABLE, VerdictReason.NONE),
        ({"is_view": True}, Verdict.READ_ONLY, VerdictReason.VIEW),
        ({"key": ()}, Verdict.READ_ONLY, VerdictReason.NO_KEY),
        ({"key": ("photo",)}, Verdict.READ_ONLY, VerdictReason.KEY_UNREADABLE),
        ({"granted": ("INSERT",)}, Verdict.INSERT_ONLY, VerdictReason.NO_GRANT),
        ({"granted": ("INSERT", "UPDATE")}, Verdict.EDITABLE, VerdictReason.NO_GRANT),
        ({"granted": ()}, Verdict.READ_ONLY, VerdictReason.NO_GRANT),
    ],
)
def test_verdict_says_what_may_be_done_and_why(
    changes: dict[str, object], verdict: Verdict, reason: VerdictReason
) -> None:
    words = {each: getattr(STUDENTS, each) for each in STUDENTS.__dataclass_fields__} | changes
    table = AdoptedTable(**words)  # type: ignore[arg-type]
    assert (table.verdict, table.why_limited) == (verdict, reason)


def test_choice_of_tables_comes_back_and_is_no_table(tmp_path: Path) -> None:
    write_adopted(tmp_path, [STUDENTS], chosen={None: ["stu*"], "codes": ["sex", "order"]})

    assert read_chosen(tmp_path) == {None: ("stu*",), "codes": ("sex", "order")}
    assert read_found(tmp_path) == {"students": STUDENTS}


def test_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_adopted(tmp_path, [STUDENTS], "# first\n")
    write_adopted(tmp_path, [], "# second\n")

    assert [path.name for path in tmp_path.iterdir()] == [TABLES_FILE]
    assert (tmp_path / TABLES_FILE).read_text() == "# second\ntables: []\n"


@pytest.mark.parametrize("content", ["", "[]", "tables: {}", "tables: [", "\x00"])
def test_file_that_is_no_list_of_tables_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / TABLES_FILE).write_text(content)

    with pytest.raises(CatalogueError, match=TABLES_FILE):
        read_found(tmp_path)


def test_words_that_would_be_at_fault_are_told_beforehand(tmp_path: Path) -> None:
    words = {"tables": {"students": {"columns": {"age": {"label": "年龄"}}}}}
    (tmp_path / OVERRIDES_FILE).write_text(yaml.safe_dump(words))

    [fault] = override_faults(tmp_path, {"students": STUDENTS})
    assert fault.english() == "overrides.yaml: students: no such column: age"
