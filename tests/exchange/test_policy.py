"""A policy as YAML: what is written is read back; what cannot be read is told with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.message import Reason, Refused
from app.exchange.policy import read_policy, write_policy

WORDS = (
    st.text(min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text.isprintable() and text)
)
POLICIES = st.dictionaries(WORDS, st.dictionaries(WORDS, st.frozensets(WORDS, max_size=3)))


@given(POLICIES, WORDS)
def test_what_is_written_is_read_back(
    policy: dict[str, dict[str, frozenset[str]]], title: str
) -> None:
    titles = {resource: title for resources in policy.values() for resource in resources}

    assert read_policy(write_policy(policy, [title], titles).encode()) == policy


def test_it_reads_like_a_list() -> None:
    policy = {"督导": {"course": frozenset({"list", "export"})}, "yes": {}}

    text = write_policy(policy, ["角色"], {"course": "课程"})

    assert text == ('# 角色\nroles:\n  "yes": {}\n  督导:\n    course: [export, list]  # 课程\n')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("roles: [", "Line 1"),
        ("roles:\n  a: {}\n  a: {}", "Line 3"),
        ("", "roles"),
        ("roles: {}\nmore: {}", "roles"),
        ("roles: {a: [list]}", "Role a"),
        ("roles: {a: {course: list}}", "course"),
        ("roles: {a: {course: [1]}}", "course"),
        ("roles: {no: {}}", "False"),
        ("roles: {2024-99-99: {}}", "YAML"),
        ("roles: {[a]: {}}", "Line 1"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        read_policy(text.encode())

    assert refused.value.reason is Reason.INVALID
    assert told in " ".join(detail.english() for detail in refused.value.details)


def test_another_encoding_is_told() -> None:
    with pytest.raises(Refused):
        read_policy("roles: {督导: {}}".encode("gbk"))
