"""Row ids as they stand in addresses."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.row_id import decode_row_id, encode_row_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBER = st.integers(-(2**63) + 1, 2**63 - 1)
KEYS = st.one_of(
    st.tuples(st.integers(0, 10**18 - 1)),
    st.tuples(TEXT),
    st.lists(st.one_of(TEXT, NUMBER), min_size=1, max_size=5).map(tuple),
)


def encoded(content: str | bytes) -> str:
    data = content if isinstance(content, bytes) else content.encode()
    return "~" + base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(KEYS)
def test_a_row_id_is_read_back_as_it_was_written(values: tuple[object, ...]) -> None:
    text = encode_row_id(values)

    assert decode_row_id(text) == values
    assert re.fullmatch(r"~?[A-Za-z0-9_-]+", text)


@given(KEYS, KEYS)
def test_two_rows_never_share_an_id(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert (encode_row_id(one) == encode_row_id(other)) == (one == other)


def test_a_single_number_is_itself() -> None:
    assert encode_row_id([12]) == "12"
    assert decode_row_id("12") == (12,)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        values = decode_row_id(text)
    except ValueError:
        return
    assert all(isinstance(value, str | int) for value in values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "1.5",
        "²",
        "１２",
        "9" * 19,
        "new-1",
        "~",
        "~!",
        "~中",
        encoded("{}"),
        encoded("[]"),
        encoded("[[1]]"),
        encoded('[{"a":1}]'),
        encoded("[null]"),
        encoded("[1.5]"),
        encoded("[NaN]"),
        encoded("[1" + "0" * 30 + "]"),
        encoded(r'["\ud800"]'),
        encoded("[" * 100_000),
        encoded(b"\xff\xfe"),
    ],
)
def test_what_is_no_row_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a row id"):
        decode_row_id(text)
