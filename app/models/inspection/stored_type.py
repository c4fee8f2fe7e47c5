"""From the types of MySQL, MariaDB, PostgreSQL and SQLite to the kinds of an adopted column.

A type that is not known is opaque: shown as the database writes it, never an error.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.catalogue.adopted_table import ColumnKind

# Longer strings get a box of several lines.
LONGEST_STRING = 1000
# What MySQL keeps BOOLEAN as, and what programs that know MySQL write on SQLite too.
FLAG = "tinyint(1)"
_VALUE = re.compile(r"'((?:[^'\\]|''|\\.)*)'", re.DOTALL)
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


@dataclass(frozen=True)
class ColumnType:
    """What a column holds and its limits; see AdoptedColumn for their units."""

    kind: ColumnKind
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()


OPAQUE = ColumnType(ColumnKind.OPAQUE)


def characters(max_length: int | None) -> ColumnType:
    """A string of at most so many characters, or text where that is long or without limit."""
    if max_length is None or max_length > LONGEST_STRING:
        return ColumnType(ColumnKind.TEXT, max_length=max_length)
    return ColumnType(ColumnKind.STRING, max_length=max_length)


def integer(bits: int, *, unsigned: bool = False) -> ColumnType:
    """A whole number of so many bits."""
    if unsigned:
        return ColumnType(ColumnKind.INTEGER, minimum=0, maximum=2**bits - 1)
    return ColumnType(ColumnKind.INTEGER, minimum=-(2 ** (bits - 1)), maximum=2 ** (bits - 1) - 1)


def exact(numbers: Sequence[int]) -> ColumnType:
    """A decimal number with the precision and scale that are given, or with none."""
    precision = numbers[0] if numbers else None
    scale = (numbers[1] if len(numbers) > 1 else 0) if numbers else None
    return ColumnType(ColumnKind.NUMBER, precision=precision, scale=scale)


def values_in(written: str) -> tuple[str, ...]:
    """The texts of a list of SQL literals: ``'a','b''c'`` → a, b'c."""
    return tuple(
        _ESCAPED.sub(lambda found: _unescaped(found.group(1)), value)
        for value in _VALUE.findall(written)
    )


def _unescaped(character: str | None) -> str:
    return "'" if character is None else _CONTROLS.get(character, character)


def _parts(stored: str) -> tuple[str, str, str]:
    """``Decimal(10,2) unsigned`` → decimal, 10,2, unsigned: before, in and behind the brackets."""
    before, _opening, rest = stored.partition("(")
    inside, _closing, behind = rest.rpartition(")")
    return before.strip().lower(), inside, behind.strip().lower()


def _numbers(arguments: str) -> list[int]:
    """The whole numbers of ``10, 2``; nothing where it is something else."""
    written = [part.strip() for part in arguments.split(",")]
    return [int(part) for part in written] if all(map(_is_number, written)) else []


def _is_number(written: str) -> bool:
    return re.fullmatch(r"[+-]?[0-9]{1,9}", written) is not None


def _mysql_integer(bits: int, _inside: str, behind: str) -> ColumnType:
    return integer(bits, unsigned="unsigned" in behind)


def _varying(inside: str, usual: int | None) -> ColumnType:
    """A string of the length in brackets, or of the usual one."""
    return characters(next(iter(_numbers(inside)), usual))


MYSQL_BITS = {
    "tinyint": 8,
    "smallint": 16,
    "mediumint": 24,
    "int": 32,
    "integer": 32,
    "bigint": 64,
}
# Bytes, hence no more characters than these; the longest has no limit that matters.
MYSQL_TEXTS = {"tinytext": 255, "text": 65_535, "mediumtext": 16_777_215, "longtext": None}
MYSQL_PLAIN: Mapping[str, ColumnKind] = {
    "float": ColumnKind.FLOAT,
    "double": ColumnKind.FLOAT,
    "real": ColumnKind.FLOAT,
    "date": ColumnKind.DATE,
    "datetime": ColumnKind.DATETIME,
    "timestamp": ColumnKind.DATETIME,
    "time": ColumnKind.TIME,
    "json": ColumnKind.JSON,
    "bit": ColumnKind.BITS,
    "uuid": ColumnKind.UUID,
    "binary": ColumnKind.BINARY,
    "varbinary": ColumnKind.BINARY,
    "tinyblob": ColumnKind.BINARY,
    "blob": ColumnKind.BINARY,
    "mediumblob": ColumnKind.BINARY,
    "longblob": ColumnKind.BINARY,
}


# From what stands in the brackets and behind them.
MYSQL_WITH_LIMITS: Mapping[str, Callable[[str, str], ColumnType]] = {
    **{word: partial(_mysql_integer, bits) for word, bits in MYSQL_BITS.items()},
    **{word: lambda inside, _behind: exact(_numbers(inside)) for word in ("decimal", "numeric")},
    **{word: lambda inside, _behind: _varying(inside, 1) for word in ("char", "varchar")},
    "enum": lambda inside, _behind: ColumnType(ColumnKind.CHOICE, values=values_in(inside)),
    "set": lambda inside, _behind: ColumnType(ColumnKind.CHOICES, values=values_in(inside)),
    "year": lambda _inside, _behind: ColumnType(ColumnKind.INTEGER, minimum=1901, maximum=2155),
}


def mysql_type(stored: str) -> ColumnType:
    """The kind of a ``COLUMN_TYPE``, e.g. ``int(10) unsigned`` or ``enum('a','b')``."""
    before, inside, behind = _parts(stored)
    word, _blank, attributes = before.partition(" ")
    if stored.lower() == FLAG:
        return ColumnType(ColumnKind.BOOLEAN)
    if word in MYSQL_WITH_LIMITS:
        return MYSQL_WITH_LIMITS[word](inside, f"{attributes} {behind}")
    if word in MYSQL_TEXTS:
        return characters(MYSQL_TEXTS[word])
    return ColumnType(MYSQL_PLAIN[word]) if word in MYSQL_PLAIN else OPAQUE


POSTGRESQL_BITS = {"int2": 16, "int4": 32, "int8": 64}
POSTGRESQL_PLAIN: Mapping[str, ColumnType] = {
    "float4": ColumnType(ColumnKind.FLOAT),
    "float8": ColumnType(ColumnKind.FLOAT),
    "bool": ColumnType(ColumnKind.BOOLEAN),
    "date": ColumnType(ColumnKind.DATE),
    "timestamp": ColumnType(ColumnKind.DATETIME),
    "timestamptz": ColumnType(ColumnKind.DATETIME),
    "time": ColumnType(ColumnKind.TIME),
    "json": ColumnType(ColumnKind.JSON),
    "jsonb": ColumnType(ColumnKind.JSON),
    "bit": ColumnType(ColumnKind.BITS),
    "varbit": ColumnType(ColumnKind.BITS),
    "uuid": ColumnType(ColumnKind.UUID),
    "bytea": ColumnType(ColumnKind.BINARY),
    "text": ColumnType(ColumnKind.TEXT),
    "citext": ColumnType(ColumnKind.TEXT),
    "name": ColumnType(ColumnKind.STRING, max_length=63),
    "char": ColumnType(ColumnKind.STRING, max_length=1),
    "oid": integer(32, unsigned=True),
}


def postgresql_type(name: str, stored: str) -> ColumnType:
    """The kind of the built-in type ``name`` (as in ``pg_type``), written ``stored`` in full."""
    inside = _parts(stored)[1]
    if name in POSTGRESQL_BITS:
        return integer(POSTGRESQL_BITS[name])
    if name == "numeric":
        return exact(_numbers(inside))
    if name in {"varchar", "bpchar"}:
        return _varying(inside, None)
    return POSTGRESQL_PLAIN.get(name, OPAQUE)


SQLITE_PLAIN: Mapping[str, ColumnKind] = {
    "": ColumnKind.STRING,
    "string": ColumnKind.STRING,
    "bool": ColumnKind.BOOLEAN,
    "boolean": ColumnKind.BOOLEAN,
    "date": ColumnKind.DATE,
    "datetime": ColumnKind.DATETIME,
    "timestamp": ColumnKind.DATETIME,
    "time": ColumnKind.TIME,
    "json": ColumnKind.JSON,
    "jsonb": ColumnKind.BINARY,
    "bit": ColumnKind.BOOLEAN,
    "uuid": ColumnKind.UUID,
    "guid": ColumnKind.UUID,
    "binary": ColumnKind.BINARY,
    "varbinary": ColumnKind.BINARY,
    "bytea": ColumnKind.BINARY,
    "image": ColumnKind.BINARY,
    # Their names hold INT, by which SQLite itself would take them for numbers.
    "point": ColumnKind.OPAQUE,
    "multipoint": ColumnKind.OPAQUE,
    "interval": ColumnKind.OPAQUE,
}
SQLITE_EXACT = frozenset({"decimal", "dec", "numeric", "number", "money", "smallmoney", "currency"})
# As SQLite finds the affinity of a column, in this order.
SQLITE_AFFINITIES = (
    ("int", ColumnKind.INTEGER),
    ("char", ColumnKind.STRING),
    ("clob", ColumnKind.TEXT),
    ("text", ColumnKind.TEXT),
    ("blob", ColumnKind.BINARY),
    ("real", ColumnKind.FLOAT),
    ("floa", ColumnKind.FLOAT),
    ("doub", ColumnKind.FLOAT),
)


def sqlite_type(stored: str) -> ColumnType:
    """The kind of a declared type, which may be any words or none."""
    word, inside, _behind = _parts(stored)
    numbers = _numbers(inside)
    if stored.lower() == FLAG:
        return ColumnType(ColumnKind.BOOLEAN)
    if word in SQLITE_EXACT:
        return exact(numbers)
    kind = SQLITE_PLAIN.get(word) or next(
        (kind for part, kind in SQLITE_AFFINITIES if part in word), ColumnKind.OPAQUE
    )
    if kind is ColumnKind.INTEGER:
        return integer(64)
    if kind is ColumnKind.STRING and numbers:
        return characters(numbers[0])
    return ColumnType(kind)
