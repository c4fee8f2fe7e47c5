"""All files of the corpus."""

from tests.exchange.corpus.case import Case
from tests.exchange.corpus.cells import CELLS, SHEETS
from tests.exchange.corpus.packages import PACKAGES
from tests.exchange.corpus.tables import TABLES
from tests.exchange.corpus.texts import TEXTS

CASES: tuple[Case, ...] = (*PACKAGES, *SHEETS, *CELLS, *TEXTS, *TABLES)
