"""What a view of a table contains, and what is left of it when fields are gone or not shown."""

from collections.abc import Collection, Mapping
from typing import Any

Content = Mapping[str, Any]
Tree = Any


def fields_in(content: Content) -> set[str]:
    """The codes of all fields by which the rows of the view are chosen or ordered."""
    sort = content.get("sort") or ""
    return {word.removeprefix("-") for word in sort.split(",") if word} | conditions_in(content)


def conditions_in(content: Content) -> set[str]:
    """The codes of all fields by which the rows of the view are chosen."""
    return set(_fields_in(content.get("filter")))


def columns_in(content: Content) -> set[str]:
    """The codes of the columns that the view arranges."""
    return {column["code"] for column in content.get("columns") or ()}


def fitting(
    content: Content,
    known: Collection[str],
    closed: Collection[str],
    related: Collection[str] = (),
) -> dict[str, Any]:
    """The view without conditions and orders by fields that are not ``known`` or are ``closed``.

    Fields of named rows (``related``) choose rows, and do nothing else.
    A group that loses all its conditions goes with them: an empty one would choose nothing.
    """
    usable = set(known) - set(closed)
    words = [word for word in (content.get("sort") or "").split(",") if word]
    frozen = content.get("frozen")
    return {
        "filter": _fitting(content.get("filter"), usable | (set(related) - set(closed))),
        "sort": ",".join(word for word in words if word.removeprefix("-") in usable),
        "q": content.get("q") or "",
        "columns": [c for c in content.get("columns") or () if c["code"] in known],
        "frozen": frozen if frozen in known else None,
    }


def _fields_in(tree: Tree) -> list[str]:
    if isinstance(tree, Mapping):
        return [code for parts in tree.values() for part in parts for code in _fields_in(part)]
    return [str(tree[0])] if tree else []


def _fitting(tree: Tree, usable: Collection[str]) -> Tree:
    if isinstance(tree, Mapping):
        (joined_by, parts), *_rest = tree.items()
        left = [part for part in (_fitting(each, usable) for each in parts) if part is not None]
        return {joined_by: left} if left else None
    return tree if tree and tree[0] in usable else None
