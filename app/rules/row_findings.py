"""What the rules say about single rows, remembered: a row read again is not checked again.

The findings of a row follow from its values and from which of the rows it
refers to exist, so both together are what it is remembered by, and by which revision of the
college's rules. A row that somebody changed, or whose reference came or went, is checked anew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.catalogue.base_table import TableSpec
from app.catalogue.catalogue import Catalogue
from app.domain.finding import Finding
from app.domain.period import Period
from app.rules.base_table import check_rows, is_duplicate
from app.rules.coercion import raw_frame
from app.rules.memory import Memory, digest_of
from app.rules.rule_book import rule_book

Values = Mapping[str, object]
Found = tuple[Finding, ...]
# About 200 bytes each.
MOST_REMEMBERED = 50_000


class RowFindings:
    """Remembers the findings of the rows that were asked for last, for one catalogue.

    ``size`` bounds how many rows are kept; the least recently asked for leave first.
    """

    def __init__(self, catalogue: Catalogue, size: int = MOST_REMEMBERED) -> None:
        self._catalogue = catalogue
        self._memory: Memory[Found] = Memory(size)

    def __len__(self) -> int:
        """How many rows are remembered."""
        return len(self._memory)

    def of(
        self,
        spec: TableSpec,
        rows: Sequence[Values],
        references: Mapping[str, Collection[object]],
        period: Period,
    ) -> list[Found]:
        """The findings of each row of ``period``, in their order; each names its row's position.

        ``rows`` hold stored values by field code; ``references`` the keys that exist, as for
        ``check_rows``. Equal keys among the rows are not looked for: the database refuses them.
        """
        version = rule_book(self._catalogue).version
        keys = [_key(spec, row, references, period, version) for row in rows]
        known = self._memory.known(keys)
        new = {key: row for key, row in zip(keys, rows, strict=True) if key not in known}
        if new:
            known |= self._check(spec, new, references, period)
        return [
            tuple(replace(finding, row=position) for finding in known[key])
            for position, key in enumerate(keys)
        ]

    def _check(
        self,
        spec: TableSpec,
        rows: Mapping[bytes, Values],
        references: Mapping[str, Collection[object]],
        period: Period,
    ) -> dict[bytes, Found]:
        raw = raw_frame(spec, list(rows.values()))
        checked = check_rows(spec, self._catalogue, raw, references, period=period)
        by_row: dict[int, list[Finding]] = {}
        for finding in checked.findings:
            if finding.row is not None and not is_duplicate(spec, finding):
                by_row.setdefault(finding.row, []).append(finding)
        found = {key: tuple(by_row.get(row, ())) for row, key in enumerate(rows)}
        self._memory.keep(found)
        return found


def _key(
    spec: TableSpec,
    row: Values,
    references: Mapping[str, Collection[object]],
    period: Period,
    version: str | None,
) -> bytes:
    """What the findings of a row follow from, as a digest that no two rows share."""
    resolved = [row[code] in existing for code, existing in references.items()]
    return digest_of((spec.identifier, period.code, version, resolved, list(row.values())))
