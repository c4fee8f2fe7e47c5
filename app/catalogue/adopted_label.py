"""By which column people know a row of an adopted table."""

from app.catalogue.adopted_table import AdoptedColumn, AdoptedTable, ColumnKind

TEXTS = frozenset({ColumnKind.STRING, ColumnKind.TEXT})
# How names of such columns end and what their labels say, in the order of preference; the short
# ones are pinyin initials that school systems use.
ENDINGS = ("name", "title", "xm", "mc", "label", "caption", "subject")
WORDS = ("姓名", "名称", "标题", "名")


def label_column(table: AdoptedTable) -> AdoptedColumn | None:
    """The column to show beside a key: a name before any other text, never a masked one.

    What people have said (``label_column`` in their words) comes before every guess. None where
    the table has no text besides its key.
    """
    named = table.by_code.get(table.label_column or "")
    if named is not None and not named.masked:
        return named
    key = set(table.key)
    texts = [c for c in table.shown if c.kind in TEXTS and c.code not in key and not c.masked]
    for ending in ENDINGS:
        for column in texts:
            if column.name.lower().endswith(ending):
                return column
    for word in WORDS:
        for column in texts:
            if word in column.label:
                return column
    unique = {codes[0] for codes in table.unique if len(codes) == 1}
    return next((column for column in texts if column.code in unique), None) or next(
        (column for column in texts if column.kind is ColumnKind.STRING), None
    )
