"""Checks that list values are told from all others, however a database writes them."""

import pytest

from app.models.inspection.check import checks_in, closed_list


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("x IN ('a', 'b')", ("x", ("a", "b"))),
        ("`x` in ('a','it\\'s')", ("x", ("a", "it's"))),
        ("(`a b` in (_utf8mb4'a',_utf8mb4'b'))", ("a b", ("a", "b"))),
        ("\"we\"\"ird\" IN ('a''b')", ('we"ird', ("a'b",))),
        ("[x y] in ('a')", ("x y", ("a",))),
        ("(x = ANY (ARRAY['a'::text, 'b'::text]))", ("x", ("a", "b"))),
        (
            "((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            ("x", ("a", "b")),
        ),
        ("x NOT IN ('a', 'b')", None),
        ("x IN ('a', 'b') OR y > 0", None),
        ("x IN (1, 2)", None),
        ("length(x) > 0", None),
        ("x IN ('a', y)", None),
        ("", None),
    ],
)
def test_closed_list_is_recognised(
    check: str, expected: tuple[str, tuple[str, ...]] | None
) -> None:
    assert closed_list(check) == expected


@pytest.mark.parametrize(
    ("definition", "checks"),
    [
        ("CREATE TABLE t (a int CHECK (a > 0))", ["a > 0"]),
        ("CREATE TABLE t (a int, CONSTRAINT c CHECK(a IN (1, (2))), check (')' <> a))",
         ["a IN (1, (2))", "')' <> a"]),
        ('CREATE TABLE t (a "CHECK (no)", b [check (no)], `check (` int)', []),
        ("CREATE TABLE t (a int -- CHECK (no)\n, b int /* CHECK (no) */)", []),
        ("CREATE TABLE t (check_date date, b int)", []),
        ("CREATE TABLE t (a int CHECK (a > 0", []),
        ("", []),
    ],
)  # fmt: skip
def test_checks_are_found_in_a_definition(definition: str, checks: list[str]) -> None:
    assert checks_in(definition) == checks
