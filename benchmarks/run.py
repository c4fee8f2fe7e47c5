"""All measures in one run, printed as one Markdown table of ratios."""

import argparse
import platform
import sys
from collections.abc import Iterator

import pymysql

from benchmarks import (
    adopted,
    appraisal,
    board,
    browser,
    bulk_import,
    corpus,
    difference,
    findings,
    grid_rows,
    one_row,
    opening,
    served,
    startup,
    transfer,
)
from benchmarks.college import college_on
from benchmarks.measure import Line, table

DATABASES = ("sqlite", "mariadb")


def main() -> int:
    """Print the table; ends with 1 where a target is missed and ``--strict`` was given."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows behind the grid")
    parser.add_argument("--adopted", type=int, default=1_000_000, help="rows of an adopted table")
    parser.add_argument("--imported", type=int, default=10_000, help="rows of an import")
    parser.add_argument("--bulk", type=int, default=50_000, help="rows of a very large import")
    parser.add_argument("--exported", type=int, default=20_000, help="rows of an export")
    parser.add_argument("--scrolled", type=int, default=1_000_000, help="rows of a browser's grid")
    parser.add_argument("--checked", type=int, default=50_000, help="rows that rules are asked of")
    parser.add_argument("--database", choices=DATABASES, action="append", help="both if not given")
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    options = parser.parse_args()
    lines = []
    for line in _measures(options):
        print(f"{line.what}: {line.ours:.4g} {line.unit}", file=sys.stderr)
        lines.append(line)
    print(f"Python {platform.python_version()}, {platform.machine()}\n\n{table(lines)}")
    return int(options.strict and not all(line.is_met for line in lines))


def _measures(options: argparse.Namespace) -> Iterator[Line]:
    yield from startup.measures()
    yield from corpus.measures()
    yield from findings.measures(options.checked)
    yield from difference.measures(options.checked)
    for kind in options.database or DATABASES:
        try:
            with college_on(kind) as college:
                yield from bulk_import.measures(college, kind, options.bulk)
                yield from browser.measures(college, kind, options.scrolled)
                yield from appraisal.measures(college, kind)
                yield from transfer.import_measures(college, kind, options.imported)
                if kind == "sqlite":
                    yield from transfer.export_measures(college, options.exported)
                    college.fill(options.exported + 1, max(0, options.rows - options.exported))
                else:
                    college.fill(1, options.rows)
                yield from served.export_measures(college, kind, options.rows)
                yield from served.corpus_measures(college, kind)
                yield from one_row.measures(college, kind)
                yield from grid_rows.measures(college, kind, options.rows)
                yield from opening.measures(college, kind)
                yield from board.measures(college, kind)
                yield from adopted.measures(college, kind, options.adopted)
        except pymysql.OperationalError as error:
            print(f"without {kind}: {error}", file=sys.stderr)
