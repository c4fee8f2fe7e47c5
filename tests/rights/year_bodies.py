"""Bodies of the routes with which a collection year is prepared, asked about and confirmed."""

from tests.rights.cooperation import COOPERATION_BODIES
from tests.rights.notices import NOTICE_BODIES
from tests.rights.preparation import PREPARATION_BODIES
from tests.rights.receipts import RECEIPT_BODIES
from tests.rights.releases import RELEASE_BODIES
from tests.rights.requests import REQUEST_BODIES
from tests.rights.teachers import TEACHER_BODIES

YEAR_BODIES = {
    **REQUEST_BODIES,
    **RECEIPT_BODIES,
    **RELEASE_BODIES,
    **PREPARATION_BODIES,
    **COOPERATION_BODIES,
    **TEACHER_BODIES,
    **NOTICE_BODIES,
}
