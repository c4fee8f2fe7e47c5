"""Bodies of the routes with which a collection year is prepared, asked about and confirmed."""

from tests.rights.preparation import PREPARATION_BODIES
from tests.rights.receipts import RECEIPT_BODIES
from tests.rights.releases import RELEASE_BODIES
from tests.rights.requests import REQUEST_BODIES

YEAR_BODIES = {**REQUEST_BODIES, **RECEIPT_BODIES, **RELEASE_BODIES, **PREPARATION_BODIES}
