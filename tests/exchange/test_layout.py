"""Which sheet and row are read, what columns mean, and what has to be confirmed first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.catalogue import Catalogue
from app.domain.message import Refused
from app.exchange.heading import names_of_fields
from app.exchange.heading_row import HeadingRow, find_heading_row
from app.exchange.layout import How, Layout, Misfit, WantedLayout
from app.exchange.template_identity import identity_of
from app.exchange.workbook import Upload, read_upload
from tests.exchange.books import books_of
from tests.exchange.conftest import place_of

Rows = Sequence[Sequence[object]]
HEADINGS = ["校区代码", "校区名称", "校区地址", "是否主校区", "占地面积(平方米)"]
SOUTH = ["001", "南校区", "学院路1号", "是", 1200.5]


def read(
    catalogue: Catalogue, sheets: Mapping[str, Rows], wanted: WantedLayout | None = None
) -> Upload:
    spec = catalogue.tables["campus"]
    here = identity_of(spec, catalogue.digest, place_of(spec).period.code, "A03")
    return read_upload(books_of(sheets), "校区.xlsx", spec, here, wanted)


def misfit(catalogue: Catalogue, rows: Rows, wanted: WantedLayout | None = None) -> Layout:
    with pytest.raises(Misfit) as caught:
        read(catalogue, {"数据": rows}, wanted)
    return caught.value.layout


def hows(layout: Layout) -> dict[str, tuple[str | None, str]]:
    return {one.column: (one.field, one.how.value) for one in layout.columns}


def test_the_sheet_with_most_headings_is_read(catalogue: Catalogue) -> None:
    sheets = {"说明": [["校区名称", "怎样填"]], "空": [], "数据": [HEADINGS, SOUTH]}

    upload = read(catalogue, sheets)

    assert (upload.sheet, upload.layout.sheets) == ("数据", ("说明", "空", "数据"))
    assert upload.rows[0].values["campus_name"] == "南校区"


def test_another_sheet_and_heading_row_may_be_chosen(catalogue: Catalogue) -> None:
    older = [HEADINGS, SOUTH, HEADINGS, ["002", "北校区"]]
    wanted = WantedLayout(sheet="去年", heading_row=3)

    upload = read(catalogue, {"数据": [HEADINGS, SOUTH], "去年": older}, wanted)

    assert [row.number for row in upload.rows] == [4]
    assert (upload.layout.sheet, upload.layout.heading_row) == ("去年", 3)


@pytest.mark.parametrize("wanted", [WantedLayout(sheet="没有"), WantedLayout(heading_row=9)])
def test_a_sheet_or_row_that_is_not_there_is_refused(
    catalogue: Catalogue, wanted: WantedLayout
) -> None:
    with pytest.raises(Refused) as caught:
        read(catalogue, {"数据": [HEADINGS, SOUTH]}, wanted)

    assert "Choose another" in caught.value.message.msgid


def test_merged_headings_reach_down_and_groups_name_their_columns(catalogue: Catalogue) -> None:
    groups = ["校区情况表"], ["校区代码", "校区", None, "是否主校区"], [None, "名称", "地址", None]

    upload = read(catalogue, {"数据": [*groups, SOUTH[:4]]})

    assert upload.columns == {"campus_code": 0, "campus_name": 1, "address": 2, "is_main": 3}
    assert upload.rows[0].number == 4


def test_units_numbers_totals_and_notes_are_no_records(catalogue: Catalogue) -> None:
    below = [None, None, None, None, "（平方米）"], [1, 2, 3, 4, 5]
    after = (
        ["合计", None, None, None, 1200.5],
        [],
        ["注：面积按产权证"],
        ["填表人：张三", "审核人：李四"],
    )

    upload = read(catalogue, {"数据": [HEADINGS, *below, SOUTH, *after]})

    assert [row.number for row in upload.rows] == [4]
    assert [(one.row, one.kind.value) for one in upload.layout.skipped] == [
        (2, "units"),
        (3, "numbers"),
        (5, "total"),
        (7, "note"),
        (8, "note"),
    ]


def test_headings_that_every_printed_page_repeats_cost_no_rows(catalogue: Catalogue) -> None:
    north = ["002", "北校区", "学院路2号", "否", 300]

    upload = read(catalogue, {"数据": [HEADINGS, SOUTH, HEADINGS, north, HEADINGS]})

    assert [row.number for row in upload.rows] == [2, 4]
    kinds = [(one.row, one.kind.value) for one in upload.layout.skipped]
    assert kinds == [(3, "headings"), (5, "headings")]


@pytest.mark.parametrize("word", ["合 计：", "合计(2个)", "本部门合计", "本页小计", "全校总计:"])
def test_a_total_is_none_of_the_records_however_it_is_written(
    catalogue: Catalogue, word: str
) -> None:
    upload = read(catalogue, {"数据": [HEADINGS, SOUTH, [word, None, None, None, 1200.5]]})

    assert [row.number for row in upload.rows] == [2]


def test_a_record_that_begins_like_a_note_in_the_middle_stays(catalogue: Catalogue) -> None:
    upload = read(catalogue, {"数据": [HEADINGS, ["合计", "合计校区"], SOUTH]})

    assert [row.number for row in upload.rows] == [2, 3]


def test_a_similar_heading_is_a_suggestion_and_nothing_is_read(catalogue: Catalogue) -> None:
    layout = misfit(catalogue, [["校区代码", "校区的名称", "占地面积(亩)"], ["1", "南", 3]])

    assert hows(layout) == {
        "A": ("campus_code", "label"),
        "B": ("campus_name", "similar"),
        "C": ("land_area", "similar"),
    }
    assert layout.columns[1].sample == ("南",)


def test_a_common_other_name_is_known_without_confirmation(catalogue: Catalogue) -> None:
    upload = read(catalogue, {"数据": [["校区编号", "校区", "校 区 地 址"], ["1", "南", "路"]]})

    assert upload.rows[0].values == {"campus_code": "1", "campus_name": "南", "address": "路"}


def test_the_label_of_a_field_goes_before_an_alias_of_another(catalogue: Catalogue) -> None:
    name = FieldSpec(
        "title_name", "专业技术职务名称", FieldType.STRING, aliases=("职称", "技术职称")
    )
    level = FieldSpec("title_level", "职称", FieldType.STRING)
    spec = replace(catalogue.tables["campus"], fields=(name, level))

    names = names_of_fields(spec)

    assert (names["职称"], names["技术职称"]) == (["title_level"], ["title_name"])


def test_a_confirmed_suggestion_and_a_column_left_out_are_followed(catalogue: Catalogue) -> None:
    rows = [["校区代码", "校区的名称", "楼层"], ["1", "南", 3]]
    wanted = WantedLayout(columns={"A": "campus_code", "B": "campus_name", "C": None})

    upload = read(catalogue, {"数据": rows}, wanted)

    assert upload.rows[0].values == {"campus_code": "1", "campus_name": "南"}
    assert hows(upload.layout)["C"] == (None, "chosen")
    assert upload.layout.is_chosen


def test_what_was_chosen_is_found_again_in_whatever_order(catalogue: Catalogue) -> None:
    rows = [["编号", "校区的名称", "楼层"], ["1", "南", 3]]
    columns = {"A": "campus_code", "B": "campus_name", "C": None}
    told = read(catalogue, {"数据": rows}, WantedLayout(heading_row=1, columns=columns)).layout
    known = {told.signature: {one.key: one.field for one in told.columns}}

    turned = [["某校"], list(reversed(rows[0])), [3, "南", "1"]]
    upload = read(catalogue, {"数据": turned}, WantedLayout(remembered=known))

    assert upload.rows[0].values == {"campus_code": "1", "campus_name": "南"}
    assert {one.how for one in upload.layout.columns} == {How.REMEMBERED}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"A": "campus_code", "B": "campus_code"}, "Two columns"),
        ({"A": "sys_department"}, "no field"),
        ({"ZZ": "campus_code"}, "no column"),
    ],
)
def test_choices_that_cannot_be_are_refused(
    catalogue: Catalogue, columns: dict[str, str | None], words: str
) -> None:
    with pytest.raises(Refused) as caught:
        read(catalogue, {"数据": [HEADINGS, SOUTH]}, WantedLayout(columns=columns))

    assert words in caught.value.details[0].msgid


def test_a_file_of_strange_words_is_laid_out_for_matching(catalogue: Catalogue) -> None:
    layout = misfit(catalogue, [["某校一览"], [], ["编号", "叫法"], ["1", "南"]])

    assert (layout.heading_row, [one.heading for one in layout.columns]) == (3, ["编号", "叫法"])


def test_empty_columns_and_headings_without_values_do_no_harm(catalogue: Catalogue) -> None:
    rows = [["校区代码", None, "楼层", "校区名称"], ["1", None, None, "南"]]

    upload = read(catalogue, {"数据": rows})

    assert upload.columns == {"campus_code": 0, "campus_name": 3}


def test_the_column_of_departments_counts_even_when_left_out(catalogue: Catalogue) -> None:
    rows = [["校区代码", "填报部门"], ["1", "学生工作处"]]

    upload = read(catalogue, {"数据": rows}, WantedLayout(columns={"A": "campus_code", "B": None}))

    assert upload.rows[0].department == "学生工作处"


def test_a_blank_row_below_headings_is_not_taken_for_merged_ones(catalogue: Catalogue) -> None:
    spec = catalogue.tables["campus"]
    lines = [HEADINGS, [""] * 5, SOUTH]

    found = find_heading_row(lines, spec, WantedLayout())

    assert isinstance(found, HeadingRow)
    assert found.position == 0
