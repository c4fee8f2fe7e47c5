"""What the parts of a rule are called on pages."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.catalogue.quality_rule import Judged, Measure, Year

MEASURES: Mapping[Measure, LazyString] = {
    Measure.COUNT: _("how many rows"),
    Measure.COUNT_DISTINCT: _("how many different values of the field"),
    Measure.SUM: _("the sum of the field"),
    Measure.LEAST: _("the smallest value of the field"),
    Measure.GREATEST: _("the largest value of the field"),
    Measure.MEDIAN: _("the middle value of the field"),
    Measure.VALUE: _("the value of the field in the one row there is"),
    Measure.UNLISTED: _("how many of the listed names are not in the field"),
}
YEARS: Mapping[Year, LazyString] = {
    Year.THIS: _("of the same year"),
    Year.PREVIOUS: _("of the year before"),
}
JUDGED: Mapping[Judged, LazyString] = {
    Judged.ROW: _("every row"),
    Judged.TABLE: _("the table as a whole"),
}
# What stands between values, with what it means and how it is written.
OPERATORS: tuple[tuple[str, LazyString, LazyString], ...] = (
    ("=", _("equals; a difference of rounding does not count"), _("a = b + c")),
    ("<>", _("does not equal"), _("a <> 0")),
    ("<= < >= >", _("at most, below, at least, above"), _("a <= b <= c")),
    ("+ - * /", _("add, subtract, multiply, divide"), _("a / b")),
    ("= true", _("yes; = false is no"), _("a = true")),
    ("between", _("lies between two values, both included"), _("a between 1 and 100")),
    ("in", _("is one of several values"), _("a in ('1', '2')")),
    ("is null", _("is not filled in"), _("a is null")),
    ("is not null", _("is filled in"), _("a is not null")),
    ("and", _("both have to hold"), _("a > 0 and b > 0")),
    ("or", _("one of both has to hold"), _("a = '1' or b > 0")),
    ("not", _("must not hold"), _("not (a = '1' and b = 0)")),
)
