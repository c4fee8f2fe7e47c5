"""Which fields could hold a wrong value that no rule would notice.

``python -m benchmarks.blind_spots [SEED] [-v]`` spoils every filled field of the correct year in
every way its type allows, one cell at a time, and prints by way how many were noticed; ``-v``
names the others. Many cannot be: three days written for two contradict nothing. What is not
noticed is where to look when rules are added, no share of errors that people make.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.catalogue.base_table import FieldSpec, FieldType
from app.catalogue.catalogue import Catalogue
from app.catalogue.loader import load_catalogue
from app.domain.period import AcademicYear
from benchmarks.correct_year import YEAR, correct_year, number_text
from benchmarks.planted_errors import told_of
from benchmarks.planting import DATES, NUMBERS, Planted, Row, Rows, another_code
from benchmarks.year_judge import judge_year, typed

ROOT = Path(__file__).resolve().parents[1]
SEED = 20260901
TEXTS = frozenset({FieldType.STRING, FieldType.TEXT})
EVERY = frozenset(FieldType)
# Of a small table so many rows are spoilt at once, so that the others still tell what is usual.
SHARE, MOST = 3, 6
TRIES = 4


@dataclass(frozen=True)
class Cell:
    """A filled cell: its text, the texts of the same column in other rows, the choice by seed."""

    random: Random
    catalogue: Catalogue
    field: FieldSpec
    text: str
    others: Sequence[str]


@dataclass(frozen=True)
class Way:
    """A way to spoil a cell; ``spoil`` gives the wrong text, None where it cannot be done."""

    name: str
    types: frozenset[FieldType]
    spoil: Callable[[Cell], str | None]


def _times(times: float, more: float = 0) -> Callable[[Cell], str | None]:
    def spoil(cell: Cell) -> str | None:
        value = float(cell.text) * times + more
        return number_text(cell.field, value) if float(cell.text) and value >= 1 else None

    return spoil


def _exchanged_digits(cell: Cell) -> str | None:
    text = cell.text
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        if pair.isdigit() and pair[0] != pair[1] and (at or pair[1] != "0"):
            return text[:at] + pair[::-1] + text[at + 2 :]
    return None


def _another_row(cell: Cell) -> str | None:
    others = [text for text in cell.others if text and text != cell.text]
    return cell.random.choice(others) if others else None


def _day_and_month(cell: Cell) -> str | None:
    year, month, day = cell.text.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 and day != month else None


def _years(*choices: int) -> Callable[[Cell], str | None]:
    return lambda cell: f"{int(cell.text[:4]) + cell.random.choice(choices)}{cell.text[4:]}"


def _next_month(cell: Cell) -> str | None:
    return f"{cell.text[:5]}{int(cell.text[5:7]) % 12 + 1:02d}{cell.text[7:]}"


def _wrong_character(cell: Cell) -> str | None:
    at = cell.random.randrange(len(cell.text))
    return cell.text[:at] + cell.random.choice("某甲的王国") + cell.text[at + 1 :]


WAYS = (
    Way("多写一位", NUMBERS, _times(10)),
    Way("少写一位", NUMBERS, _times(0.1)),
    Way("两倍有余", NUMBERS, _times(2.2, 1)),
    Way("多一成", NUMBERS, _times(1.1, 1)),
    Way("数字颠倒", NUMBERS, _exchanged_digits),
    Way("写成零", NUMBERS, lambda cell: "0" if float(cell.text) else None),
    Way("别行的数", NUMBERS, _another_row),
    Way(
        "别的代码",
        frozenset({FieldType.CODE}),
        lambda cell: another_code(cell.random, cell.catalogue, cell.field, cell.text),
    ),
    Way(
        "是否颠倒",
        frozenset({FieldType.BOOLEAN}),
        lambda cell: {"true": "false", "false": "true"}.get(cell.text),
    ),
    Way("日月颠倒", frozenset({FieldType.DATE}), _day_and_month),
    Way("差一年", DATES, _years(-1, 1)),
    Way("差十年", DATES, _years(-10, 10)),
    Way("差一月", DATES, _next_month),
    Way("别行的日期", DATES, _another_row),
    Way("别行的编号", frozenset({FieldType.REFERENCE}), _another_row),
    Way("少一个字", TEXTS, lambda cell: cell.text[:-1] if len(cell.text) > 2 else None),
    Way("错一个字", TEXTS, _wrong_character),
    Way("别行的文字", TEXTS, _another_row),
    Way("漏填", EVERY, lambda _cell: ""),
)


def spoilt(catalogue: Catalogue, rows: Rows, random: Random) -> dict[str, list[Planted]]:
    """One wrong row for every filled field and every way, by table, in an order by chance."""
    by_table: dict[str, list[Planted]] = defaultdict(list)
    for table, told in rows.items():
        for field in catalogue.tables[table].fields:
            filled = [at for at, row in enumerate(told) if row[field.code]]
            for way in WAYS if filled else ():
                if field.type in way.types:
                    by_table[table] += _spoil(catalogue, field, way, table, told, filled, random)
        random.shuffle(by_table[table])
    return by_table


def _spoil(
    catalogue: Catalogue,
    field: FieldSpec,
    way: Way,
    table: str,
    told: Sequence[Row],
    filled: Sequence[int],
    random: Random,
) -> list[Planted]:
    """The first of some rows that can be spoilt so; none where none can."""
    others = [row[field.code] or "" for row in told]
    for _try in range(TRIES):
        at = random.choice(filled)
        row = told[at]
        text = row[field.code] or ""
        wrong = way.spoil(Cell(random, catalogue, field, text, others))
        if wrong is not None and wrong != text:
            return [Planted(way.name, table, at, (field.code,), row, {**row, field.code: wrong})]
    return []


def _rounds(waiting: dict[str, list[Planted]], rows: Rows) -> Iterator[list[Planted]]:
    """Some errors of every table at a time, never two in one row."""
    while any(waiting.values()):
        taken: list[Planted] = []
        for table, errors in waiting.items():
            places: set[int] = set()
            for _number in range(max(1, min(MOST, len(rows[table]) // SHARE))):
                if errors and errors[-1].row not in places:
                    taken.append(errors.pop())
                    places.add(taken[-1].row)
        yield taken


def main(seed: int = SEED) -> None:
    """Spoil, judge and print."""
    catalogue = load_catalogue(ROOT / "seed" / "catalogue")
    year = correct_year(ROOT, catalogue)
    before = typed(catalogue, year.before)
    right = judge_year(catalogue, year.rows, before, AcademicYear(YEAR))
    tried: Counter[str] = Counter()
    missed: list[Planted] = []
    for errors in _rounds(spoilt(catalogue, year.rows, Random(seed)), year.rows):
        rows = {name: list(told) for name, told in year.rows.items()}
        for error in errors:
            rows[error.table][error.row] = error.wrong or {}
        wrong = judge_year(catalogue, rows, before, AcademicYear(YEAR))
        tried.update(error.kind for error in errors)
        missed += told_of(catalogue, right, wrong, errors).missed
    unnoticed = Counter(error.kind for error in missed)
    for way in WAYS:
        count = tried[way.name]
        print(f"{way.name:　<8}{count - unnoticed[way.name]:>5} /{count:>4}")
    if "-v" in sys.argv:
        for error in sorted(missed, key=lambda each: (each.kind, each.table)):
            (code,) = error.fields
            wrong_text = (error.wrong or {})[code] or "—"
            print(error.kind, f"{error.table}.{code}", error.right[code], "→", wrong_text)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] if word.isdecimal()))
